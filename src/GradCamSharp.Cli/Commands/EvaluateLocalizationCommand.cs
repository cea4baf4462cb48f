using System.CommandLine;
using System.Globalization;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Evaluating;
using GradCamSharp.Evaluation.Baselines;
using GradCamSharp.Evaluation.Experiments.Localization;
using GradCamSharp.Evaluation.Experiments.Trust;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam evaluate localization</c>: mean Loc and the pointing game.</summary>
internal static class EvaluateLocalizationCommand
{
    public static Command Create()
    {
        var command = new Command(
            "localization",
            "Measures how well maps find the objects of classes that are among the model's top 5: mean Loc (Eq. 12), the pointing game. " +
            "Of a detector or a segmenter: how much of each object's map lies on it, and how much on the others.");
        var job = new EvaluationJob(command, $"gradcam++,gradcam,{CentreBaseline.Name}");
        var deltas = CommandOption.Of<string>("--delta", "LIST", "0,0.25,0.5", "Where evidence begins: thresholds from 0 to less than 1.");
        var difficult = new Option<bool>("--without-difficult")
        {
            Description = "Leave out objects that the annotation calls difficult.",
        };
        var metrics = CommandOption.Of<string>(
            "--metrics", "LIST", "",
            "Instead of Loc and the pointing game, with centre and random beside the methods: a comma list of " +
            $"{TrustMetrics.Localization.Names}.");
        command.Options.Add(metrics);
        command.Options.Add(deltas);
        command.Options.Add(difficult);
        command.SetRun((parsed, cancellationToken) => job.Run(
            parsed,
            EvaluationJob.List(parsed.GetValue(metrics)!) is { Count: > 0 } names
                ? job.Trust(parsed, TrustMetrics.Localization.Parse(names)) with { Classes = TrustClasses.Annotated }
                : new LocalizationExperiment { Deltas = [.. EvaluationJob.List(parsed.GetValue(deltas)!).Select(Number)] },
            includeDifficult: !parsed.GetValue(difficult),
            ofClasses: [deltas],
            cancellationToken));
        return command;
    }

    private static double Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
        ? number
        : throw new UsageException($"--delta takes numbers such as 0,0.25,0.5, not '{text}'.");
}
