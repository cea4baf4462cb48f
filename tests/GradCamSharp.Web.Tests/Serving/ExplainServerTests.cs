using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using GradCamSharp.Web.Hosting;
using GradCamSharp.Web.Serving;
using GradCamSharp.Web.Tests.Hosting;
using Microsoft.AspNetCore.Routing;

namespace GradCamSharp.Web.Tests.Serving;

public sealed class ExplainServerTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly JsonSerializerOptions Strict = new(LayersDocument.Json)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    [Fact]
    public async Task Explain_SeveralMethodsAndClasses_IsWhatTheLibrarySays()
    {
        var methods = CamMethods.Parse("gradcam++,guided-backprop");
        using var explainer = PictureExplainer.Load(ApiFixture.ModelPath("scenes-resnet"));
        var expected = explainer.Explain(PictureDecoder.Decode(ApiFixture.SamplePath("umbrellas.jpg")), methods, ClassRequest.Top(2));

        var actual = await api.Explain("?model=scenes-resnet&method=gradcam%2B%2B,guided-backprop&class=top2&maps=float32");
        Assert.Equal("scenes-resnet", actual.GetProperty("model").GetString());
        Assert.Equal(explainer.Model.Layer.Name, actual.GetProperty("layer").GetProperty("name").GetString());
        var result = actual.GetProperty("results")[0];
        var predictions = result.GetProperty("predictions").EnumerateArray().Select(p =>
            (p.GetProperty("index").GetInt64(), p.GetProperty("label").GetString()!, p.GetProperty("probability").GetSingle()));
        Assert.Equal(expected.Predictions.Select(p => (p.Index, p.Label, p.Probability)), predictions);
        var explanations = result.GetProperty("explanations").EnumerateArray().ToList();
        Assert.Equal(4, explanations.Count);
        foreach (var (one, other) in expected.Explanations.Zip(explanations))
        {
            Assert.Equal(one.Method.Name, other.GetProperty("method").GetString());
            Assert.Equal(one.Class, other.GetProperty("class").GetProperty("index").GetInt64());
            Assert.Equal(one.Shape.ToArray(), Numbers(other.GetProperty("shape")));
            Assert.Equal(one.HeatMap.LargestPart(), Box(other.GetProperty("box")));
            float[] map = MemoryMarshal.Cast<byte, float>(other.GetProperty("map").GetProperty("data").GetBytesFromBase64()).ToArray();
            float[] raw = one.Raw.ToArray();
            Assert.Equal(raw, map, (e, a) => Math.Abs(e - a) <= 1e-5f * raw.Max());
        }
    }

    [Fact]
    public async Task Explain_Overlay_IsTheFileThatTheCommandLineWrites()
    {
        using var explainer = PictureExplainer.Load(ApiFixture.ModelPath("scenes-vgg"));
        var picture = PictureDecoder.Decode(ApiFixture.SamplePath("umbrellas.jpg"));
        var expected = Rendering.Overlay(picture, explainer.Explain(picture).Explanations[0].HeatMap, ColorMap.Viridis, 0.5f);
        var json = await api.Explain("?maps=overlay&colormap=viridis&opacity=0.5");
        byte[] png = json.GetProperty("results")[0].GetProperty("explanations")[0].GetProperty("png").GetBytesFromBase64();
        var actual = PictureDecoder.Decode(new MemoryStream(png), "overlay");
        Assert.Equal(expected.Size, actual.Size);
        Assert.True(expected.Pixels.SequenceEqual(actual.Pixels));
    }

    [Fact]
    public async Task Explain_LayerOfARequest_IsTheOneExplained()
    {
        var layers = JsonDocument.Parse(await api.Client.GetStringAsync("/api/layers?model=scenes-vgg")).RootElement.GetProperty("layers");
        var layer = layers[5];
        var json = await api.Explain($"?layer={Uri.EscapeDataString(layer.GetProperty("name").GetString()!)}&class=umbrella");
        Assert.Equal(layer.GetProperty("name").GetString(), json.GetProperty("layer").GetProperty("name").GetString());
        var explanation = json.GetProperty("results")[0].GetProperty("explanations")[0];
        Assert.Equal(Numbers(layer.GetProperty("map")), Numbers(explanation.GetProperty("shape")));
        Assert.Equal("umbrella", explanation.GetProperty("class").GetProperty("label").GetString());
        Assert.False(explanation.TryGetProperty("map", out _));
    }

    [Theory]
    [InlineData("?method=magic", 400, "gradcam++")]
    [InlineData("?method=", 200, "")]
    [InlineData("?method=,", 400, "no method")]
    [InlineData("?class=unicorn", 400, "nearest")]
    [InlineData("?class=12", 400, "0 to 11")]
    [InlineData("?class=top13", 400, "12 classes")]
    [InlineData("?layer=nothing", 400, "nearest names")]
    [InlineData("?model=../../etc/passwd", 404, "scenes-vgg, scenes-resnet")]
    [InlineData("?model=src/GradCamSharp.Cli/Models/scenes-vgg.onnx", 404, "scenes-vgg")]
    [InlineData("?maps=1", 400, "float32")]
    [InlineData("?opacity=NaN", 400, "0 to 1")]
    [InlineData("?colormap=pink", 400, "turbo")]
    [InlineData("?colour=red", 400, "no parameter 'colour'")]
    [InlineData("?method=gradcam&method=cam", 400, "twice")]
    public async Task Explain_Query_IsCheckedWithAReason(string query, int status, string reason)
    {
        var response = await api.Client.PostAsync("/api/explain" + query, ApiFixture.Form(ApiFixture.Sample()));
        Assert.Equal(status, (int)response.StatusCode);
        if (status != 200)
            Assert.Contains(reason, await RunningServer.Reason(response));
    }

    [Fact]
    public async Task Explain_MethodThatDoesNotApply_SaysWhy()
    {
        var layers = JsonDocument.Parse(await api.Client.GetStringAsync("/api/layers")).RootElement.GetProperty("layers");
        string first = Uri.EscapeDataString(layers[0].GetProperty("name").GetString()!);
        var response = await api.Client.PostAsync($"/api/explain?method=cam&layer={first}", ApiFixture.Form(ApiFixture.Sample()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains("CAM is defined only", await RunningServer.Reason(response));
    }

    [Fact]
    public async Task Models_DescribeWhatIsServed()
    {
        var json = JsonDocument.Parse(await api.Client.GetStringAsync("/api/models")).RootElement;
        var models = json.GetProperty("models").EnumerateArray();
        Assert.Equal(["scenes-vgg", "scenes-resnet"], models.Select(m => m.GetProperty("name").GetString()));
        Assert.Equal(12, json.GetProperty("models")[0].GetProperty("labels").GetArrayLength());
        var methods = json.GetProperty("methods").EnumerateArray();
        Assert.Equal(CamMethods.All.Select(m => m.Name), methods.Select(m => m.GetProperty("name").GetString()));
        Assert.DoesNotContain(SharedData.RepositoryRoot(), json.GetRawText());
    }

    [Fact]
    public async Task Layers_HaveOneDefault()
    {
        var json = JsonDocument.Parse(await api.Client.GetStringAsync("/api/layers?model=scenes-resnet")).RootElement;
        var chosen = Assert.Single(json.GetProperty("layers").EnumerateArray(), l => l.GetProperty("default").GetBoolean());
        Assert.Equal(json.GetProperty("layer").GetProperty("name").GetString(), chosen.GetProperty("name").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await api.Client.GetAsync("/api/layers?model=other")).StatusCode);
    }

    [Fact]
    public async Task Layers_AreTheDocumentOfTheCommandLine()
    {
        using var explainer = Explainer.Load(ApiFixture.ModelPath("scenes-resnet"));
        string expected = LayersDocument.Of("scenes-resnet", ModelLayers.Of(explainer)).ToJson().ToJsonString();
        var actual = JsonNode.Parse(await api.Client.GetStringAsync("/api/layers?model=scenes-resnet"))!;
        Assert.Equal(expected, actual.ToJsonString());
    }

    [Fact]
    public async Task Serve_LayerPreprocessingAndLabelsOfTheStart_HoldWhereARequestNamesNone()
    {
        string labels = Path.GetTempFileName();
        await File.WriteAllLinesAsync(labels, Enumerable.Range(0, 12).Select(i => $"thing {i}"));
        using var explainer = Explainer.Load(ApiFixture.ModelPath("scenes-vgg"));
        string layer = explainer.FindLayers()[3].Name;
        var options = ApiFixture.Options("scenes-vgg") with
        {
            Explainer = new ExplainerOptions { Layer = layer },
            Preprocess = "caffe",
            Labels = labels,
        };
        var (app, client) = await ApiFixture.Start(options);
        await using var _ = app;
        using var response = await client.PostAsync("/api/explain", ApiFixture.Form(ApiFixture.Sample()));
        var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(layer, json.GetProperty("layer").GetProperty("name").GetString());
        using var expected = PictureExplainer.Load(
            ApiFixture.ModelPath("scenes-vgg"), new ExplainerOptions { Layer = layer }, "caffe", labels);
        var top = expected.Explain(PictureDecoder.Decode(ApiFixture.SamplePath("umbrellas.jpg"))).Predictions[0];
        var predicted = json.GetProperty("results")[0].GetProperty("predictions")[0];
        Assert.Equal(top.Label, predicted.GetProperty("label").GetString());
        Assert.Equal(top.Score, predicted.GetProperty("score").GetSingle(), 1e-4f);
        File.Delete(labels);
    }

    [Fact]
    public async Task Metrics_CountRunsAndRequestsInPrometheusText()
    {
        await api.Explain("");
        var response = await api.Client.GetAsync("/metrics");
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        string text = await response.Content.ReadAsStringAsync();
        Assert.Matches(@"gradcam_run_duration_seconds_count\{[^}]*model=""scenes-vgg""[^}]*\} [1-9]", text);
        Assert.Contains("gradcam_queue_requests", text);
        Assert.Contains("http_server_request_duration_seconds_bucket", text);
    }

    [Fact]
    public async Task OpenApi_DescribesEveryEndpointMethodAndParameter()
    {
        var document = JsonDocument.Parse(await api.Client.GetStringAsync("/openapi.json")).RootElement;
        var paths = document.GetProperty("paths");
        var routes = ((IEndpointRouteBuilder)api.App).DataSources
            .SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().Select(e => e.RoutePattern.RawText!)
            .Where(r => r.StartsWith("/api/", StringComparison.Ordinal) || r is "/healthz");
        Assert.Equal(routes.Distinct().Order(), paths.EnumerateObject().Select(p => p.Name).Order());
        var parameters = paths.GetProperty("/api/explain").GetProperty("post").GetProperty("parameters")
            .EnumerateArray().ToDictionary(p => p.GetProperty("name").GetString()!);
        Assert.Equal(
            ["class", "colormap", "layer", "maps", "method", "model", "opacity", "picture", "run", "set", "target", "text"],
            parameters.Keys.Order());
        string description = parameters["method"].GetProperty("description").GetString()!;
        Assert.All(CamMethods.All, m => Assert.Contains(m.Name, description));
        Assert.All(ColorMap.All, m => Assert.Contains(m.Name, parameters["colormap"].GetRawText()));
    }

    [Theory]
    [InlineData("?maps=float32&class=top2")]
    [InlineData("?maps=png")]
    public async Task OpenApi_ShapeOfAnExplanation_IsThatOfTheAnswer(string query)
    {
        var answer = (await api.Explain(query)).Deserialize<ExplainedSchema>(Strict)!;
        Assert.NotEmpty(answer.Results[0].Explanations);

        var document = JsonDocument.Parse(await api.Client.GetStringAsync("/openapi.json")).RootElement;
        string schema = document.GetProperty("paths").GetProperty("/api/explain").GetProperty("post")
            .GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json")
            .GetProperty("schema").GetProperty("$ref").GetString()!;
        Assert.Equal("#/components/schemas/ExplainedSchema", schema);
        var box = document.GetProperty("components").GetProperty("schemas").GetProperty("ExplanationSchema")
            .GetProperty("properties").GetProperty("box");
        Assert.Contains("largest connected part", box.GetProperty("description").GetString());
    }

    [Fact]
    public async Task Token_IsAskedForEveryCallButTheSignOfLife()
    {
        const string token = "secret-of-the-test";
        var (app, client) = await ApiFixture.Start(ApiFixture.Options("scenes-vgg"), Binding.Create(token: token));
        await using var _ = app;
        string[] closed = ["/", "/api/models", "/api/layers", "/metrics", "/openapi.json", "/page/page.css", "/samples/umbrellas.jpg"];
        foreach (string path in closed)
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(path)).StatusCode);
        var posted = await client.PostAsync("/api/explain", ApiFixture.Form(ApiFixture.Sample()));
        Assert.Equal(HttpStatusCode.Unauthorized, posted.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/healthz")).StatusCode);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("/api/explain", ApiFixture.Form(ApiFixture.Sample()))).StatusCode);
    }

    private static long[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(n => n.GetInt64())];

    private static PixelBox? Box(JsonElement json) => json.ValueKind == JsonValueKind.Null ? null
        : new PixelBox(json[0].GetInt32(), json[1].GetInt32(), json[2].GetInt32(), json[3].GetInt32());
}
