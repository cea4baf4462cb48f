using System.Diagnostics;
using System.Globalization;
using System.Text;
using GradCamSharp.Exporting;
using Microsoft.ML.OnnxRuntime;

namespace GradCamSharp.Benchmarks.Acceptance;

/// <summary>An exported model in plain ONNX Runtime, beside the model that it was made of.</summary>
internal static class ExportedModels
{
    public static Task<string> Measure(AcceptanceOptions options)
    {
        int runs = options.IsShort ? 3 : 30;
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture,
            $"Grad-CAM++ of the most probable class beside the scores, in one file; both in plain ONNX Runtime in turn, batch 1, 224 px, " +
            $"medians of {runs} runs. The networks have seeded weights.\n\n" +
            $"| network | plain, ms | exported, ms | ratio | plain, MB | exported, MB |\n|---|---|---|---|---|---|\n"));
        (string Name, Func<byte[]> Build)[] networks =
            [("squeezenet1.1", Networks.SqueezeNet), ("resnet50", Networks.ResNet50), ("vgg16", Networks.Vgg16)];
        foreach (var (name, build) in networks.Take(options.IsShort ? 1 : networks.Length))
            text.Append(Row(name, build(), runs));
        return Task.FromResult(text.ToString());
    }

    private static string Row(string name, byte[] network, int runs)
    {
        using var work = new WorkFolder();
        string plainFile = work["plain.onnx"], exportedFile = work["exported.onnx"];
        File.WriteAllBytes(plainFile, network);
        OnnxGrad.Shape shape;
        using (var explainer = Explainer.Load(plainFile))
        {
            shape = explainer.Input.Shape.With(0, 1);
            explainer.Export(exportedFile);
        }

        using var plain = new InferenceSession(plainFile);
        using var exported = new InferenceSession(exportedFile);
        using var input = OrtValue.CreateTensorValueFromMemory(Benchmark.Picture(shape), shape.ToArray());
        using var run = new RunOptions();
        var times = new List<(double Plain, double Exported)>();
        for (int i = -3; i < runs; i++)
        {
            double first = Time(plain), second = Time(exported);
            if (i >= 0)
                times.Add((first, second));
        }

        double before = Median.Of([.. times.Select(t => t.Plain)]), after = Median.Of([.. times.Select(t => t.Exported)]);
        return string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {before:0.0} | {after:0.0} | {after / before:0.00} | {new FileInfo(plainFile).Length / 1e6:0.0} | " +
            $"{new FileInfo(exportedFile).Length / 1e6:0.0} |\n");

        double Time(InferenceSession session)
        {
            long start = Stopwatch.GetTimestamp();
            session.Run(run, [session.InputNames[0]], [input], session.OutputNames).Dispose();
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
    }
}
