using System.CommandLine;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam evaluate</c>: measures explanations.</summary>
internal static class EvaluateCommand
{
    public static Command Create() => new("evaluate", "Measures explanations.")
    {
        EvaluateFaithfulnessCommand.Create(),
        EvaluateLocalizationCommand.Create(),
        EvaluateSanityCommand.Create(),
        EvaluateSummaryCommand.Create(),
        EvaluateMergeCommand.Create(),
        EvaluateReportCommand.Create(),
        EvaluateScenesCommand.Create(),
    };
}
