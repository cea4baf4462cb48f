using System.Text.Json;
using GradCamSharp.Web.Serving;
using Microsoft.AspNetCore.Builder;

namespace GradCamSharp.Web.Tests.Serving;

/// <summary>A server of models whose targets are explained: those of the shared test data, or none where these are absent.</summary>
public sealed class TargetsFixture : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("gradcam-targets-").FullName;
    private WebApplication? app;
    private HttpClient? client;

    /// <summary>The models by name, each a folder of the shared test data.</summary>
    public static IReadOnlyDictionary<string, string> Models { get; } = new Dictionary<string, string>
    {
        ["detector"] = "targets/models/picodet_s_320",
        ["instances"] = "targets/cases/yolov8_seg",
        ["segmenter"] = "targets/cases/segmentation",
        ["points"] = "targets/cases/keypoints",
        ["depth"] = "targets/cases/depth",
        ["vectors"] = "targets/cases/embedding",
        ["video"] = "targets/cases/video",
    };

    /// <summary>The server. Skips the test where the models are absent.</summary>
    public WebApplication App
    {
        get
        {
            SharedData.Path(Models["detector"]);
            return app!;
        }
    }

    /// <summary>A client of it. Skips the test where the models are absent.</summary>
    public HttpClient Client
    {
        get
        {
            SharedData.Path(Models["detector"]);
            return client!;
        }
    }

    /// <summary>A model's file.</summary>
    public static string PathOf(string model) => Path.Combine(SharedData.Path(Models[model]), "model.onnx");

    /// <summary>A file of one of the <see cref="TextModels"/>.</summary>
    public string TextModel(string name) => TextModels.Write(folder).Single(m => m.Name == name).Path;

    /// <summary>A photo of a dog and a cat.</summary>
    public static string Photo => SharedData.Path("photos/demo/both.png");

    /// <summary>The options of a server of all of them; null where they are absent.</summary>
    private ServeOptions? Options => Models.Values.All(m => SharedData.Find(m) is not null)
        ? ApiFixture.Options() with
        {
            Models = [.. Models.Keys.Select(m => new ModelSource(m, PathOf(m), m + ".onnx")), .. TextModels.Write(folder)],
            Texts = ["red", "a blue"],
        }
        : null;

    /// <summary>Posts the photo.</summary>
    public async Task<JsonElement> Post(string path)
    {
        var response = await Client.PostAsync(path, ApiFixture.Form(await File.ReadAllBytesAsync(Photo)));
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Has a picture kept.</summary>
    /// <returns>Its handle.</returns>
    public async Task<string> Keep(byte[] picture)
    {
        var response = await Client.PostAsync("/api/pictures", ApiFixture.Form(picture));
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("picture").GetString()!;
    }

    public async ValueTask InitializeAsync()
    {
        if (Options is { } options)
            (app, client) = await ApiFixture.Start(options);
    }

    public async ValueTask DisposeAsync()
    {
        client?.Dispose();
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }
}
