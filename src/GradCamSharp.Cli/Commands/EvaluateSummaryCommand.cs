using System.CommandLine;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Evaluating;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Evaluation.Runs;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam evaluate summary</c>: a run's table again, from its records alone.</summary>
internal static class EvaluateSummaryCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of a run, or of a part of one." };
        var json = JsonOutput.Option();
        var command = new Command("summary", "Computes a run's table again from its records alone.") { folder, json };
        command.SetRun((parsed, _) =>
        {
            var table = RecordTable.Open(parsed.GetValue(folder)!);
            var summary = table.Summary();
            SummaryOutput.SayIfUnfinished(table, summary);
            return SummaryOutput.Write(summary, parsed.GetValue(json));
        });
        return command;
    }
}
