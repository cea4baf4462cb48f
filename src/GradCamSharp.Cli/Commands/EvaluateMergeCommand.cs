using System.CommandLine;
using GradCamSharp.Cli.Evaluating;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Evaluation.Runs;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam evaluate merge</c>: one run of its shards.</summary>
internal static class EvaluateMergeCommand
{
    public static Command Create()
    {
        var folders = new Argument<string[]>("DIR") { Description = "The folders of all parts.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "The folder of the whole run: what one run without shards would have written. Default: only the table.",
            HelpName = "DIR",
        };
        var json = JsonOutput.Option();
        var command = new Command("merge", "Brings the parts of a run that was made with --shard together, and says which are missing.")
        {
            folders, output, json,
        };
        command.SetRun((parsed, _) =>
        {
            var merge = RunMerge.Open(parsed.GetValue(folders)!);
            var summary = parsed.GetValue(output) is { } folder ? RunSummary.Of(merge.Write(folder)) : merge.Summary();
            return SummaryOutput.Write(summary, parsed.GetValue(json));
        });
        return command;
    }
}
