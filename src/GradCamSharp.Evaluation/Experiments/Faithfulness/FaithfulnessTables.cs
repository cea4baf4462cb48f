using System.Globalization;
using System.Text;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Pages;
using GradCamSharp.Evaluation.Records;
using static GradCamSharp.Evaluation.Pages.ReportPage;

namespace GradCamSharp.Evaluation.Experiments.Faithfulness;

/// <summary>The tables of a report of faithfulness.</summary>
internal static class FaithfulnessTables
{
    /// <summary>
    /// Two methods in the form of the paper's tables 1, 2 and 4 to 8, the paper's own figures beside them where there are any.
    /// </summary>
    /// <remarks>A figure is marked as the better one where the 95 % interval of the difference does not hold 0.</remarks>
    public static string Pair(
        FaithfulnessSummary summary, IReadOnlyList<MeasuredPair> pairs, (int First, int Second) places, PaperTable? paper)
    {
        string first = summary.Methods[places.First].Method, second = summary.Methods[places.Second].Method;
        var (a, b) = (summary.Methods.First(m => m.Method == first), summary.Methods.First(m => m.Method == second));
        var wins = summary.Wins.First(w => (w.A == first && w.B == second) || (w.A == second && w.B == first));
        double ownWins = Wins.Share(wins.A == first ? wins.AWins : wins.BWins, wins.Ties);
        var html = new StringBuilder("<table class=\"paper\"><thead>");
        if (paper is not null)
        {
            html.Append(CultureInfo.InvariantCulture,
                $"<tr><th></th><th colspan=\"2\">measured here</th>" +
                $"<th colspan=\"2\" class=\"theirs\">the paper, " +
                $"table {paper.Number} ({Encode(paper.Network)}, {Encode(paper.Data)})</th></tr>");
        }
        string titles = $"<th class=\"{MethodLook.Class(first)} key\">{Title(first)}</th>" +
            $"<th class=\"{MethodLook.Class(second)} key\">{Title(second)}</th>";
        html.Append($"<tr><th></th>{titles}" +
            $"{(paper is null ? "" : titles.Replace(" key", " key theirs", StringComparison.Ordinal))}</tr></thead><tbody>");
        Row("Average drop %", "lower is better", a.AverageDrop, b.AverageDrop, paper?.PlusPlus.Drop, paper?.GradCam.Drop,
            isLessBetter: true, Comparison.Of(pairs, Drop, places.First, places.Second));
        Row("% increase in confidence", "higher is better", a.Increase, b.Increase, paper?.PlusPlus.Increase, paper?.GradCam.Increase,
            isLessBetter: false, Comparison.Of(pairs, Increase, places.First, places.Second, one: 100));
        Row("Win %",
            wins.Ties > 0 ? string.Create(CultureInfo.InvariantCulture, $"higher is better; {wins.Ties:0.0} % ties, half to each")
                : "higher is better",
            ownWins, 100 - ownWins, paper?.PlusPlus.Win, paper?.GradCam.Win, isLessBetter: false,
            MeanInterval.OfAnswers(Signs(places.First, places.Second), 100));
        return html.Append("</tbody></table>\n").ToString();

        double[] Signs(int a, int b) => [.. pairs.Select(p => 100.0 * Math.Sign(Masked(p.Rows[a]) - Masked(p.Rows[b])))];

        void Row(
            string name, string note, double x, double y, double? theirX, double? theirY, bool isLessBetter, MeanInterval difference)
        {
            bool isSure = difference.ExcludesZero, isFirst = (difference.Mean < 0) == isLessBetter;
            html.Append($"<tr><th>{name} <small>{note}</small>{Interval(difference)}</th>" +
                $"{Cell(x, isSure && isFirst)}{Cell(y, isSure && !isFirst)}");
            // Nobody knows how sure the paper's figures are.
            if (theirX is { } p && theirY is { } q)
                html.Append(Cell(p, false, " theirs")).Append(Cell(q, false, " theirs"));
            html.Append("</tr>");
        }
    }

    /// <summary>Every method's figures, a row each; one that is better than every other beyond doubt is marked.</summary>
    public static string Methods(FaithfulnessSummary summary, IReadOnlyList<MeasuredPair> pairs)
    {
        var methods = summary.Methods;
        bool hasInsertion = methods.Any(m => m.Insertion is not null), hasDeletion = methods.Any(m => m.Deletion is not null);
        int? least = Comparison.Best(pairs, Drop, methods.Count, isLessBetter: true);
        int? most = Comparison.Best(pairs, Increase, methods.Count, isLessBetter: false, one: 100);
        var html = new StringBuilder(
            "<table><thead><tr><th>method</th><th>average drop % <small>lower is better</small></th>" +
            "<th>% increase in confidence <small>higher is better</small></th>");
        html.Append(hasInsertion ? "<th>insertion <small>higher</small></th>" : "")
            .Append(hasDeletion ? "<th>deletion <small>lower</small></th>" : "")
            .Append("<th>empty maps</th></tr></thead><tbody>");
        foreach (var (place, m) in methods.Index())
        {
            html.Append(MethodRow(m.Method)).Append(Bar(m.AverageDrop, 100, place == least)).Append(Bar(m.Increase, 100, place == most));
            html.Append(hasInsertion ? Cell(m.Insertion ?? 0, false, format: "0.000") : "")
                .Append(hasDeletion ? Cell(m.Deletion ?? 0, false, format: "0.000") : "");
            html.Append(Count(m.Empty)).Append("</tr>");
        }

        return html.Append("</tbody></table>\n").ToString();
    }

    /// <summary>
    /// How often each method beats each other, as a square; ties count half to each. A cell is coloured where the 95 % interval of the
    /// difference does not hold 0.
    /// </summary>
    public static string WinsSquare(FaithfulnessSummary summary, IReadOnlyList<MeasuredPair> pairs)
    {
        var names = summary.Methods.Select(m => m.Method).ToArray();
        var html = new StringBuilder("<table class=\"square\"><thead><tr><th>wins of … against</th>");
        foreach (string name in names)
            html.Append($"<th class=\"{MethodLook.Class(name)} key\"><span>{Title(name)}</span></th>");
        html.Append("</tr></thead><tbody>");
        foreach (var (place, name) in names.Index())
        {
            html.Append($"<tr><th class=\"{MethodLook.Class(name)} key\">{Title(name)}</th>");
            foreach (var (against, other) in names.Index())
            {
                if (name == other)
                {
                    html.Append("<td class=\"self\"></td>");
                    continue;
                }

                var wins = summary.Wins.First(w => (w.A == name && w.B == other) || (w.A == other && w.B == name));
                var (own, others) = wins.A == name ? (wins.AWins, wins.BWins) : (wins.BWins, wins.AWins);
                double share = Wins.Share(own, wins.Ties);
                bool isSure = MeanInterval.OfAnswers(
                    [.. pairs.Select(p => (double)Math.Sign(Masked(p.Rows[place]) - Masked(p.Rows[against])))], 1).ExcludesZero;
                string look = !isSure ? "" : share > 50 ? "over" : "under";
                html.Append(CultureInfo.InvariantCulture,
                    $"<td style=\"--s:{Math.Abs(share - 50) * 1.4:0}%\" class=\"{look}\" " +
                    $"title=\"wins {own:0.0} %, loses {others:0.0} %, ties {wins.Ties:0.0} %\">{share:0.0}</td>");
            }

            html.Append("</tr>");
        }

        return html.Append("</tbody></table>\n").ToString();
    }

    /// <summary>The drop of one row, in percent.</summary>
    private static double Drop(MeasuredRow row) => 100 * ConfidenceDrop.Drop(((FaithfulnessRow)row).Probability, Masked(row));

    private static double Increase(MeasuredRow row) => row is FaithfulnessRow r && r.Masked > r.Probability ? 100 : 0;

    private static float Masked(MeasuredRow row) => ((FaithfulnessRow)row).Masked;

    private static string Interval(MeanInterval difference) => !double.IsFinite(difference.Low) ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $"<small>difference {difference.Mean:0.0}, 95 %: {difference.Low:0.0} to {difference.High:0.0}</small>");
}
