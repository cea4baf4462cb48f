using System.Globalization;
using System.Text;
using System.Text.Json;
using GradCamSharp.Methods;
using GradCamSharp.Output;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Benchmarks.Acceptance;

/// <summary>How far maps are from PyTorch's in float64, of small networks of every topology and of SqueezeNet 1.1 on photos.</summary>
internal static class Agreement
{
    private static readonly (string File, ExplanationMethod Method, double Small, double Photo)[] Maps =
    [
        ("gradcam", new GradCam(), 2e-4, 1e-3),
        ("gradcampp", new GradCamPlusPlus(), 2e-4, 1e-3),
        ("input_gradient", new Saliency(), 2e-3, 2e-3),
        ("guided", new GuidedBackprop(), 2e-3, 2e-3),
        ("deconvnet", new Deconvnet(), 2e-3, 2e-3),
    ];

    private static string Shared => Path.Combine(Checkout.Root(), "..", "shared");

    public static Task<string> Measure(AcceptanceOptions options)
    {
        if (!Directory.Exists(Path.Combine(Shared, "oracle")))
            return Task.FromResult("Not measured: the references lie in `../shared`, beside the checkout, and are not there.");
        var found = new Dictionary<(string, bool), List<(double Error, string Where)>>();
        string[] cases = [.. Directory.EnumerateDirectories(Path.Combine(Shared, "oracle", "cases")).Order(StringComparer.Ordinal)];
        string[] photos = [.. Directory.EnumerateFiles(Path.Combine(Shared, "real"), "*.json").Order(StringComparer.Ordinal)];
        foreach (string folder in options.IsShort ? cases[..3] : cases)
            Compare(folder, found);
        using (var squeezeNet = Explainer.Load(Path.Combine(Shared, "models", "squeezenet1.1", "model.onnx")))
        {
            foreach (string photo in options.IsShort ? photos[..1] : photos)
                Compare(squeezeNet, photo, found);
        }

        var text = new StringBuilder(
            "Raw maps in float32, as ONNX Runtime computes them, against references that PyTorch's autograd computed in float64: the " +
            "largest difference of any value, as a share of the reference's largest value (of scores: as they are, or as a share of the " +
            "largest where that is above 1). The limits are those of the tests, which check the same and all other methods' references, " +
            "each with a limit of its own.\n\n" +
            "| what | networks | maps | largest difference | where | limit |\n|---|---|---|---|---|---|\n");
        text.Append(Row("scores", false, 1e-4));
        foreach (var (file, method, small, _) in Maps)
            text.Append(Row(file, false, small, method.Title));
        foreach (var (file, method, _, photo) in Maps)
            text.Append(Row(file, true, photo, method.Title));
        return Task.FromResult(text.ToString());

        string Row(string what, bool isPhoto, double limit, string? title = null)
        {
            var all = found[(what, isPhoto)];
            var (error, where) = all.MaxBy(f => f.Error);
            string networks = isPhoto ? "SqueezeNet 1.1 on photos" : "small ones of every topology";
            return string.Create(
                CultureInfo.InvariantCulture, $"| {title ?? what} | {networks} | {all.Count} | {error:0.0e0} | {where} | {limit:0e0} |\n");
        }
    }

    private static void Compare(string folder, Dictionary<(string, bool), List<(double, string)>> found)
    {
        string name = Path.GetFileName(folder);
        using var explainer = Explainer.Load(Path.Combine(folder, "model.onnx"), new ExplainerOptions { Layer = "features" });
        var input = Npy.Read<float>(Path.Combine(folder, "input.npy"));
        long[] classes = Npy.Read<long>(Path.Combine(folder, "classes.npy")).Values;
        var maps = Maps.Where(m => File.Exists(Path.Combine(folder, m.File + ".npy"))).ToList();
        var logits = Npy.Read<float>(Path.Combine(folder, "logits.npy"));
        for (int item = 0; item < classes.Length; item++)
        {
            var batch = explainer.Explain(
                input.Values, ShapeOf(input), [.. maps.Select(m => m.Method)], [ClassRequest.Index(classes[item])], default);
            float[] scores = [.. batch.Scores[item]];
            var expected = Item(logits, item);
            Add(("scores", false), Error(scores, expected, Math.Max(1, Largest(expected))), $"{name}");
            foreach (var (file, method, _, _) in maps)
            {
                var reference = Item(Npy.Read<float>(Path.Combine(folder, file + ".npy")), item);
                Add((file, false), Error(batch.Maps[method][item, 0], reference, Largest(reference)), name);
            }
        }

        void Add((string, bool) key, double error, string where) => Of(found, key).Add((error, where));
    }

    private static void Compare(Explainer network, string json, Dictionary<(string, bool), List<(double, string)>> found)
    {
        string stem = Path.ChangeExtension(json, null);
        using var document = JsonDocument.Parse(File.ReadAllText(json));
        long explained = document.RootElement.GetProperty("explained").GetInt64();
        var input = Npy.Read<float>(stem + ".input.npy");
        // Gradients at the input are kept of some photos.
        var maps = Maps.Where(m => File.Exists($"{stem}.{m.File}.npy")).ToList();
        var batch = network.Explain(
            input.Values, ShapeOf(input), [.. maps.Select(m => m.Method)], [ClassRequest.Index(explained)], default);
        foreach (var (file, method, _, _) in maps)
        {
            float[] reference = Npy.Read<float>($"{stem}.{file}.npy").Values;
            Of(found, (file, true)).Add((Error(batch.Maps[method][0, 0], reference, Largest(reference)), Path.GetFileName(stem)));
        }
    }

    private static List<T> Of<T>(Dictionary<(string, bool), List<T>> found, (string, bool) key) =>
        found.TryGetValue(key, out var list) ? list : found[key] = [];

    private static Shape ShapeOf(NpyArray<float> array) => new([.. array.Shape.Select(l => (long)l)]);

    private static ReadOnlySpan<float> Item(NpyArray<float> all, int item)
    {
        int size = all.Values.Length / all.Shape[0];
        return all.Values.AsSpan(item * size, size);
    }

    private static double Largest(ReadOnlySpan<float> values)
    {
        double largest = 0;
        foreach (float value in values)
            largest = Math.Max(largest, Math.Abs((double)value));
        return largest;
    }

    private static double Error(ReadOnlySpan<float> actual, ReadOnlySpan<float> reference, double scale)
    {
        if (actual.Length != reference.Length)
            throw new InvalidOperationException("A map has another size than its reference.");
        double worst = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            double difference = Math.Abs((double)actual[i] - reference[i]);
            worst = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(worst, difference);
        }

        return worst == 0 ? 0 : worst / scale;
    }
}
