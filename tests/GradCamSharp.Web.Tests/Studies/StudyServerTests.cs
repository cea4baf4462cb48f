using System.Net;
using System.Net.Http.Json;
using System.Text;
using GradCamSharp.Studies;
using GradCamSharp.Web.Hosting;
using GradCamSharp.Web.Studies;

namespace GradCamSharp.Web.Tests.Studies;

public sealed class StudyServerTests
{
    [Fact]
    public async Task Participant_BeforeConsent_SeesNoPictureAndGivesNoAnswer()
    {
        await using var study = await RunningStudy.Start();
        string key = await study.Invite();
        var state = await study.State(key);
        Assert.False(state.GetProperty("consented").GetBoolean());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, state.GetProperty("task").ValueKind);
        Assert.Equal(HttpStatusCode.Forbidden, (await study.Picture(key, 0, "left")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await study.Answer(key, 0, "left")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await study.Undo(key, 0)).StatusCode);
        Assert.True((await RunningStudy.Json(await study.Consent(key))).GetProperty("consented").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, (await study.Picture(key, 0, "left")).StatusCode);
    }

    [Fact]
    public async Task Participant_Pictures_AreThoseOfTheirOwnSides()
    {
        await using var study = await RunningStudy.Start();
        await study.Invite();
        string key = await study.Invite();
        await study.Consent(key);
        var tasks = StudyAssignment.For(study.Folder.Study, 2);
        for (int i = 0; i < tasks.Count; i++)
        {
            var (picture, isALeft) = (tasks[i].Picture, tasks[i].IsALeft);
            Assert.Equal(study.Folder.Bytes(picture.Original), await (await study.Picture(key, i, "original"))
                .Content.ReadAsByteArrayAsync());
            Assert.Equal(study.Folder.Bytes(isALeft ? picture.MapA : picture.MapB), await (await study.Picture(key, i, "left"))
                .Content.ReadAsByteArrayAsync());
            Assert.Equal(study.Folder.Bytes(isALeft ? picture.MapB : picture.MapA), await (await study.Picture(key, i, "right"))
                .Content.ReadAsByteArrayAsync());
            Assert.Equal(picture.Class, (await study.State(key)).GetProperty("task").GetProperty("class").GetString());
            await study.Answer(key, i, "same");
        }
    }

    [Fact]
    public async Task Participant_NothingThatIsSent_TellsTheMethods()
    {
        await using var study = await RunningStudy.Start();
        string key = await study.Invite();
        await study.Consent(key);
        using var picture = await study.Picture(key, 0, "left");
        string sent = (await study.State(key)).GetRawText() + picture.Headers + picture.Content.Headers
            + await (await study.Answer(key, 0, "left")).Content.ReadAsStringAsync() + await study.Participant.GetStringAsync($"/p/{key}")
            + await study.Participant.GetStringAsync("/study/participant.js");
        Assert.DoesNotContain("gradcam", sent, StringComparison.OrdinalIgnoreCase);
        foreach (var file in study.Folder.Study.Pictures.SelectMany(p => (string[])[p.Original, p.MapA, p.MapB, p.Source]))
            Assert.DoesNotContain(file, sent, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Participant_LaterPictures_AreNotToBeLeafedThrough()
    {
        await using var study = await RunningStudy.Start();
        string key = await study.Invite();
        await study.Consent(key);
        Assert.Equal(HttpStatusCode.OK, (await study.Picture(key, 1, "right")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await study.Picture(key, 2, "right")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await study.Picture(key, -1, "right")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await study.Picture(key, 0, "gradcam")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await study.Picture(key, 0, "..%2F..%2Fstudy")).StatusCode);
    }

    [Fact]
    public async Task Participant_AnswersAndUndo_LeadThroughTheStudy()
    {
        await using var study = await RunningStudy.Start();
        string key = await study.Invite();
        await study.Consent(key);
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(HttpStatusCode.Conflict, (await study.Answer(key, i + 1, "left")).StatusCode);
            Assert.Equal(i + 1, (await RunningStudy.Json(await study.Answer(key, i, "right"))).GetProperty("answered").GetInt32());
        }

        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await study.State(key)).GetProperty("task").ValueKind);
        Assert.Equal(5, (await RunningStudy.Json(await study.Undo(key, 5))).GetProperty("task").GetProperty("position").GetInt32());
        Assert.Equal(6, (await RunningStudy.Json(await study.Answer(key, 5, "left"))).GetProperty("answered").GetInt32());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"position\":0}")]
    [InlineData("{\"position\":0,\"choice\":null,\"milliseconds\":1}")]
    [InlineData("{\"position\":0,\"choice\":\"A\",\"milliseconds\":1}")]
    [InlineData("{\"position\":0,\"choice\":\"left\",\"milliseconds\":-1}")]
    [InlineData("{\"position\":0,\"choice\":\"left\",\"milliseconds\":86400001}")]
    [InlineData("{\"position\":\"0\",\"choice\":\"left\",\"milliseconds\":1e99}")]
    public async Task Answer_AMalformedBody_IsRefusedWithAReason(string body)
    {
        await using var study = await RunningStudy.Start();
        string key = await study.Invite();
        await study.Consent(key);
        using var response = await study.Participant.PostAsync($"/api/participants/{key}/answers", new StringContent(body, Encoding.UTF8,
            "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(0, (await study.State(key)).GetProperty("answered").GetInt32());
    }

    [Fact]
    public async Task Answer_ABodyThatIsTooLong_IsRefused()
    {
        await using var study = await RunningStudy.Start();
        string key = await study.Invite();
        await study.Consent(key);
        using var response = await study.Participant.PostAsync($"/api/participants/{key}/answers",
            new StringContent(new string(' ', 5000)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Operator_NoSuchAddress_IsToldWhereThePageIs()
    {
        await using var study = await RunningStudy.Start();
        using var response = await study.Operator.GetAsync("/openapi.json");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("page is /operator", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Participant_AnUnknownLink_IsNotFound()
    {
        await using var study = await RunningStudy.Start();
        foreach (string key in (string[])["0", new string('0', 32), "P001", "%27%20OR%201=1"])
            Assert.Equal(HttpStatusCode.NotFound, (await study.Participant.GetAsync($"/api/participants/{key}")).StatusCode);
    }

    [Fact]
    public async Task Operator_WithoutTheToken_IsRefused()
    {
        await using var study = await RunningStudy.Start();
        string key = await study.Invite();
        foreach (string path in (string[])["/operator", "/api/operator/progress", "/api/operator/answers.csv", $"/operator?token={key}"])
            Assert.Equal(HttpStatusCode.Unauthorized, (await study.Participant.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await study.Participant.PostAsJsonAsync("/api/operator/invitations", new { count = 1 }))
            .StatusCode);
        foreach (string path in (string[])["/", $"/p/{key}", "/healthz", "/study/study.css"])
            Assert.Equal(HttpStatusCode.OK, (await study.Participant.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task Operator_Progress_ShowsEverybody()
    {
        await using var study = await RunningStudy.Start();
        string key = await study.Invite("course of November");
        await study.Invite();
        await study.Consent(key);
        await study.Answer(key, 0, "left", 3000);
        await study.Answer(key, 1, "left", 2000);
        var progress = await RunningStudy.Json(await study.Operator.GetAsync("/api/operator/progress"));
        Assert.Equal(6, progress.GetProperty("pictures").GetInt32());
        var people = progress.GetProperty("participants");
        Assert.Equal(2, people.GetArrayLength());
        Assert.Equal("course of November", people[0].GetProperty("note").GetString());
        Assert.Equal($"/p/{key}", people[0].GetProperty("link").GetString());
        Assert.Equal(2, people[0].GetProperty("answered").GetInt32());
        Assert.Equal(2.5, people[0].GetProperty("medianSeconds").GetDouble());
        Assert.Equal(0, people[1].GetProperty("answered").GetInt32());
    }

    [Fact]
    public async Task Operator_Export_HasTheAnswersAndNoLinks()
    {
        await using var study = await RunningStudy.Start();
        string key = await study.Invite("a note");
        await study.Consent(key);
        await study.Answer(key, 0, "left");
        using var response = await study.Operator.GetAsync("/api/operator/answers.csv");
        string csv = await response.Content.ReadAsStringAsync();
        Assert.Equal("text/csv", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(2, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.DoesNotContain(key, csv, StringComparison.Ordinal);
        Assert.DoesNotContain("a note", csv, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(201, "")]
    [InlineData(1, "two\nlines")]
    public async Task Operator_AnImpossibleInvitation_IsRefused(int count, string note)
    {
        await using var study = await RunningStudy.Start();
        Assert.Equal(HttpStatusCode.BadRequest, (await study.Operator.PostAsJsonAsync("/api/operator/invitations", new { count, note }))
            .StatusCode);
    }

    [Fact]
    public void Create_AMissingPicture_IsSaidAtTheStart()
    {
        using var folder = new StudyFolder();
        string name = folder.Study.Pictures[3].MapB;
        File.Delete(Path.Combine(folder.Path, Study.PicturesFolder, name));
        using var store = folder.Open();
        var error = Assert.Throws<InvalidDataException>(() => StudyServer.Create(Binding.Create(token: RunningStudy.Token), folder.Path,
            folder.Study, store));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_WithoutAToken_IsRefused()
    {
        using var folder = new StudyFolder();
        using var store = folder.Open();
        Assert.Throws<ArgumentException>(() => StudyServer.Create(Binding.Create(), folder.Path, folder.Study, store));
    }
}
