using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GradCamSharp.Web.Tests.Hosting;

namespace GradCamSharp.Web.Tests.Serving;

public sealed class CompareEndpointTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Compare_KeptPictures_AnswersTheTableAndTheSentences()
    {
        string[] handles = [await Keep(), await Keep()];
        var before = Temporary();
        // It takes as long as the machine needs.
        using var patient = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = api.Client.BaseAddress,
            Timeout = TimeSpan.FromMinutes(10),
        };
        using var response = await patient.PostAsJsonAsync(
            "/api/compare", new { model = "scenes-resnet", pictures = handles, methods = (string[])["gradcam", "gradcam++"] });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(2, json.GetProperty("pictures").GetInt32());
        Assert.Equal(["gradcam", "gradcam++", "centre", "random"],
            json.GetProperty("candidates").EnumerateArray().Select(c => c.GetProperty("name").GetString()));
        Assert.NotEmpty(json.GetProperty("headline").GetString()!);
        Assert.StartsWith("What this does not say", json.GetProperty("limits").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("--", json.GetProperty("headline").GetString()!, StringComparison.Ordinal);
        Assert.Empty(Temporary().Except(before));
    }

    [Theory]
    [InlineData("""{"pictures":["00000000000000000000000000000000"]}""", HttpStatusCode.BadRequest, "name 2 to 200")]
    [InlineData("""{"pictures":["a","b"],"methods":["rise"]}""", HttpStatusCode.BadRequest, "run the network once")]
    [InlineData("""{"pictures":["a","b"],"methods":["gradcan"]}""", HttpStatusCode.BadRequest, "gradcam")]
    [InlineData("""{"pictures":["a","b"],"methods":["gradcam"]}""", HttpStatusCode.Gone, "Send it again")]
    [InlineData("""{"model":"none","pictures":["a","b"]}""", HttpStatusCode.NotFound, "No such model")]
    public async Task Compare_WrongRequest_IsRefusedWithTheReason(string body, HttpStatusCode status, string reason)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await api.Client.PostAsync("/api/compare", content);
        Assert.Equal(status, response.StatusCode);
        Assert.Contains(reason, await RunningServer.Reason(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_Compare_IsServed()
    {
        string page = await api.Client.GetStringAsync("/compare");
        Assert.Contains("Which map should I believe?", page, StringComparison.Ordinal);
        Assert.Contains("export const compare", await api.Client.GetStringAsync("/page/api.js"), StringComparison.Ordinal);
    }

    private static string[] Temporary() => Directory.GetDirectories(Path.GetTempPath(), "gradcam-compare-*");

    private async Task<string> Keep()
    {
        using var response = await api.Client.PostAsync("/api/pictures", ApiFixture.Form(ApiFixture.Sample()));
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("picture").GetString()!;
    }
}
