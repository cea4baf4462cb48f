using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using GradCamSharp.Web.Hosting;
using GradCamSharp.Web.Studies;
using Microsoft.AspNetCore.Builder;

namespace GradCamSharp.Web.Tests.Studies;

/// <summary>A study that is served on a free port; a client without the operator's token, and one with it.</summary>
internal sealed class RunningStudy : IAsyncDisposable
{
    public const string Token = "the-operators-secret";

    private readonly AnswerStore store;
    private readonly WebApplication app;

    private RunningStudy(StudyFolder folder)
    {
        Folder = folder;
        store = folder.Open();
        app = StudyServer.Create(Binding.Create(port: 0, token: Token), folder.Path, folder.Study, store);
    }

    public StudyFolder Folder { get; }

    public Uri Address { get; private set; } = null!;

    public HttpClient Participant { get; private set; } = null!;

    public HttpClient Operator { get; private set; } = null!;

    public static async Task<RunningStudy> Start(int classes = 2, int perClass = 3)
    {
        var study = new RunningStudy(new StudyFolder(classes, perClass));
        await study.app.StartAsync();
        study.Address = WebServer.AddressOf(study.app);
        study.Participant = study.Client();
        study.Operator = study.Client();
        study.Operator.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return study;
    }

    /// <summary>Invites somebody; the key of the personal link.</summary>
    public async Task<string> Invite(string note = "")
    {
        using var response = await Operator.PostAsJsonAsync("/api/operator/invitations", new { count = 1, note });
        return (await Json(response)).GetProperty("links")[0].GetString()!["/p/".Length..];
    }

    public async Task<JsonElement> State(string key) => await Json(await Participant.GetAsync($"/api/participants/{key}"));

    public Task<HttpResponseMessage> Consent(string key) => Participant.PostAsJsonAsync($"/api/participants/{key}/consent", new { });

    public Task<HttpResponseMessage> Answer(string key, int position, string choice, long milliseconds = 1500) =>
        Participant.PostAsJsonAsync($"/api/participants/{key}/answers", new { position, choice, milliseconds });

    public Task<HttpResponseMessage> Undo(string key, int position) => Participant.PostAsJsonAsync($"/api/participants/{key}/undo",
        new { position });

    public Task<HttpResponseMessage> Picture(string key, int position, string side) =>
        Participant.GetAsync($"/api/participants/{key}/pictures/{position}/{side}.png");

    public static async Task<JsonElement> Json(HttpResponseMessage response)
    {
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        Participant.Dispose();
        Operator.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        store.Dispose();
        Folder.Dispose();
    }

    private HttpClient Client() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
    {
        BaseAddress = Address,
        Timeout = TimeSpan.FromSeconds(30),
    };
}
