using System.Globalization;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Evaluation;
using GradCamSharp.Evaluation.Experiments;
using GradCamSharp.Evaluation.Experiments.Comparing;
using GradCamSharp.Evaluation.Experiments.Faithfulness;
using GradCamSharp.Evaluation.Experiments.Localization;
using GradCamSharp.Evaluation.Experiments.Trust;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Runs;

namespace GradCamSharp.Cli.Evaluating;

/// <summary>A run's result, as a table in the paper's form or as JSON.</summary>
internal static class SummaryOutput
{
    /// <summary>Prints it.</summary>
    /// <param name="summary">The result.</param>
    /// <param name="json">Whether as JSON.</param>
    /// <param name="took">How long it took, where that is said.</param>
    /// <returns>The exit code: failed where pictures could not be measured.</returns>
    public static int Write(RunSummary summary, bool json, TimeSpan? took = null)
    {
        if (json)
            Console.Out.WriteLine(summary.ToText());
        else
            WriteTable(Console.Out, summary, took);
        if (summary.Errors > 0)
        {
            Console.Error.WriteLine(
                $"{Counted.Of(summary.Errors, "picture")} could not be measured; the column 'error' of records.csv says why.");
        }

        if (summary is { Pictures: > 0, Pairs: 0 })
        {
            Console.Error.WriteLine(
                $"Nothing was measured: {summary.WhyNothing}. " +
                "--labels says what the model's classes are, --mapping which the data set's are.");
        }

        return summary.Errors > 0 ? CommandRun.Failed : CommandRun.Done;
    }

    /// <summary>A run that was stopped has a table too, of fewer pictures.</summary>
    public static void SayIfUnfinished(RecordTable table, RunSummary summary)
    {
        int there = summary.Pictures + summary.Errors;
        if (there >= table.Expected)
            return;
        string command = table.Manifest.MeasuredBy;
        string next = command.Length > 0 ? $"It goes on with: {command}" : "The same command goes on with it.";
        Console.Error.WriteLine(
            FormattableString.Invariant($"The run is not finished: {there} of {table.Expected} pictures are there. ") + next);
    }

    private static void WriteTable(TextWriter output, RunSummary summary, TimeSpan? took)
    {
        switch (summary)
        {
            case FaithfulnessSummary faithfulness:
                WriteTable(output, faithfulness);
                break;
            case LocalizationSummary localization:
                WriteTable(output, localization);
                break;
            case TrustSummary trust:
                TrustOutput.Write(output, trust);
                break;
            case CompareSummary comparison:
                CompareOutput.Write(output, comparison, took);
                break;
        }
    }

    private static void WriteTable(TextWriter output, FaithfulnessSummary summary)
    {
        output.WriteLine(string.Join(", ",
            Counted.Of(summary.Pictures, "picture"), Counted.Of(summary.Pairs, "class", "classes") + " explained",
            Counted.Of(summary.Errors, "error")));
        if (summary.Missed > 0)
        {
            output.WriteLine(
                $"({Counted.Of(summary.Missed, "more class", "more classes")}, none of the model's, {Do(summary.Missed)} not count)");
        }
        if (summary.Pairs == 0)
            return;
        output.WriteLine();
        string[] insertion = summary.Methods.Any(m => m.Insertion is not null) ? [">INSERTION"] : [];
        string[] deletion = summary.Methods.Any(m => m.Deletion is not null) ? [">DELETION"] : [];
        var table = new TextTable(["METHOD", ">AVERAGE DROP %", ">INCREASE %", .. insertion, .. deletion, ">EMPTY MAPS"]);
        foreach (var m in summary.Methods)
        {
            table.Add([m.Method, Percent(m.AverageDrop), Percent(m.Increase), .. insertion.Select(_ => Share(m.Insertion)),
                .. deletion.Select(_ => Share(m.Deletion)), m.Empty.ToString(CultureInfo.InvariantCulture)]);
        }

        table.Write(output);
        if (summary.Wins.Count == 0)
            return;
        output.WriteLine();
        var wins = new TextTable("A", "B", ">A WINS %", ">B WINS %", ">OF THAT TIES %");
        foreach (var w in summary.Wins)
            wins.Add(w.A, w.B, Percent(Wins.Share(w.AWins, w.Ties)), Percent(Wins.Share(w.BWins, w.Ties)), Percent(w.Ties));
        wins.Write(output);
        output.WriteLine("(a tie counts half to each)");
    }

    private static void WriteTable(TextWriter output, LocalizationSummary summary)
    {
        output.WriteLine(string.Join(", ", Counted.Of(summary.Pictures, "picture"),
            Counted.Of(summary.Pairs, "pair") + " of a picture and a class among the model's top 5", Counted.Of(summary.Errors, "error")));
        if (summary.Missed > 0)
        {
            output.WriteLine(
                $"({Counted.Of(summary.Missed, "more pair")}, whose class is not among them, {Do(summary.Missed)} not count)");
        }
        if (summary.Pairs == 0)
            return;
        output.WriteLine();
        var locs = summary.Deltas.Select(d => string.Create(CultureInfo.InvariantCulture, $">LOC {d}"));
        var table = new TextTable(["METHOD", .. locs, ">POINTING %", ">EMPTY MAPS"]);
        foreach (var m in summary.Methods)
        {
            table.Add(
                [m.Method, .. m.Loc.Select(l => Share(l)), Percent(100 * m.Pointing), m.Empty.ToString(CultureInfo.InvariantCulture)]);
        }

        table.Write(output);
    }

    private static string Do(int number) => number == 1 ? "does" : "do";

    private static string Percent(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Share(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "";
}
