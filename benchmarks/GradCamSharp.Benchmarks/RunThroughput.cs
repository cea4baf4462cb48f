using System.Diagnostics;
using GradCamSharp.Methods;
using GradCamSharp.Runs;
using GradCamSharp.Targets;
using Microsoft.ML.OnnxRuntime;

namespace GradCamSharp.Benchmarks;

/// <summary>Forward passes a second of a method of many runs, and of such batches in plain ONNX Runtime that does nothing else.</summary>
/// <param name="Method">The method.</param>
/// <param name="Runs">How many passes a map takes.</param>
/// <param name="Rate">The median of the rounds, passes a second.</param>
/// <param name="Plain">The same in plain ONNX Runtime.</param>
/// <param name="PeakMegabytes">The process's largest resident memory so far, in 10^6 bytes.</param>
internal sealed record RunThroughput(string Method, int Runs, double Rate, double Plain, double PeakMegabytes)
{
    /// <summary>Measures Score-CAM, and RISE with 1,000 masks, each in turn with plain inference.</summary>
    /// <param name="model">An .onnx file.</param>
    /// <param name="rounds">How many rounds.</param>
    public static IEnumerable<RunThroughput> Measure(string model, int rounds)
    {
        int runs = 0;
        using var explainer = Explainer.Load(model, new ExplainerOptions { Progress = new Told(p => runs = p.Total) });
        using var plain = new InferenceSession(model);
        var shape = explainer.Input.Shape.With(0, 1);
        float[] picture = Benchmark.Picture(shape);
        // As many pictures together as the engine takes, where the model leaves the batch open.
        int batch = explainer.Input.Declared[0].IsKnown ? 1 : Math.Clamp(1_250_000 / picture.Length, 1, 64);
        foreach (ExplanationMethod method in (ExplanationMethod[])[new ScoreCam(), new Rise { Masks = 1000 }])
        {
            double[] own = new double[rounds], bare = new double[rounds];
            for (int round = -1; round < rounds; round++)
            {
                long start = Stopwatch.GetTimestamp();
                explainer.Explain(picture, shape, [method], [ClassRequest.Top1]);
                double first = runs / Stopwatch.GetElapsedTime(start).TotalSeconds;
                double second = Passes(plain, explainer.Input.Name, picture, shape.With(0, batch).ToArray(), runs);
                if (round >= 0)
                    (own[round], bare[round]) = (first, second);
            }

            using var process = Process.GetCurrentProcess();
            yield return new RunThroughput(method.Name, runs, Median.Of(own), Median.Of(bare), process.PeakWorkingSet64 / 1e6);
        }
    }

    private static double Passes(InferenceSession session, string name, float[] picture, long[] shape, int runs)
    {
        float[] inputs = [.. Enumerable.Repeat(picture, (int)shape[0]).SelectMany(p => p)];
        using var input = OrtValue.CreateTensorValueFromMemory(inputs, shape);
        using var run = new RunOptions();
        long start = Stopwatch.GetTimestamp();
        for (int done = 0; done < runs; done += (int)shape[0])
            session.Run(run, [name], [input], session.OutputNames).Dispose();
        return runs / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private sealed class Told(Action<RunProgress> tell) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => tell(value);
    }
}
