using GradCamSharp.Films;
using GradCamSharp.Imaging;
using GradCamSharp.Targets;
using Microsoft.ML.OnnxRuntime;

namespace GradCamSharp.Benchmarks;

/// <summary>
/// What explaining boxes, or the frames of a film, costs beside plain inference of the same inputs: in processor time on one thread, which
/// other work on the machine hardly changes.
/// </summary>
internal static class TargetCosts
{
    private const int WarmUps = 3;

    // A call alone is too short for the clock of processor time.
    private const int CallsATurn = 4;

    private static TargetOptions OnOneThread { get; } = new() { Explainer = new ExplainerOptions { Threads = 1 } };

    /// <summary>Measures a detector: its best box, and ten boxes in one run, by the default method.</summary>
    /// <param name="model">An .onnx file.</param>
    /// <param name="picture">A picture.</param>
    /// <param name="runs">How many runs the medians are over.</param>
    /// <returns>What was explained, plain inference and the explanation, in milliseconds, and the largest ratio that is wanted.</returns>
    public static IEnumerable<(string What, double Plain, double Explained, double Target)> OfBoxes(string model, string picture, int runs)
    {
        using var explainer = PictureTargets.Load(model, OnOneThread);
        var input = explainer.InputOf(PictureDecoder.Decode(picture));
        int found = explainer.Model.Read(input)[0].Detections.Count;
        if (found == 0)
            yield break;
        (string What, int Count, double Target)[] asked = [("the best box", 1, 1.15), ("ten boxes in one run", 10, 1.6)];
        foreach (var (what, count, target) in asked)
        {
            // Where fewer are found, the best is asked for by several names, and each is explained.
            var targets = Target.Parse(string.Join(',', Enumerable.Range(0, count).Select(i => $"box:{i % found}")));
            var (plain, explained) = InTurn(model, [input], runs, i => explainer.Model.Explain(i, [], targets));
            yield return ($"{what} ({found} found)", plain, explained, target);
        }
    }

    /// <summary>Measures a film: every part's plain inference beside its explanation, decoding and preparing left out.</summary>
    /// <param name="model">An .onnx file.</param>
    /// <param name="film">A film.</param>
    /// <param name="runs">How many times the film is gone through.</param>
    public static (string What, double Plain, double Explained, double Target) OfFrames(string model, string film, int runs)
    {
        using var explainer = PictureTargets.Load(model, OnOneThread);
        var inputs = Film.Open(film).Frames().Select(f => explainer.InputOf(f.Picture)).ToList();
        var (plain, explained) = InTurn(model, inputs, runs, input => explainer.Model.Explain(input, [], []));
        return ($"a frame, of {inputs.Count}", plain, explained, 1.2);
    }

    private static (double Plain, double Explained) InTurn(
        string model, IReadOnlyList<TargetInput> inputs, int runs, Action<TargetInput> explain)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        using var plain = new InferenceSession(model, options);
        using var run = new RunOptions();
        var inference = new List<double>();
        var explanation = new List<double>();
        for (int i = -WarmUps; i < runs; i++)
        {
            foreach (var input in inputs)
            {
                using var value = OrtValue.CreateTensorValueFromMemory(input.Batch.ToArray(), input.Shape.ToArray());
                double first = Time(() => plain.Run(run, [plain.InputNames[0]], [value], plain.OutputNames).Dispose());
                double second = Time(() => explain(input));
                if (i < 0)
                    continue;
                inference.Add(first);
                explanation.Add(second);
            }
        }

        return (Median.Of(inference), Median.Of(explanation));
    }

    private static double Time(Action action)
    {
        var before = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < CallsATurn; i++)
            action();
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / CallsATurn;
    }
}
