using System.Globalization;
using System.Text.Json.Nodes;
using GradCamSharp.Evaluation.Experiments.Trust;
using GradCamSharp.Evaluation.Experiments.Trust.Measures;
using GradCamSharp.Evaluation.Experiments.Trust.Measuring;
using GradCamSharp.Imaging;
using GradCamSharp.Output;

namespace GradCamSharp.Evaluation.Tests.Experiments.Trust;

/// <summary>
/// Every measure, picture by picture, against independent float64 values. All pictures: GRADCAM_ALL_REFERENCES=1; without it every tenth.
/// </summary>
public sealed class TrustReferenceTests
{
    private static readonly string[] Methods = ["gradcam", "gradcam++", "centre", "random"];

    private static readonly Measure[] Measures =
    [
        new RoadMeasure(), new MuFidelityMeasure { Sets = 64 }, new AdccMeasure(), new ArccMeasure(), new SensitivityMeasure(),
        new ConsistencyMeasure(), new RandomisationMeasure(), new SmoothRandomisationMeasure(), new RandomLogitMeasure(), new MassMeasure(),
        new BoxMeasure(), new SparsenessMeasure(),
    ];

    // Twice what the definitions say of float32.
    private static readonly Dictionary<string, double> Photos = new()
    {
        ["step"] = 0.004,
        ["road"] = 0.0006,
        ["mu_fidelity"] = 2e-12,
        ["faithfulness_correlation"] = 1.6e-4,
        ["infidelity"] = 4e-5,
        ["arcc"] = 0.001,
        ["other"] = 2e-5,
    };

    private static readonly Dictionary<string, double> Oracle = new()
    {
        ["step"] = 0.01,
        ["road"] = 0.0014,
        ["mu_fidelity"] = 2e-6,
        ["faithfulness_correlation"] = 1.6e-4,
        ["infidelity"] = 4e-5,
        ["arcc"] = 0.004,
        ["other"] = 6e-5,
    };

    // Drops of 10^-9, which float32 hardly tells apart.
    private static readonly Dictionary<string, double> OracleOfTinyDrops =
        new(Oracle) { ["mu_fidelity"] = 0.01, ["faithfulness_correlation"] = 0.01, ["infidelity"] = 0.01 };

    private static bool IsAll => Environment.GetEnvironmentVariable("GRADCAM_ALL_REFERENCES") == "1";

    [Fact]
    public void Measure_PhotosOfImageNet_IsTheReference()
    {
        var pictures = Reference("trust/references/squeezenet.json")["pictures"]!.AsArray();
        string model = Path.Combine(SharedData.Path("models/squeezenet1.1"), "model.onnx");
        using var explainer = PictureExplainer.Load(model, new ExplainerOptions { Layer = "fire9/concat_1" });
        var measurer = new MapMeasurer(
            explainer.Model, InputSpace.Of(explainer.Preprocessing, 3), Methods, 1, TestContext.Current.CancellationToken);
        for (int i = 0; i < pictures.Count; i += IsAll ? 1 : 10)
        {
            var expected = pictures[i]!;
            string name = expected["picture"]!.GetValue<string>();
            var prepared = explainer.Preprocessing.Prepare(SharedData.Path("photos/imagenet/" + name));
            float[] input = new float[3 * prepared.Input.Width * prepared.Input.Height];
            prepared.WriteTo(input);
            AssertSame(expected, measurer.Measure(
                new MapInput(name, input) { Boxes = [new PixelBox(56, 56, 112, 112)] }, Measures), Photos);
        }
    }

    [Theory]
    [InlineData("vgg")]
    [InlineData("resnet")]
    [InlineData("squeezenet")]
    [InlineData("mobilenet_v1")]
    public void Measure_OracleNetworks_IsTheReference(string name)
    {
        var pictures = Reference("trust/references/oracle.json")["cases"]![name]!["pictures"]!.AsArray();
        string folder = SharedData.Path("oracle/cases/" + name);
        using var explainer = Explainer.Load(Path.Combine(folder, "model.onnx"), new ExplainerOptions { Layer = "features" });
        var inputs = Npy.Read<float>(Path.Combine(folder, "input.npy"));
        long[] classes = [.. Npy.Read<long>(Path.Combine(folder, "classes.npy")).Values];
        var measurer = new MapMeasurer(explainer, InputSpace.OfTensors(3), Methods, 1, TestContext.Current.CancellationToken);
        int length = inputs.Values.Length / pictures.Count;
        for (int i = 0; i < pictures.Count; i++)
        {
            var input = new MapInput($"{name}/{i}", inputs.Values.Skip(i * length).Take(length).ToArray())
            {
                Class = classes[i],
                Boxes = [new PixelBox(16, 8, 32, 32)],
            };
            AssertSame(pictures[i]!, measurer.Measure(input, Measures), name == "vgg" ? OracleOfTinyDrops : Oracle);
        }
    }

    [Fact]
    public void Measure_ObjectsOfVoc_IsTheReference()
    {
        var pairs = Reference("trust/references/voc.json")["pairs"]!.AsArray();
        string model = Path.Combine(SharedData.Path("models/squeezenet1.1"), "model.onnx");
        using var explainer = PictureExplainer.Load(model, new ExplainerOptions { Layer = "fire9/concat_1" });
        var measurer = new MapMeasurer(
            explainer.Model, InputSpace.Of(explainer.Preprocessing, 3), Methods, 1, TestContext.Current.CancellationToken);
        Measure[] measures = [new MassMeasure(), new BoxMeasure()];
        for (int i = 0; i < pairs.Count; i += IsAll ? 1 : 4)
        {
            var expected = pairs[i]!;
            string name = expected["picture"]!.GetValue<string>();
            var prepared = explainer.Preprocessing.Prepare(SharedData.Path($"photos/voc100/JPEGImages/{name}.jpg"));
            float[] input = new float[3 * prepared.Input.Width * prepared.Input.Height];
            prepared.WriteTo(input);
            var measured = measurer.Measure(
                new MapInput(name, input)
                {
                    Class = expected["class"]!.GetValue<long>(),
                    Geometry = prepared.Geometry,
                    Boxes = [.. expected["boxes"]!.AsArray().Select(Box)],
                },
                measures);
            for (int m = 0; m < Methods.Length; m++)
            {
                AssertLocalised(
                    expected["methods"]![Methods[m]]!, measured.Scores[0][m], measured.Scores[1][m], 2e-5, $"{name} {Methods[m]}");
            }
        }
    }

    private static PixelBox Box(JsonNode? node)
    {
        int[] sides = [.. node!.AsArray().Select(v => v!.GetValue<int>())];
        return new PixelBox(sides[0], sides[1], sides[2] - sides[0], sides[3] - sides[1]);
    }

    private static JsonNode Reference(string path) => JsonNode.Parse(File.ReadAllText(SharedData.Path(path)))!;

    private static void AssertSame(JsonNode expected, MeasuredMaps measured, Dictionary<string, double> tolerances)
    {
        string name = expected["picture"]!.GetValue<string>();
        Assert.Equal(expected["class"]!.GetValue<int>(), measured.Class);
        Near(expected["probability"], measured.Probability, tolerances["other"], name);
        for (int m = 0; m < Methods.Length; m++)
        {
            var of = expected["methods"]![Methods[m]]!;
            string where = $"{name} {Methods[m]}";
            double step = tolerances["step"], road = tolerances["road"], other = tolerances["other"];
            Assert.Equal(of["empty"]!.GetValue<int>() == 1, measured.AreEmpty[m]);

            var roads = (RoadScore)measured.Scores[0][m];
            Near(of["morf"], roads.Morf, step, where + " morf");
            Near(of["lerf"], roads.Lerf, step, where + " lerf");
            Assert.Equal(of["morf_top1"]!.AsArray().Select(v => v!.GetValue<int>() == 1), roads.MorfKept);
            Assert.Equal(of["lerf_top1"]!.AsArray().Select(v => v!.GetValue<int>() == 1), roads.LerfKept);
            Near(of["road"], roads.Road, road, where + " road");
            Near(of["comprehensiveness"], roads.Comprehensiveness, road, where + " comprehensiveness");
            Near(of["sufficiency"], roads.Sufficiency, road, where + " sufficiency");

            var fidelity = ((MuFidelityScore)measured.Scores[1][m]).Value;
            Near(of["mu_fidelity"], fidelity.Rank, tolerances["mu_fidelity"], where + " mu_fidelity");
            Near(of["faithfulness_correlation"], fidelity.Linear, tolerances["faithfulness_correlation"], where + " linear");
            Near(of["infidelity"], fidelity.Infidelity, tolerances["infidelity"], where + " infidelity");

            var adcc = (AdccScore)measured.Scores[2][m];
            Near(of["masked"], adcc.Masked, other, where + " masked");
            Near(of["average_drop"], adcc.AverageDrop, other, where + " average_drop");
            Near(of["coherency"], adcc.Coherency, other, where + " coherency");
            Near(of["complexity"], adcc.Complexity, other, where + " complexity");
            Near(of["adcc"], adcc.Adcc, other, where + " adcc");
            Near(of["arcc"], ((ArccScore)measured.Scores[3][m]).Arcc, Math.Max(tolerances["arcc"], road), where + " arcc");

            var sensitivity = ((SensitivityScore)measured.Scores[4][m]).Value;
            Near(of["max_sensitivity"], sensitivity.Max, other, where + " max_sensitivity");
            Near(of["mean_sensitivity"], sensitivity.Mean, other, where + " mean_sensitivity");

            var consistency = (ConsistencyScore)measured.Scores[5][m];
            Near(new JsonArray([.. of["consistency"]!.AsObject().Select(c => c.Value?.DeepClone())]), consistency.Changes, other, where);
            Near(of["consistency_mean"], consistency.Mean, other, where + " consistency_mean");
            Assert.Equal(expected["unchanged"]!.AsObject().Select(c => c.Value!.GetValue<int>() == 1), consistency.Kept);

            var random = (RandomisationScore)measured.Scores[6][m];
            // In float64 a corner of 64 equal pixels lies 7e-7 above 8 others. The network's float32 moves both by 1.3e-6, which swaps
            // them.
            double stages = where == "resnet/0 gradcam" ? 3e-4 : other;
            Near(of["mprt"], random.Stages, stages, where + " mprt");
            Near(of["mprt_full"], random.Full, other, where + " mprt_full");
            Near(of["emprt"], random.Rises, other, where + " emprt");
            Near(of["smprt"], ((SmoothRandomisationScore)measured.Scores[7][m]).Alike, other, where + " smprt");

            var logits = (RandomLogitScore)measured.Scores[8][m];
            Near(of["random_logit"], logits.Others, other, where + " random_logit");
            Near(of["runner_up"], logits.RunnerUp, other, where + " runner_up");

            AssertLocalised(of, measured.Scores[9][m], measured.Scores[10][m], other, where);
            var sparseness = ((SparsenessScore)measured.Scores[11][m]).Value;
            Near(of["gini"], sparseness.Gini, other, where + " gini");
            Near(of["entropy"], sparseness.Entropy, other, where + " entropy");
        }
    }

    private static void AssertLocalised(JsonNode of, MeasureScore mass, MeasureScore boxes, double tolerance, string where)
    {
        var value = ((MassScore)mass).Value;
        Near(of["mass"], value.Mass, tolerance, where + " mass");
        Near(of["rank"], value.Rank, tolerance, where + " rank");
        Near(of["area"], value.Area, tolerance, where + " area");
        var overlaps = ((BoxScore)boxes).Value!;
        Near(of["iou_any"], overlaps.Any, tolerance, where + " iou_any");
        Near(of["iou_largest"], overlaps.Largest, tolerance, where + " iou_largest");
    }

    private static void Near(JsonNode? expected, IEnumerable<double?> actual, double tolerance, string where)
    {
        var values = expected!.AsArray();
        double?[] own = [.. actual];
        Assert.Equal(values.Count, own.Length);
        for (int i = 0; i < own.Length; i++)
            Near(values[i], own[i], tolerance, $"{where}[{i}]");
    }

    private static void Near(JsonNode? expected, IEnumerable<double> actual, double tolerance, string where) =>
        Near(expected, actual.Select(v => (double?)v), tolerance, where);

    private static void Near(JsonNode? expected, double? actual, double tolerance, string where)
    {
        double? wanted = expected?.GetValue<double>();
        bool isNear = wanted is { } a && actual is { } b ? Math.Abs(a - b) <= tolerance : wanted is null && actual is null;
        Assert.True(isNear, string.Create(CultureInfo.InvariantCulture, $"{where}: {actual} instead of {wanted}, tolerance {tolerance}"));
    }
}
