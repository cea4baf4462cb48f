using System.Globalization;
using System.Text;
using GradCamSharp.Methods;

namespace GradCamSharp.Benchmarks.Acceptance;

/// <summary>What methods of one run of a graph, methods of runs of the tail, and relevance cost, against plain inference.</summary>
internal static class MethodCosts
{
    private const double InGraph = 1.15;

    // Pairs of channels or of positions: their cost is stated, no limit is set.
    private static readonly string[] WithoutLimit = ["eigencam", "eigengradcam", "kpcacam", "shapleycam"];

    public static Task<string> Measure(AcceptanceOptions options)
    {
        int runs = options.IsShort ? 3 : 20;
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture,
            $"One explanation of the most probable class by `Explainer.Explain`, and plain inference in ONNX Runtime, in turn in one " +
            $"process: batch 1, 224 px, medians of {runs} runs, seeded weights. Methods of a layer are wanted at {InGraph:0.00} of plain " +
            $"inference; Eigen-CAM and kin, KPCA-CAM and ShapleyCAM are stated. Maps of single pixels go back through the whole network: " +
            $"one pass more, at least.\n\n" +
            $"| network | method | plain, ms | explained, ms | ratio | wanted |\n|---|---|---|---|---|---|\n"));
        (string Name, Func<byte[]> Build, IEnumerable<Variant> Variants)[] networks =
        [
            ("resnet50", Networks.ResNet50, [.. OfLayers(), .. OfPixels(), Limited("ablationcam", 3), Limited("reciprocam", 3),
                Limited("lrp-epsilon-plus-flat", 4)]),
            ("squeezenet1.1", Networks.SqueezeNet, [Limited("ablationcam", 3), Limited("reciprocam", 3)]),
            ("mobilenet_v2", Networks.MobileNetV2, [Limited("ablationcam", 3), Limited("reciprocam", 3)]),
            ("vgg16", Networks.Vgg16, [Limited("lrp-epsilon-plus-flat", 4)]),
            ("vit_small", Networks.VisionTransformer, [Limited("attnlrp", 2.5)]),
        ];
        foreach (var (name, build, variants) in options.IsShort ? networks[1..2] : networks)
        {
            foreach (var timing in Benchmark.Run(build, name, variants, runs))
            {
                string wanted = timing.Variant.Target?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-";
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| {name} | {timing.Variant.Name} | {timing.Plain:0.0} | {timing.Milliseconds:0.0} | {timing.Ratio:0.00} | " +
                    $"{wanted} |\n");
            }
        }

        return Task.FromResult(text.ToString());
    }

    private static IEnumerable<Variant> OfLayers() => CamMethods.All
        .Where(m => m is GraphMethod { Family: MethodFamily.Cam, IsPixelSpace: false } and not Cam)
        .Select(m => new Variant(m.Name, m.Name, 1, WithoutLimit.Contains(m.Name) ? null : InGraph));

    private static IEnumerable<Variant> OfPixels() => CamMethods.All
        .Where(m => m is GraphMethod { Family: not MethodFamily.Cam and not MethodFamily.Relevance and not MethodFamily.Attention })
        .Select(m => new Variant(m.Name, m.Name, 1, null));

    private static Variant Limited(string method, double wanted) => new(method, method, 1, wanted);
}
