using System.Globalization;
using GradCamSharp.Methods;
using GradCamSharp.Targets;

namespace GradCamSharp.Tests.Oracle;

/// <summary>Small networks of every common topology against float64 references: scores, raw maps and gradients at the input.</summary>
public class OracleCaseTests
{
    private const double MapTolerance = 2e-4, ScoreTolerance = 1e-4, PixelTolerance = 2e-3;

    private static readonly (string Reference, ExplanationMethod Method)[] CamReferences =
        [("gradcam", new GradCam()), ("gradcampp", new GradCamPlusPlus())];

    private static readonly (string Reference, ExplanationMethod Method)[] PixelReferences =
        [("input_gradient", new Saliency()), ("guided", new GuidedBackprop()), ("deconvnet", new Deconvnet())];

    public static TheoryData<string> Networks =>
    [
        "alexnet_caffe", "vgg", "vgg_bn_unfolded", "resnet", "resnet_v1_unfolded", "resnext", "resnet_preact", "squeezenet",
        "inception", "densenet",
        "mobilenet_v1", "mobilenet_v2", "mobilenet_v3", "efficientnet", "shufflenet_v2", "regnet",
        "two_branch", "tiny_gradients", "huge_scores",
        "lse_pool", "gmp_head", "c3d_video", "conv1d_signal",
        "activations", "convnext", "detector_heads", "norms", "pooling", "segmentation", "shapes", "swin", "vit",
    ];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Explain_OneClassAtATime_MapsAndScoresMatchReference(string network) =>
        CheckOneClassAtATime(network, CamReferences, MapTolerance);

    [Theory]
    [MemberData(nameof(Networks))]
    public void Explain_TwoClassesInOneRun_MapsAndScoresMatchReference(string network) =>
        CheckTwoClassesInOneRun(network, CamReferences, MapTolerance);

    [Theory]
    [MemberData(nameof(Networks))]
    public void Explain_PixelMethodsOneClassAtATime_MatchReference(string network) =>
        CheckOneClassAtATime(network, PixelReferences, PixelTolerance);

    [Theory]
    [MemberData(nameof(Networks))]
    public void Explain_PixelMethodsTwoClassesInOneRun_MatchReference(string network) =>
        CheckTwoClassesInOneRun(network, PixelReferences, PixelTolerance);

    private static void CheckOneClassAtATime(string network, (string Reference, ExplanationMethod Method)[] references, double tolerance)
    {
        var oracle = new OracleCase(network);
        using var explainer = oracle.Load();
        var present = references.Where(r => oracle.Has(r.Reference)).ToArray();
        for (int item = 0; item < oracle.Classes.Length; item++)
        {
            var batch = explainer.Explain(
                oracle.Input.Values, oracle.InputShape, [.. present.Select(r => r.Method)], [ClassRequest.Index(oracle.Classes[item])],
                TestContext.Current.CancellationToken);
            AssertScores(batch.Scores[item], oracle, item);
            Assert.Equal([oracle.Classes[item]], batch.Classes[item]);
            foreach (var (reference, method) in present)
                AssertMap(tolerance, batch.Maps[method][item, 0], oracle.Reference(reference, item), network, method, item);
        }
    }

    private static void CheckTwoClassesInOneRun(string network, (string Reference, ExplanationMethod Method)[] references, double tolerance)
    {
        var oracle = new OracleCase(network);
        using var explainer = oracle.Load();
        var present = references.Where(r => oracle.Has(r.Reference)).ToArray();
        var batch = explainer.Explain(
            oracle.Input.Values, oracle.InputShape, [.. present.Select(r => r.Method)], [.. oracle.Classes.Select(ClassRequest.Index)],
            TestContext.Current.CancellationToken);
        for (int item = 0; item < oracle.Classes.Length; item++)
        {
            AssertScores(batch.Scores[item], oracle, item);
            Assert.Equal(oracle.Classes, batch.Classes[item]);
            foreach (var (reference, method) in present)
                AssertMap(tolerance, batch.Maps[method][item, item], oracle.Reference(reference, item), network, method, item);
        }
    }

    private static void AssertMap(
        double tolerance, ReadOnlySpan<float> map, ReadOnlySpan<float> reference, string network, ExplanationMethod method, int item)
    {
        Closeness.AssertWithin(tolerance, map, reference, $"{network} {method.Name} item {item}");
    }

    // Absolute where scores are of the order of 1; where they are hundreds, float32 has no such digits, and the
    // tolerance is a share of the largest.
    private static void AssertScores(IReadOnlyList<float> scores, OracleCase oracle, int item)
    {
        var reference = oracle.Reference("logits", item);
        Assert.Equal(reference.Length, scores.Count);
        double scale = Math.Max(1, reference.ToArray().Max(Math.Abs));
        for (int c = 0; c < scores.Count; c++)
        {
            double error = Math.Abs(scores[c] - reference[c]) / scale;
            Assert.True(error <= ScoreTolerance, string.Create(
                CultureInfo.InvariantCulture,
                $"The score of class {c} of item {item} is {scores[c]}; the reference is {reference[c]}."));
        }
    }
}
