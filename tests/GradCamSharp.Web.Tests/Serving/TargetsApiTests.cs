using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using GradCamSharp.Imaging;
using GradCamSharp.Targets;
using GradCamSharp.Web.Serving;
using GradCamSharp.Web.Tests.Hosting;

namespace GradCamSharp.Web.Tests.Serving;

/// <summary>Targets of detectors, segmenters and embeddings by HTTP.</summary>
public sealed partial class TargetsApiTests(TargetsFixture api) : IClassFixture<TargetsFixture>
{
    private static readonly JsonSerializerOptions Strict = new(LayersDocument.Json)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    [Fact]
    public async Task Models_SayWhatTheyDoAndWhatTheyExplain()
    {
        var json = JsonDocument.Parse(await api.Client.GetStringAsync("/api/models")).RootElement.GetProperty("models");
        var models = json.EnumerateArray().ToDictionary(m => m.GetProperty("name").GetString()!, m => (
            m.GetProperty("task").GetString(), m.GetProperty("target").GetString(), m.GetProperty("method").GetString()));
        Assert.Equal(("detect", "box:0", "hirescam"), models["detector"]);
        Assert.Equal(("segment", "class:top1@mask", "hirescam"), models["segmenter"]);
        Assert.Equal(("embed", null, "gradcam++"), models["vectors"]);
        Assert.DoesNotContain("/targets/", json.GetRawText());
    }

    [Fact]
    public async Task Describe_Detector_IsWhatTheLibraryDecodes()
    {
        var described = (await api.Post("/api/describe?model=detector")).Deserialize<DescribedSchema>(Strict)!;
        using var model = PictureTargets.Load(TargetsFixture.PathOf("detector"));
        var expected = model.Read(PictureDecoder.Decode(TargetsFixture.Photo));
        Assert.Equal("detect", described.Task);
        Assert.NotEmpty(expected.Detections);
        Assert.Equal(expected.Detections.Select(d => d.Label), described.Detections.Select(d => d.Label));
        Assert.Equal(
            expected.Detections.SelectMany(d => (double[])[d.Box.X1, d.Box.Y1, d.Box.X2, d.Box.Y2]),
            described.Detections.SelectMany(d => d.Box), (e, a) => Math.Abs(e - a) < 0.01);
        Assert.Equal([224, 224], described.Geometry.Original);
    }

    [Fact]
    public async Task Describe_Segmenter_MasksAreThePixelsOfTheirClass()
    {
        var described = (await api.Post("/api/describe?model=segmenter")).Deserialize<DescribedSchema>(Strict)!;
        Assert.NotEmpty(described.Masks);
        foreach (var mask in described.Masks)
            Assert.Equal(mask.Size[0] * mask.Size[1], mask.Counts.Sum());

        // The first cell inside the largest mask: the model gives its pixel that class.
        var largest = described.Masks[0];
        int cell = largest.Counts[0], x = cell % largest.Size[0], y = cell / largest.Size[0];
        var pixel = await api.Post($"/api/explain?model=segmenter&target=pixel:{x},{y}");
        long @class = pixel.GetProperty("results")[0].GetProperty("explanations")[0].GetProperty("class").GetProperty("index").GetInt64();
        Assert.Equal($"class:{@class}@mask", largest.Target);
    }

    [Fact]
    public async Task Describe_Instances_EachHasItsMaskInsideItsBox()
    {
        var described = (await api.Post("/api/describe?model=instances")).Deserialize<DescribedSchema>(Strict)!;
        Assert.NotEmpty(described.Masks);
        foreach (var mask in described.Masks.Where(m => m.Counts.Count > 1))
        {
            var found = described.Detections.Single(d => $"box:{d.Index}.mask" == mask.Target);
            int first = mask.Counts[0];
            Assert.InRange((first / mask.Size[0]) + 1, found.Box[1] - 8, found.Box[3] + 8);
        }
    }

    [Fact]
    public async Task Describe_KeyPoints_LieInThePicture()
    {
        var described = (await api.Post("/api/describe?model=points")).Deserialize<DescribedSchema>(Strict)!;
        Assert.Equal(["keypoint:0", "keypoint:1", "keypoint:2", "keypoint:3"], described.Keypoints.Select(k => k.Target));
        Assert.All(described.Keypoints, k => Assert.True(k.X is >= 0 and <= 224 && k.Y is >= 0 and <= 224));
    }

    [Fact]
    public async Task Explain_TargetsOfADetector_AreWhatTheLibrarySays()
    {
        using var model = PictureTargets.Load(TargetsFixture.PathOf("detector"));
        var picture = PictureDecoder.Decode(TargetsFixture.Photo);
        var expected = model.Explain(picture, [], Target.Parse("box:dog, box:cat.x1"));
        var answer = await api.Post("/api/explain?model=detector&target=box:dog&target=box:cat.x1&maps=float32");
        var explanations = answer.Deserialize<ExplainedSchema>(Strict)!.Results[0].Explanations;
        Assert.Equal(2, explanations.Count);
        foreach (var ((explanation, heatMap, _), actual) in expected.Explanations.Zip(explanations))
        {
            Assert.Equal("hirescam", actual.Method);
            Assert.Equal(explanation.Target.Spec, actual.Target!.Spec);
            Assert.Equal(explanation.Score, actual.Target.Value, 1e-3);
            Assert.Equal(explanation.Words, actual.Target.Words);
            Assert.Equal(explanation.Layers[0].Name, actual.Layer);
            float[] map = [.. MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(actual.Map!.Data))];
            float[] raw = explanation.Raw.ToArray();
            Assert.Equal(raw, map, (e, a) => Math.Abs(e - a) <= 1e-4f * raw.Max(Math.Abs));
        }
    }

    [Fact]
    public async Task Explain_LayerOfARequest_IsTheOneExplained()
    {
        var layers = JsonDocument.Parse(await api.Client.GetStringAsync("/api/layers?model=detector")).RootElement.GetProperty("layers");
        string other = layers.EnumerateArray().First(l => !l.GetProperty("default").GetBoolean()).GetProperty("name").GetString()!;
        var answer = await api.Post($"/api/explain?model=detector&layer={Uri.EscapeDataString(other)}");
        Assert.Equal(other, answer.GetProperty("results")[0].GetProperty("explanations")[0].GetProperty("layer").GetString());
    }

    [Theory]
    [InlineData("detector", "target=nonsense", 400, "is no target")]
    [InlineData("detector", "target=box:99", 422, "box:0 to box:")]
    [InlineData("detector", "target=box:unicorn", 422, "nearest")]
    [InlineData("detector", "target=mask:0", 422, "Its targets are box:0")]
    [InlineData("detector", "target=box:0&class=1", 400, "class=C is short for target=class:C")]
    [InlineData("detector", "target=box:0&method=scorecam", 422, "changes")]
    [InlineData("vectors", "", 422, "similarity:")]
    [InlineData("vectors", "target=similarity:/etc/passwd", 400, "reads no files")]
    [InlineData("vectors", "target=similarity:vector.npy", 400, "reads no files")]
    [InlineData("vectors", "target=similarity:0123456789abcdef0123456789abcdef", 410, "Send it again")]
    [InlineData("detector", "method=rise&set=rise.masks=200000", 400, "at most 20000")]
    [InlineData("detector", "method=rise&set=lime.cells=3x3", 400, "does not name")]
    [InlineData("detector", "method=hirescam&set=masks", 400, "METHOD.NAME=VALUE")]
    [InlineData("detector", "run=short", 400, "16 to 64")]
    public async Task Explain_WhatCannotBe_SaysTheWayOut(string model, string query, int status, string reason)
    {
        var photo = ApiFixture.Form(await File.ReadAllBytesAsync(TargetsFixture.Photo));
        var response = await api.Client.PostAsync($"/api/explain?model={model}&{query}", photo);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(reason, await RunningServer.Reason(response));
    }

    [Fact]
    public async Task Similarity_OfTwoKeptPictures_IsExplainedForBothAndDescribed()
    {
        string one = await api.Keep(ApiFixture.Sample("umbrellas.jpg")), other = await api.Keep(ApiFixture.Sample("birds-and-fish.jpg"));
        var described = await Post($"/api/describe?model=vectors&picture={one}&other={other}");
        double expected = described.GetProperty("similarity").GetDouble();
        foreach (var (picture, with) in ((string, string)[])[(one, other), (other, one)])
        {
            var answer = await Post($"/api/explain?model=vectors&picture={picture}&target=similarity:{with}");
            var target = answer.GetProperty("results")[0].GetProperty("explanations")[0].GetProperty("target");
            Assert.Equal(expected, target.GetProperty("value").GetDouble(), 1e-4);
        }

        async Task<JsonElement> Post(string path)
        {
            var response = await api.Client.PostAsync(path, null);
            return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        }
    }

    [Fact]
    public async Task Explain_BlackBoxOfADetector_RunsAsOftenAsItIsTold()
    {
        var estimate = JsonDocument.Parse(await api.Client.GetStringAsync(
            "/api/estimate?model=points&method=rise&set=rise.masks=40&target=keypoint:1")).RootElement;
        Assert.Equal(41, estimate.GetProperty("runs").GetInt64());
        var answer = await api.Post("/api/explain?model=points&method=rise&set=rise.masks=40&target=keypoint:1&maps=overlay");
        var explanation = answer.GetProperty("results")[0].GetProperty("explanations")[0];
        Assert.Equal(40, explanation.GetProperty("parameters").GetProperty("masks").GetInt64());
        Assert.False(explanation.GetProperty("png").GetString()!.Length == 0);
    }

    [Fact]
    public async Task Run_NobodyBegan_IsNotFound() =>
        Assert.Equal(HttpStatusCode.NotFound, (await api.Client.GetAsync("/api/runs/0123456789abcdef")).StatusCode);
}
