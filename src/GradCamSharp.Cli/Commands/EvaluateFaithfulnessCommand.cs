using System.CommandLine;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Evaluating;
using GradCamSharp.Evaluation.Experiments.Faithfulness;
using GradCamSharp.Imaging;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam evaluate faithfulness</c>: average drop, increase in confidence and win.</summary>
internal static class EvaluateFaithfulnessCommand
{
    public static Command Create()
    {
        var command = new Command(
            "faithfulness",
            "Measures how faithful maps are to the model: average drop, increase in confidence, and win for every pair of methods.");
        var job = new EvaluationJob(command, "gradcam++,gradcam");
        var metrics = CommandOption.Of<string>(
            "--metrics", "LIST", "",
            "Further metrics beside drop, increase and win, which are always measured: insertion, deletion (some 450 forward passes " +
            "a picture and method).");
        var space = CommandOption.Of<string>(
            "--mask-space", "SPACE", "pixel", "pixel: what is masked is black; normalized: it is the mean's colour.");
        var classes = CommandOption.Of<string>(
            "--class", "C", "predicted", "predicted: the class that the model predicts; truth: those that the data set names.");
        foreach (var option in (Option[])[metrics, space, classes])
            command.Options.Add(option);
        command.SetRun((parsed, cancellationToken) => job.Run(
            parsed,
            new FaithfulnessExperiment
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
