using System.Diagnostics;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments.Faithfulness;
using GradCamSharp.Evaluation.Runs;
using Microsoft.ML.OnnxRuntime;

namespace GradCamSharp.Benchmarks;

/// <summary>Pictures a second of an evaluation with two methods, and of nothing but its forward passes in plain ONNX Runtime.</summary>
/// <param name="Evaluated">
/// The median of the rounds: decoding, maps, masks, records and all, once the run is under way. What a run does once however many pictures
/// it has, the model's digest and a trial of the methods, would be most of what so few pictures take.
/// </param>
/// <param name="Start">The seconds until each core has measured its first picture, the median of the rounds.</param>
/// <param name="Plain">The median of the rounds: one pass of one picture and one of two, with all cores, ONNX Runtime's default.</param>
/// <param name="PlainByCore">The same with a pass a core, as the evaluation runs them: what nothing else to do would give it.</param>
internal sealed record EvaluationThroughput(double Evaluated, double Start, double Plain, double PlainByCore)
{
    /// <summary>The yardstick: the faster of the two ways of running nothing but the passes.</summary>
    public double Yardstick => Math.Max(Plain, PlainByCore);

    /// <summary>What is left of it where the evaluation runs the passes.</summary>
    public double Ratio => Evaluated / Yardstick;

    private const string Methods = "gradcam++,gradcam";

    /// <summary>Measures both in turn, in one process.</summary>
    /// <param name="model">An .onnx file.</param>
    /// <param name="folder">Pictures.</param>
    /// <param name="rounds">How many rounds.</param>
    public static EvaluationThroughput Measure(string model, string folder, int rounds)
    {
        using var explainer = PictureExplainer.Load(model, new ExplainerOptions { Threads = RunThreads.Pool(0) });
        using var plain = new InferenceSession(model);
        using var oneThread = new SessionOptions { IntraOpNumThreads = 1 };
        using var byCore = new InferenceSession(model, oneThread);
        var data = DataSet.Open(folder);
        var mapping = ClassMapping.BuiltIn(data, explainer.Labels, explainer.Model.ClassCount);
        var options = new EvaluationOptions { Experiment = new FaithfulnessExperiment(), Methods = Methods.Split(',') };
        string output = Directory.CreateTempSubdirectory("gradcam-throughput-").FullName;
        double[] evaluated = new double[rounds], starts = new double[rounds];
        double[] passes = new double[rounds], passesByCore = new double[rounds];
        try
        {
            for (int round = -1; round < rounds; round++)
            {
                string own = Path.Combine(output, $"{round + 1}");
                var clock = new RunClock(Environment.ProcessorCount);
                new EvaluationRun(explainer, data, mapping, options).Run(own, clock);
                double second = Rate(data.Pictures.Count, () => Passes(plain, explainer, data.Pictures.Count));
                double third = Rate(data.Pictures.Count, () => PassesByCore(byCore, explainer, data.Pictures.Count));
                if (round >= 0)
                    (evaluated[round], starts[round], passes[round], passesByCore[round]) = (clock.Rate, clock.Start, second, third);
            }
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }

        return new EvaluationThroughput(Median.Of(evaluated), Median.Of(starts), Median.Of(passes), Median.Of(passesByCore));
    }

    private static void PassesByCore(InferenceSession session, PictureExplainer explainer, int pictures)
    {
        int cores = Environment.ProcessorCount;
        var threads = Enumerable.Range(0, cores)
            .Select(core => new Thread(() => Passes(session, explainer, (pictures / cores) + (core < pictures % cores ? 1 : 0)))).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
    }

    // One picture, then its two explanation maps: together where the model leaves the batch open.
    private static void Passes(InferenceSession session, PictureExplainer explainer, int pictures)
    {
        var shape = explainer.Model.Input.Shape;
        bool isOpen = !shape[0].IsKnown;
        float[] one = Benchmark.Picture(shape.With(0, 1)), two = [.. one, .. one];
        using var single = OrtValue.CreateTensorValueFromMemory(one, shape.With(0, 1).ToArray());
        using var pair = OrtValue.CreateTensorValueFromMemory(two, shape.With(0, 2).ToArray());
        using var run = new RunOptions();
        for (int i = 0; i < pictures; i++)
        {
            foreach (var input in (OrtValue[])(isOpen ? [single, pair] : [single, single, single]))
                session.Run(run, [explainer.Model.Input.Name], [input], session.OutputNames).Dispose();
        }
    }

    /// <summary>How fast a run is behind its first pictures.</summary>
    private sealed class RunClock(int first) : IProgress<RunProgress>
    {
        private readonly long start = Stopwatch.GetTimestamp();
        private int done;
        private double end;

        public double Start { get; private set; }

        public double Rate => (done - first) / (end - Start);

        public void Report(RunProgress value)
        {
            (done, end) = (value.Done, Stopwatch.GetElapsedTime(start).TotalSeconds);
            if (done == first)
                Start = end;
        }
    }

    private static double Rate(int pictures, Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return pictures / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
