using System.Text.Json;
using GradCamSharp.Errors;
using GradCamSharp.Methods;
using GradCamSharp.Output;
using GradCamSharp.Targets;

namespace GradCamSharp.Tests.Oracle;

/// <summary>
/// Scores, maps and decoded detections of small networks with the heads of public exporters, against float64 references. A map may differ
/// by ten times what the same computation in float32 differs, and never less than 1e-4 of its maximum is asked for.
/// </summary>
public class TargetReferenceTests
{
    private static readonly (ExplanationMethod Method, string Name)[] Methods =
        [(new GradCam(), "gradcam"), (new GradCamPlusPlus(), "gradcampp"), (new HiResCam(), "elementwise")];

    public static TheoryData<string> Cases => [.. TargetCase.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Explain_EveryTarget_MatchesTheReference(string name)
    {
        var references = new TargetCase(name);
        int compared = 0;
        foreach (var target in references.Targets)
        {
            string id = target.GetProperty("id").GetString()!, spec = target.GetProperty("spec").GetString()!;
            foreach (string layer in LayersOf(target))
            {
                using var explainer = references.Load(layer);
                var result = explainer.Explain(
                    references.Input(explainer), [.. Methods.Select(m => m.Method)], Target.Parse(spec),
                        TestContext.Current.CancellationToken);
                double[] values = [.. target.GetProperty("value").EnumerateArray().Select(v => v.GetDouble())];
                double[] scores = [.. result.Explanations.Where(e => e.Method == Methods[0].Method).Select(e => e.Score)];
                Assert.Equal(values.Length, scores.Length);
                Assert.All(values.Zip(scores), v => Assert.Equal(v.First, v.Second, 1e-4 * Math.Max(1, Math.Abs(v.First))));
                foreach (var (method, file) in Methods)
                {
                    if (references.Reference(id, layer, file) is not { } reference)
                        continue;
                    float[] maps = [.. result.Explanations.Where(e => e.Method == method).SelectMany(e => e.Raw.ToArray())];
                    // The reference is the positive part of the signed map.
                    if (file == "elementwise" && !layer.Contains('+'))
                        maps = [.. maps.Select(v => Math.Max(0, v))];
                    Check($"{spec} at {layer} by {file}", reference, maps, Tolerance(target, layer, file));
                    compared++;
                }
            }
        }

        Assert.NotEqual(0, compared);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Read_OfADetector_DecodesItsBoxes(string name)
    {
        var references = new TargetCase(name);
        using var explainer = references.Load();
        var read = explainer.Read(references.Input(explainer), TestContext.Current.CancellationToken)[0].Detections;
        var boxes = references.Decoded.Where(d => d.TryGetProperty("box", out _)).ToList();
        Assert.True(read.Count >= boxes.Count, $"{read.Count} detections of {boxes.Count}");
        foreach (var (wanted, found) in boxes.Zip(read))
        {
            Assert.Equal(wanted.GetProperty("cls").GetInt64(), found.Class);
            Assert.Equal(wanted.GetProperty("score").GetDouble(), found.Score, 1e-5);
            double[] edges = [.. wanted.GetProperty("box").EnumerateArray().Select(v => v.GetDouble())];
            Assert.All(edges.Zip([found.Box.X1, found.Box.Y1, found.Box.X2, found.Box.Y2]), e => Assert.Equal(e.First, e.Second, 0.01));
        }
    }

    [Theory]
    [InlineData("yolov8", "detect", "box:0")]
    [InlineData("yolov8_seg", "segment instances", "box:0")]
    [InlineData("detr", "detect", "box:0")]
    [InlineData("segmentation", "segment", "class:top1@mask")]
    [InlineData("depth", "depth", "value@all")]
    [InlineData("keypoints", "key points", "keypoint:top1")]
    [InlineData("clip", "match texts", "class:top1")]
    [InlineData("caption", "caption", "token:last")]
    [InlineData("sam_points", "masks for a prompt", "mask:top1")]
    [InlineData("embedding", "embed", null)]
    [InlineData("regression", "regress", null)]
    [InlineData("video", "classify", "class:top1")]
    public void Describe_OfEveryKind_NamesTaskAndTarget(string name, string task, string? target)
    {
        var references = new TargetCase(name);
        using var explainer = references.Load();
        var description = explainer.Describe(references.Input(explainer), TestContext.Current.CancellationToken);
        Assert.Equal(task, description.Task);
        Assert.Equal(target, description.Target?.Spec);
    }

    [Theory]
    [InlineData("yolov8", "[8, 12]")]
    [InlineData("yolov5", "[8, 12]")]
    [InlineData("yolov10", "[8, 12]")]
    [InlineData("yolox", "[8, 12]")]
    [InlineData("yunet_neck", "[8, 12]")]
    [InlineData("detr", "[4, 6]")]
    [InlineData("segmentation", "[12, 16]")]
    public void Explain_WithoutALayer_TakesTheLevelOfTheScore(string name, string map)
    {
        var references = new TargetCase(name);
        using var explainer = references.Load();
        var explained = explainer.Explain(references.Input(explainer), [], [], TestContext.Current.CancellationToken).Explanations[0];
        Assert.Equal("hirescam", explained.Method.Name);
        // In more than one position: a layer right before the head reads a single cell.
        Assert.True(explained.Raw.ToArray().Count(v => v != 0) > 1);
        Assert.Equal(map, explained.Shape.ToString());
    }

    [Fact]
    public void Explain_ABoxByDrise_AgreesWithWhatTheGradientShows()
    {
        var references = new TargetCase("yolov8");
        using var explainer = references.Load();
        var input = references.Input(explainer);
        ExplanationMethod drise = new Drise { Masks = 60, Cells = new NumberList(4) };
        var result = explainer.Explain(input, [drise], Target.Parse("box:0"), TestContext.Current.CancellationToken);
        var again = explainer.Explain(input, [drise], Target.Parse("box:0"), TestContext.Current.CancellationToken);
        Assert.Equal("[64, 96]", result.Explanations[0].Shape.ToString());
        Assert.True(result.Explanations[0].Raw.ToArray().Max() > 0);
        Assert.Equal(result.Explanations[0].Raw.ToArray(), again.Explanations[0].Raw.ToArray());
    }

    [Fact]
    public void Explain_ABoxByWeightsOfWholeChannels_SaysThatTheyTellNoObjectsApart()
    {
        var references = new TargetCase("yolov8");
        using var explainer = references.Load();
        var input = references.Input(explainer);
        var averaged = explainer.Explain(input, [new GradCamPlusPlus()], Target.Parse("box:0"), TestContext.Current.CancellationToken);
        Assert.Contains(averaged.Notes, n => n.StartsWith("Grad-CAM++ weighs whole channels", StringComparison.Ordinal));
        var placed = explainer.Explain(input, [new HiResCam()], Target.Parse("box:0"), TestContext.Current.CancellationToken);
        Assert.DoesNotContain(placed.Notes, n => n.Contains("whole channels", StringComparison.Ordinal));
    }

    [Fact]
    public void Explain_ByAMethodThatChangesALayer_SaysWhichMethodsDo()
    {
        var references = new TargetCase("yolov8");
        using var explainer = references.Load();
        var error = Assert.Throws<ExplanationException>(() => explainer.Explain(
            references.Input(explainer), [new AblationCam()], Target.Parse("box:0"), TestContext.Current.CancellationToken));
        Assert.Equal(ExplanationError.UnsuitableMethod, error.Kind);
    }

    [Theory]
    [InlineData("yolov8", "box:99", "box:0 to box:")]
    [InlineData("yolov8", "class:9", "0 to 3")]
    [InlineData("yolov8", "mask:0", "box:0")]
    [InlineData("yolov8", "output0[0,99,0]", "8 elements along axis 1")]
    [InlineData("yolov8", "output0[0,:,0]", "sum(output0[0,:,0])")]
    [InlineData("yolov8", "nothing[0]", "no output of numbers")]
    [InlineData("segmentation", "class:0@500,500", "outside")]
    [InlineData("embedding", "class:3", "similarity:")]
    public void Explain_WhatTheModelLacks_SaysWhatItHas(string name, string target, string advice)
    {
        var references = new TargetCase(name);
        using var explainer = references.Load();
        var error = Assert.Throws<ExplanationException>(() => explainer.Explain(
            references.Input(explainer), [], Target.Parse(target), TestContext.Current.CancellationToken));
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_AnEmbeddingWithoutATarget_SaysWhatToCompareWith()
    {
        var references = new TargetCase("embedding");
        using var explainer = references.Load();
        var error = Assert.Throws<ExplanationException>(() => explainer.Explain(
            references.Input(explainer), [], [], TestContext.Current.CancellationToken));
        Assert.Contains("similarity:", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> ContrastedNetworks =>
        [.. MethodReference.All.Where(r => TargetOf(r, 0, 0) is not null).Select(r => r.Network).Distinct().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(ContrastedNetworks))]
    public void Explain_ContrastsOfClassesAndFusedLayers_MatchTheReferences(string network)
    {
        var oracle = new OracleCase(network);
        string model = SharedData.Path($"oracle/cases/{network}/model.onnx");
        foreach (var reference in MethodReference.All.Where(r => r.Network == network && TargetOf(r, 0, 0) is not null))
        {
            var expected = Npy.Read<float>(SharedData.Path($"methods/{reference.File}"));
            int size = expected.Values.Length / expected.Shape[0];
            double largest = expected.Values.Max(v => Math.Abs((double)v));
            using var explainer = TargetExplainer.Load(model, new TargetOptions
            {
                Task = "classify",
                Explainer = new ExplainerOptions { Layer = LayerOf(reference) },
                Fusion = reference.File.EndsWith("max.npy", StringComparison.Ordinal) ? LayerFusion.Max : LayerFusion.Mean,
            });
            for (int item = 0; item < oracle.Classes.Length; item++)
            {
                ExplanationMethod method = reference.File.Contains("layercam", StringComparison.Ordinal) ? new LayerCam() : new GradCam();
                var result = explainer.Explain(
                    new TargetInput(oracle.Input.Values, oracle.InputShape), [method], Target.Parse(
                        TargetOf(reference, item, oracle.Classes[item])!),
                    TestContext.Current.CancellationToken);
                float[] map = result.Explanations[item].Raw.ToArray();
                Assert.Equal(size, map.Length);
                double difference = map.Select((v, i) => Math.Abs((double)v - expected.Values[(item * size) + i])).Max();
                Assert.True(difference <= reference.Tolerance * largest,
                    $"{reference} item {item}: {difference / largest:g3}, not {reference.Tolerance:g2}");
            }
        }
    }

    /// <summary>The target of a reference that is of no method of its own; null of others.</summary>
    private static string? TargetOf(MethodReference reference, int item, long @class)
    {
        string name = System.IO.Path.GetFileNameWithoutExtension(reference.File);
        return name switch
        {
            "gradcam_counterfactual" => $"-class:{@class}",
            "gradcam_contrast" => $"contrast:{reference.Parameters["rather_than"][item].GetInt64()}",
            "finercam" => $"finer:{@class}",
            "finercam_weighted" => $"finer:{@class};weights=probability",
            "gradcam_fusion_mean" or "layercam_fusion_max" => $"class:{@class}",
            _ => null,
        };
    }

    private static string LayerOf(MethodReference reference) => reference.Parameters.TryGetValue("layers", out var layers)
        ? string.Join('+', layers.EnumerateArray().Select(l => l.GetString())) : "features";

    private static List<string> LayersOf(JsonElement target)
    {
        List<string> layers = [.. target.GetProperty("layers").EnumerateArray().Select(l => l.GetString()!)];
        if (target.TryGetProperty("fused", out var fused) && fused.ValueKind == JsonValueKind.True)
            layers.Add(string.Join('+', layers));
        return layers;
    }

    // Of a fused map each layer's own.
    private static double Tolerance(JsonElement target, string layer, string method)
    {
        double tolerance = 1e-4;
        foreach (string one in layer.Split('+'))
        {
            if (target.GetProperty("float32").TryGetProperty($"{one}.{method}", out var own) && own.ValueKind == JsonValueKind.Number)
                tolerance = Math.Max(tolerance, 10 * own.GetDouble());
        }

        return tolerance;
    }

    private static void Check(string what, float[] reference, float[] map, double tolerance)
    {
        Assert.Equal(reference.Length, map.Length);
        double largest = reference.Max(v => Math.Abs((double)v));
        double difference = reference.Zip(map, (a, b) => Math.Abs((double)a - b)).Max();
        Assert.True(difference <= tolerance * largest || largest == 0,
            $"{what}: {difference / largest:g3} of the maximum, not {tolerance:g2}");
    }
}
