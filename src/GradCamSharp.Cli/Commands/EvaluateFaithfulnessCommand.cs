using System.CommandLine;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Evaluating;
using GradCamSharp.Evaluation.Experiments;
using GradCamSharp.Evaluation.Experiments.Faithfulness;
using GradCamSharp.Evaluation.Experiments.Trust;
using GradCamSharp.Imaging;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam evaluate faithfulness</c>: average drop, increase in confidence and win.</summary>
internal static class EvaluateFaithfulnessCommand
{
    private static readonly string[] Own = ["insertion", "deletion", "drop", "increase", "win", "wins"];

    public static Command Create()
    {
        var command = new Command(
            "faithfulness",
            "Measures how faithful maps are to the model: average drop, increase in confidence, and win for every pair of methods.");
        var job = new EvaluationJob(command, "gradcam++,gradcam");
        var metrics = CommandOption.Of<string>(
            "--metrics", "LIST", "",
            "Further metrics beside drop, increase and win, which are always measured: insertion, deletion (some 450 forward passes " +
            "a picture and method). Or, as a run of its own with centre and random beside the methods: " +
            $"{TrustMetrics.Faithfulness.Names}.");
        var space = CommandOption.Of<string>(
            "--mask-space", "SPACE", "pixel", "pixel: what is masked is black; normalized: it is the mean's colour.");
        var classes = CommandOption.Of<string>(
            "--class", "C", "predicted", "predicted: the class that the model predicts; truth: those that the data set names.");
        foreach (var option in (Option[])[metrics, space, classes])
            command.Options.Add(option);
        command.SetRun((parsed, cancellationToken) => job.Run(
            parsed,
            (Experiment?)Trust(parsed, job, metrics, classes) ?? new FaithfulnessExperiment
            {
                Curves = Curves(parsed.GetValue(metrics)!),
                MaskSpace = parsed.GetValue(space)!.ToUpperInvariant() switch
                {
                    "PIXEL" => MaskSpace.Pixel,
                    "NORMALIZED" => MaskSpace.Normalized,
                    _ => throw new UsageException($"--mask-space takes pixel or normalized, not '{parsed.GetValue(space)}'."),
                },
                Classes = parsed.GetValue(classes)!.ToUpperInvariant() switch
                {
                    "PREDICTED" => ExplainedClasses.Predicted,
                    "TRUTH" => ExplainedClasses.Truth,
                    _ => throw new UsageException($"--class takes predicted or truth, not '{parsed.GetValue(classes)}'."),
                },
            },
            includeDifficult: true,
            ofClasses: [],
            cancellationToken));
        return command;
    }

    // Measures of trust are a run of their own.
    private static TrustExperiment? Trust(ParseResult parsed, EvaluationJob job, Option<string> metrics, Option<string> classes)
    {
        var names = EvaluationJob.List(parsed.GetValue(metrics)!);
        string[] others = [.. names.Where(n => !Own.Contains(n, StringComparer.OrdinalIgnoreCase))];
        if (others.Length == 0)
            return null;
        var measures = TrustMetrics.Faithfulness.Parse(others);
        if (others.Length < names.Count)
        {
            throw new UsageException($"{string.Join(", ", names.Except(others))} and {string.Join(", ", others)} are measured by runs of " +
                "their own: name them in two commands.");
        }

        return !parsed.GetValue(classes)!.Equals("predicted", StringComparison.OrdinalIgnoreCase)
            ? throw new UsageException($"{string.Join(", ", others)} explain the predicted class; leave out --class.")
            : job.Trust(parsed, measures);
    }

    // Drop, increase and win may be named too; they are measured anyway.
    private static PixelCurve[] Curves(string list) => [.. EvaluationJob.List(list).Select(m => m.ToUpperInvariant() switch
    {
        "INSERTION" => PixelCurve.Insertion,
        "DELETION" => PixelCurve.Deletion,
        "DROP" or "INCREASE" or "WIN" or "WINS" => (PixelCurve?)null,
        _ => throw new UsageException($"There is no metric '{m}'. Beside drop, increase and win, which are always measured, there are " +
            "insertion and deletion."),
    }).OfType<PixelCurve>().Distinct()];
}
