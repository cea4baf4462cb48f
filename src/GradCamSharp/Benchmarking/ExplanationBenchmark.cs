using System.Diagnostics;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Benchmarking;

/// <summary>
/// Measures what explanations cost beside plain inference: in one process, on one pool of threads, in turn, so
/// that what slows one slows all.
/// </summary>
public static class ExplanationBenchmark
{
    private const int WarmUpRuns = 3;

    /// <summary>Measures a model on one input.</summary>
    /// <param name="explainer">The model, loaded from a file.</param>
    /// <param name="methods">The methods; each is measured by itself.</param>
    /// <param name="classes">The classes explained in one run.</param>
    /// <param name="runs">How many times each is run, at least 1, after a few that do not count.</param>
    /// <param name="progress">Told the number of rounds done.</param>
    /// <param name="cancellationToken">Stops the benchmark.</param>
    /// <exception cref="ModelException">The model does not come from a file, or cannot be explained.</exception>
    public static BenchmarkResult Run(
        Explainer explainer,
        IReadOnlyList<ExplanationMethod> methods,
        IReadOnlyList<ClassRequest> classes,
        int runs = 30,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentNullException.ThrowIfNull(methods);
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        var shape = new Shape(explainer.Input.Shape.ToArray(unknown: 1));
        float[] input = new float[shape.Size.Value];
        var random = new Random(Seed: 1);
        for (int i = 0; i < input.Length; i++)
            input[i] = (float)((random.NextDouble() * 2) - 1);

        using var plain = new PlainModel(explainer.ModelName, explainer.Device, input, shape);
        Action[] candidates =
        [
            plain.Run,
            .. methods.Select(Action (m) => () => explainer.Explain(input, shape, [m], classes, cancellationToken)),
        ];
        double[][] times = [.. candidates.Select(_ => new double[runs])];
        for (int run = -WarmUpRuns; run < runs; run++)
        {
            for (int i = 0; i < candidates.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                long start = Stopwatch.GetTimestamp();
                candidates[i]();
                if (run >= 0)
                    times[i][run] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }

            progress?.Report(Math.Max(0, run + 1));
        }

        double[] medians = [.. times.Select(Median.Of)];
        using var process = Process.GetCurrentProcess();
        return new BenchmarkResult(
            medians[0],
            [.. methods.Select((m, i) => new MethodCost(m.Name, medians[i + 1], medians[i + 1] / medians[0]))],
            process.PeakWorkingSet64 / 1e6);
    }
}
