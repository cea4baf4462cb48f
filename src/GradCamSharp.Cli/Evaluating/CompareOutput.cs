using System.Globalization;
using System.Text;
using GradCamSharp.Evaluation;
using GradCamSharp.Evaluation.Experiments.Comparing;
using GradCamSharp.Evaluation.Experiments.Trust;
using GradCamSharp.Evaluation.Experiments.Trust.Measures;

namespace GradCamSharp.Cli.Evaluating;

/// <summary>A comparison as text: the table, and what it says.</summary>
internal static class CompareOutput
{
    /// <summary>Prints it.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="summary">The comparison.</param>
    /// <param name="took">How long it took; null where it was measured before.</param>
    public static void Write(TextWriter output, CompareSummary summary, TimeSpan? took = null)
    {
        int candidates = summary.Candidates.Count(c => !c.IsBaseline);
        output.WriteLine(string.Join(", ", (string[])[
            Counted.Of(summary.Pictures, "picture"),
            $"{Counted.Of(candidates, "candidate")} and {Counted.Of(summary.Candidates.Count - candidates, "baseline")}",
            $"{(summary.Layers.Count == 1 ? "layer" : "layers")} {string.Join(", ", summary.Layers)}",
            FormattableString.Invariant($"seed {summary.Experiment.Seed}"), .. took is { } time ? (string[])[TrustCost.Words(time)] : []]));
        output.WriteLine();
        WriteTable(output, summary);
        foreach (var c in summary.Candidates.Where(c => c.Same.Count > 0))
            output.WriteLine($"The same maps, measured once: {c.Name} = {string.Join(" = ", c.Same)}.");
        output.WriteLine();
        var text = CompareText.Of(summary, count => More(summary, count));
        output.WriteLine(text.Headline);
        foreach (string reason in text.Reasons)
            output.WriteLine("  " + reason);
        output.WriteLine(text.Limits);
    }

    // How more pictures are asked for, and how long they take.
    private static string More(CompareSummary summary, int count)
    {
        double seconds = summary.Experiment.SecondsAPicture * count;
        string time = seconds <= 0 ? "" : seconds < 90 ? FormattableString.Invariant($", about {Math.Ceiling(seconds):0} s")
            : seconds < 5400 ? FormattableString.Invariant($", about {seconds / 60:0} min")
            : FormattableString.Invariant($", about {seconds / 3600:0} h");
        return FormattableString.Invariant($"--count {count}") + time;
    }

    private static void WriteTable(TextWriter output, CompareSummary s)
    {
        var experiment = s.Experiment;
        string[] deciding = [.. experiment.Deciding.Select(m => m.Figures[0].Name)];
        var columns = new List<Column>
        {
            new("", "", "", c => c.Name),
            // Over both: what they are about.
            new("", experiment.Deciding[0].Title, "", c => Faithful(c[deciding[0]], c.IsLeft)) { Gap = 0 },
            new("", experiment.Deciding[1].Title, "", c => Faithful(c[deciding[1]], c.IsSecondLeft)) { Gap = 0 },
            new("specific", "to class", "", c => Number(c["random_logit"]) + After(c.Gates?.Specific switch
            {
                Specificity.Yes => "yes", Specificity.Weak => "weak", Specificity.No => "no", _ => "",
            })) { Least = 10 },
            new("sane", "(random", "weights)", c => Number(c["mprt_full"]) + After(c.Gates?.Sane switch
            {
                Sanity.Yes => "yes", Sanity.Unclear => "unclear", Sanity.No => "no", _ => "",
            })) { Least = 8 },
        };
        foreach (var measure in experiment.Further)
        {
            var figure = measure.Figures[0];
            columns.Add(measure switch
            {
                SensitivityMeasure => new("steady", "noise", "", c => Number(c[figure.Name])) { Least = 6 },
                ConsistencyMeasure => new("", "changes", "", c => Number(c[figure.Name])) { Least = 8 },
                _ => new(measure.NeedsObjects ? "on object" : "", measure.Title, "", c => Number(c[figure.Name])),
            });
        }

        columns.Add(new("cost", "x plain", "", c => c.Cost is { } cost ? cost.ToString("0.00", CultureInfo.InvariantCulture) : ""));
        int[] widths = [.. columns.Select((column, i) => Math.Max(Math.Max(column.Least, s.Candidates.Max(c => column.Of(c).Length)),
            Math.Max(column.Top.Length, Math.Max(column.Middle.Length, column.Bottom.Length))) + (i == 0 ? 3 : column.Gap))];
        string top = Line(columns.Select(c => c.Top), widths);
        // "faithful" stands over the middle of both of its columns, a little to the left.
        output.WriteLine(top.Remove(widths[0] + 10, 8).Insert(widths[0] + 10, "faithful").TrimEnd());
        output.WriteLine(Line(columns.Select(c => c.Middle), widths).TrimEnd());
        if (columns.Any(c => c.Bottom.Length > 0))
            output.WriteLine(Line(columns.Select(c => c.Bottom), widths).TrimEnd());
        foreach (var c in s.Candidates)
            output.WriteLine(Line(columns.Select(column => column.Of(c)), widths).TrimEnd());
        output.WriteLine("A: nobody is shown to be better (95 %, corrected for all comparisons)");
        if (experiment.First.Count < s.Pictures)
        {
            output.WriteLine(
                $"{experiment.Deciding[0].Title} and {experiment.Deciding[1].Title} are of all pictures, all else of " +
                $"{Counted.Of(experiment.First.Count, "picture")} spread over them.");
        }

        string[] undefined = [.. s.Candidates.SelectMany(c => c.Figures.Where(f => f.Undefined > 0 && IsShown(f))
            .Select(f => FormattableString.Invariant($"{c.Name} {f.Figure} on {Counted.Of(f.Undefined, "picture")}")))];
        if (undefined.Length > 0)
            output.WriteLine($"Undefined, and left out of the mean: {string.Join(", ", undefined)}.");

        bool IsShown(FigureMean figure) => deciding.Contains(figure.Figure) || figure.Figure is "random_logit" or "mprt_full"
            || experiment.Further.Any(m => m.Figures[0].Name == figure.Figure);
    }

    private static string Line(IEnumerable<string> cells, int[] widths) =>
        cells.Zip(widths).Aggregate(new StringBuilder(), (line, cell) => line.Append(cell.First.PadRight(cell.Second))).ToString();

    private static string Faithful(FigureMean? figure, bool isLeft) => figure?.Mean is not { } mean ? new string(' ', 22)
        : string.Create(CultureInfo.InvariantCulture, $"{mean,4:0.00} {figure.Low,5:0.00} .. {figure.High,4:0.00}") +
            (isLeft ? "  A " : "    ");

    private static string After(string? word) => string.IsNullOrEmpty(word) ? "" : " " + word;

    // A baseline that never moves has exactly 0.
    private static string Number(FigureMean? figure) => figure?.Mean switch
    {
        null => "",
        0 => "0",
        { } value => value.ToString("0.00", CultureInfo.InvariantCulture),
    };

    /// <summary>A column: three lines of heading, and what stands in it.</summary>
    private sealed record Column(string Top, string Middle, string Bottom, Func<CompareCandidate, string> Of)
    {
        public int Least { get; init; }

        public int Gap { get; init; } = 2;
    }
}
