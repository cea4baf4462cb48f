using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.ML.OnnxRuntime;

namespace GradCamSharp.Benchmarks.Acceptance;

/// <summary>How near <c>explain FOLDER</c> comes to the forward passes of its pictures.</summary>
internal static class Folders
{
    public static Task<string> Measure(AcceptanceOptions options)
    {
        using var work = new WorkFolder();
        int rounds = options.IsShort ? 1 : 5;
        string scenes = Path.Combine(Tool.DrawScenes(work["scenes"], options.IsShort ? 8 : 300), "JPEGImages");
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture,
            $"`gradcam explain FOLDER` with Grad-CAM++ and overlays written, pictures a second, against plain forward passes in ONNX " +
            $"Runtime that does nothing else: with all cores on one pass, and with a pass a core; the yardstick is the faster. Start and " +
            $"end of the process are taken off by a second run of a tenth of the pictures. Medians of {rounds} rounds in turn over " +
            $"scenes of 256 px, seeded weights.\n\n" +
            $"| network | pictures | a second | plain, all cores on a pass | plain, a pass a core | of the faster | wanted |\n" +
            $"|---|---|---|---|---|---|---|\n"));
        (string Name, Func<byte[]> Build, int Share, double Wanted)[] networks =
            [("squeezenet", Networks.SqueezeNet, 1, 0.8), ("resnet50", Networks.ResNet50, 3, 0.95)];
        foreach (var (name, build, share, wanted) in networks.Take(options.IsShort ? 1 : networks.Length))
        {
            string model = options.Models.GetValueOrDefault(name) ?? work[name + ".onnx"];
            if (!options.Models.ContainsKey(name))
                File.WriteAllBytes(model, build());
            string all = Copy(scenes, work[name], share), few = Copy(scenes, work[name + "-few"], 10 * share);
            int count = Count(all) - Count(few);
            double[] explained = new double[rounds], plain = new double[rounds], byCore = new double[rounds];
            for (int round = 0; round < rounds; round++)
            {
                double whole = Seconds(() => Explain(model, all, work)), part = Seconds(() => Explain(model, few, work));
                explained[round] = count / (whole - part);
                plain[round] = Passes(model, count, workers: 1);
                byCore[round] = Passes(model, count, Environment.ProcessorCount);
            }

            double own = Median.Of(explained), first = Median.Of(plain), second = Median.Of(byCore);
            text.Append(CultureInfo.InvariantCulture,
                $"| {name} | {count} | {own:0.0} | {first:0.0} | {second:0.0} | {own / Math.Max(first, second):0.00} | {wanted:0.00} |\n");
        }

        return Task.FromResult(text.ToString());
    }

    private static void Explain(string model, string folder, WorkFolder work) => Tool.AsPublished.Run(
        null, "explain", folder, "--model", model, "--preprocess", "torch", "--output", work["overlays"]);

    private static string Copy(string from, string to, int share)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from).Order(StringComparer.Ordinal).Where((_, i) => i % share == 0))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        return to;
    }

    private static int Count(string folder) => Directory.EnumerateFiles(folder).Count();

    // Passes a second, of as many workers as are named, which share the cores.
    private static double Passes(string model, int count, int workers)
    {
        using var options = new SessionOptions { IntraOpNumThreads = workers == 1 ? 0 : 1 };
        using var session = new InferenceSession(model, options);
        var shape = new OnnxGrad.Shape(1, 3, 224, 224);
        float[] picture = Benchmark.Picture(shape);
        return count / Seconds(() => Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, worker =>
        {
            using var input = OrtValue.CreateTensorValueFromMemory(picture, shape.ToArray());
            using var run = new RunOptions();
            for (int i = worker; i < count; i += workers)
                session.Run(run, [session.InputNames[0]], [input], session.OutputNames).Dispose();
        }));
    }

    private static double Seconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
