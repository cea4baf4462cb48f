using System.Net.Http.Headers;
using System.Text.Json;
using GradCamSharp.Web.Hosting;
using GradCamSharp.Web.Serving;
using Microsoft.AspNetCore.Builder;

namespace GradCamSharp.Web.Tests.Serving;

/// <summary>The page's server on a real Kestrel, with the models that ship.</summary>
public sealed class ApiFixture : IAsyncLifetime
{
    private WebApplication? app;

    public WebApplication App => app!;

    public HttpClient Client { get; private set; } = null!;

    public static string ModelPath(string name) =>
        Path.Combine(SharedData.RepositoryRoot(), "src", "GradCamSharp.Cli", "Models", name + ".onnx");

    public static string SamplePath(string name) => Path.Combine(SharedData.RepositoryRoot(), "samples", name);

    public static byte[] Sample(string name = "umbrellas.jpg") => File.ReadAllBytes(SamplePath(name));

    public static ServeOptions Options(params string[] models) => new()
    {
        Models = [.. models.Select(m => new ModelSource(m, ModelPath(m), m))],
        MostPixels = 4_000_000,
        LargestBody = 4 << 20,
        // However slow the machine is, what takes long is not refused for it.
        LongTimeout = TimeSpan.FromHours(24),
    };

    public static async Task<(WebApplication App, HttpClient Client)> Start(ServeOptions options, Binding? binding = null)
    {
        binding ??= Binding.Create();
        var app = ExplainServer.Create(options, binding);
        await app.StartAsync();
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
        {
            BaseAddress = WebServer.AddressOf(app),
            Timeout = TimeSpan.FromSeconds(60),
        };
        return (app, client);
    }

    public static MultipartFormDataContent Form(byte[] picture, string field = "image", string file = "photo.jpg")
    {
        var part = new ByteArrayContent(picture);
        part.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        return new MultipartFormDataContent { { part, field, file } };
    }

    public async Task<JsonElement> Explain(string query, byte[]? picture = null)
    {
        var response = await Client.PostAsync("/api/explain" + query, Form(picture ?? Sample()));
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    public async ValueTask InitializeAsync() => (app, Client) = await Start(Options("scenes-vgg", "scenes-resnet"));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
    }
}
