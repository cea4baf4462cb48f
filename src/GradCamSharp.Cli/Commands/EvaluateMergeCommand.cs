using System.CommandLine;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Evaluating;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Evaluation.Parquet;
using GradCamSharp.Evaluation.Runs;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam evaluate merge</c>: one run of its shards.</summary>
internal static class EvaluateMergeCommand
{
    public static Command Create()
    {
        var folders = new Argument<string[]>("DIR") { Description = "The folders of all parts.", Arity = ArgumentArity.OneOrMore };
        var output = CommandOption.Output(
            "DIR",
            "The folder of the whole run: the records and the table of one run without shards, and a manifest that names the parts. " +
            "Default: only the table.");
        var json = JsonOutput.Option();
        var command = new Command("merge", "Brings the parts of a run that was made with --shard together, and says which are missing.")
        {
            folders, output, json,
        };
        var format = new RecordsFormat(command);
        command.SetRun((parsed, cancellationToken) =>
        {
            bool isParquet = format.IsParquet(parsed);
            string? target = parsed.GetValue(output);
            if (isParquet && target is null)
                throw new UsageException("--format parquet writes into the folder of the whole run; name it by --output.");
            var merge = RunMerge.Open(parsed.GetValue(folders)!, GivenCommand.Text(parsed), cancellationToken);
            if (target is null)
                return SummaryOutput.Write(merge.Summary(), parsed.GetValue(json));
            var table = merge.Write(target, cancellationToken);
            if (isParquet)
                ParquetRecords.Write(table);
            return SummaryOutput.Write(table.Summary(), parsed.GetValue(json));
        });
        return command;
    }
}
