using System.Net;
using System.Text;
using GradCamSharp.Audit.Explorer;
using GradCamSharp.Audit.Tests.Explorer;
using GradCamSharp.Web.Audits;
using GradCamSharp.Web.Hosting;
using Microsoft.AspNetCore.Builder;

namespace GradCamSharp.Web.Tests.Audits;

public sealed class AuditServerTests : IAsyncLifetime
{
    private readonly string root = Directory.CreateTempSubdirectory("audit-server").FullName;
    private WebApplication app = null!;
    private HttpClient client = null!;

    private string Folder => Path.Combine(root, "audit");

    public async ValueTask InitializeAsync()
    {
        AuditExplorer.Write(SampleAudit.Make(Path.Combine(root, "pictures")), Folder);
        app = AuditServer.Create(Binding.Create(), Folder);
        await app.StartAsync();
        client = new HttpClient { BaseAddress = WebServer.AddressOf(app), Timeout = TimeSpan.FromSeconds(60) };
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/index.html", "text/html")]
    [InlineData("/explorer/data.js", "text/javascript")]
    [InlineData("/explorer/pictures/000003.jpg", "image/jpeg")]
    [InlineData("/judged.json", "application/json")]
    public async Task Get_WhatThePageNeeds_IsSent(string path, string type)
    {
        using var response = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("/explorer/")]
    [InlineData("/explorer/nothing.js")]
    [InlineData("/explorer/..%2Findex.html")]
    [InlineData("/explorer/..%2F..%2Fpictures%2F0.png")]
    [InlineData("/explorer/%2Fetc%2Fpasswd")]
    [InlineData("/findings.json")]
    public async Task Get_AnythingElse_IsNotThere(string path)
    {
        using var response = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"judged": [{"key": "a"}]}""")]
    [InlineData("""{"judged": [{"key": "a", "kind": "split", "label": "x", "verdict": "perhaps", "pictures": []}]}""")]
    [InlineData("""{"judged": [{"key": "a", "kind": "split", "label": "x", "verdict": "fine", "pictures": [1]}]}""")]
    public async Task Put_WhatIsNoList_IsRefusedAndNothingWritten(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.PutAsync("/judged.json", content);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.False(File.Exists(Path.Combine(Folder, "judged.json")));
    }

    [Fact]
    public async Task Put_AList_IsWhatGetSendsAfterwards()
    {
        const string list = """{"format":1,"judged":[{"key":"a","kind":"split","label":"tée","verdict":"fine","pictures":["x.jpg"]}]}""";
        using var content = new StringContent(list, Encoding.UTF8, "application/json");
        using var response = await client.PutAsync("/judged.json", content);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        string kept = await client.GetStringAsync("/judged.json");
        Assert.Contains("\"label\": \"tée\"", kept, StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Folder, "judged.json")), kept);
    }

    [Fact]
    public void Create_FolderWithoutAPage_SaysSo()
    {
        var e = Assert.Throws<InvalidDataException>(() => AuditServer.Create(Binding.Create(), root));
        Assert.Contains("holds no page of an audit", e.Message, StringComparison.Ordinal);
    }
}
