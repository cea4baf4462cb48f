using System.Diagnostics;
using System.Globalization;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using Microsoft.ML.OnnxRuntime;

namespace GradCamSharp.Benchmarks;

/// <summary>
/// Memory and load time of explaining a file beside those of plain ONNX Runtime loading and running the same file: each side in a process
/// of its own, since what one has touched stays resident.
/// </summary>
internal static class Footprint
{
    public const string Plain = "footprint-plain", Explained = "footprint-explained";

    /// <summary>One side's figures.</summary>
    /// <param name="LoadMilliseconds">From the path to a model that is ready to be run: the session; the explainer.</param>
    /// <param name="PeakMegabytes">The largest resident memory of the process, in 10^6 bytes.</param>
    public sealed record Side(double LoadMilliseconds, double PeakMegabytes);

    /// <summary>
    /// Measures both sides, several times in turn, and answers with the smallest of each figure: what disturbs a run only adds.
    /// </summary>
    /// <param name="network">An .onnx file's bytes.</param>
    /// <param name="repetitions">How many processes a side.</param>
    public static (Side Plain, Side Explained) Measure(Func<byte[]> network, int repetitions)
    {
        string folder = Directory.CreateTempSubdirectory("gradcam-benchmark-").FullName;
        try
        {
            string path = Path.Combine(folder, "network.onnx");
            File.WriteAllBytes(path, network());
            var sides = Enumerable.Range(0, repetitions)
                .Select(_ => (Plain: Start(Plain, path), Explained: Start(Explained, path))).ToList();
            return (Least(sides.Select(s => s.Plain)), Least(sides.Select(s => s.Explained)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What the child process does: loads the file, runs it once, prints load time and peak memory.</summary>
    public static void Run(string side, string path)
    {
        float[] picture = new float[3 * 224 * 224];
        var shape = new OnnxGrad.Shape(1, 3, 224, 224);
        long start = Stopwatch.GetTimestamp();
        double load;
        if (side == Plain)
        {
            using var session = new InferenceSession(path);
            load = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            using var input = OrtValue.CreateTensorValueFromMemory(picture, shape.ToArray());
            using var run = new RunOptions();
            session.Run(run, [session.InputNames[0]], [input], session.OutputNames).Dispose();
        }
        else
        {
            using var explainer = Explainer.Load(path);
            load = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            explainer.Explain(picture, shape, CamMethods.Parse("gradcam++"), ClassRequest.Top(1));
        }

        using var process = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{load} {process.PeakWorkingSet64 / 1e6}"));
    }

    private static Side Start(string side, string path)
    {
        using var child = Process.Start(OwnProcess.With(side, path))!;
        string[] figures = child.StandardOutput.ReadToEnd().Split(' ', StringSplitOptions.TrimEntries);
        child.WaitForExit();
        return child.ExitCode == 0 && figures.Length == 2
            ? new Side(double.Parse(figures[0], CultureInfo.InvariantCulture), double.Parse(figures[1], CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"The process of {side} ended with {child.ExitCode}.");
    }

    private static Side Least(IEnumerable<Side> sides) => new(sides.Min(s => s.LoadMilliseconds), sides.Min(s => s.PeakMegabytes));
}
