using System.Text.Json;
using GradCamSharp.Web.Hosting;
using Microsoft.AspNetCore.Builder;

namespace GradCamSharp.Web.Tests.Hosting;

/// <summary>A real Kestrel on a free port, and a client that follows no redirects and keeps no cookies.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private RunningServer(WebApplication app)
    {
        this.app = app;
        Address = WebServer.AddressOf(app);
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
        {
            BaseAddress = Address,
            Timeout = TimeSpan.FromSeconds(30),
        };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public static async Task<RunningServer> Start(Binding binding, Action<WebApplication> map, long largestBody = 1000)
    {
        var app = WebServer.Build(WebServer.CreateBuilder(binding, largestBody), binding, "Look elsewhere.");
        map(app);
        await app.StartAsync();
        return new RunningServer(app);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }

    /// <summary>The reason in a problem document, after checks of its form.</summary>
    public static async Task<string> Reason(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal((int)response.StatusCode, problem.GetProperty("status").GetInt32());
        Assert.NotEqual("", problem.GetProperty("title").GetString());
        return problem.GetProperty("detail").GetString()!;
    }
}
