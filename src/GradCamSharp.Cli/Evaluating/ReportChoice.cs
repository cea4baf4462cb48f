using System.CommandLine;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Evaluation.Comparing;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments.Comparing;
using GradCamSharp.Evaluation.Reports;
using GradCamSharp.Evaluation.Runs;

namespace GradCamSharp.Cli.Evaluating;

/// <summary>What a report shows, as options of a command.</summary>
internal sealed class ReportChoice
{
    private readonly Option<int> figures = CommandOption.Of<int>(
        "--figures", "N", 8, "The number of pictures in the report: those with the largest differences between two methods.");
    private readonly Option<string?> pair = CommandOption.Of<string?>(
        "--compare", "A,B", "The two methods that the report compares. Default: gradcam++,gradcam, or the first two.");

    /// <param name="command">The command that gets the options.</param>
    public ReportChoice(Command command)
    {
        command.Options.Add(figures);
        command.Options.Add(pair);
    }

    public ReportOptions Options(ParseResult parsed)
    {
        string[]? names = parsed.GetValue(pair)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (names is not null && (names.Length != 2 || names[0] == names[1]))
            throw new UsageException($"--compare takes two methods, not '{parsed.GetValue(pair)}'.");
        return parsed.GetValue(figures) is >= 0 and <= 1000 and var count
            ? new ReportOptions { Figures = count, Pair = names is null ? null : (names[0], names[1]) }
            : throw new UsageException($"--figures takes a number from 0 to 1000, not {parsed.GetValue(figures)}.");
    }

    /// <summary>Writes the report and says where it is.</summary>
    /// <exception cref="UsageException">A method that is to be compared is not in the run.</exception>
    public static void Write(
        RecordTable table, ReportOptions options, PictureExplainer? explainer, DataSet? data, CancellationToken cancellationToken)
    {
        var line = new ProgressLine(explainer is null || data is null ? 0 : options.Figures, "figures");
        string page = UsageException.Check(() => table.Manifest.Experiment is CompareExperiment
            ? CompareReport.Write(table, explainer, data, line, cancellationToken)
            : ReportWriter.Write(table, options, explainer, data, line, cancellationToken));
        line.Clear();
        Console.Error.WriteLine($"report: {page}");
    }
}
