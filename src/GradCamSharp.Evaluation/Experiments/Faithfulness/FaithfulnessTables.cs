using System.Globalization;
using System.Text;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Pages;
using static GradCamSharp.Evaluation.Pages.ReportPage;

namespace GradCamSharp.Evaluation.Experiments.Faithfulness;

/// <summary>The tables of a report of faithfulness.</summary>
internal static class FaithfulnessTables
{
    /// <summary>
    /// Two methods in the form of the paper's tables 1, 2 and 4 to 8, the paper's own figures beside them where there are any.
    /// </summary>
    public static string Pair(FaithfulnessSummary summary, string first, string second, PaperTable? paper)
    {
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
        Row("Average drop %", "lower is better", a.AverageDrop, b.AverageDrop,
            paper?.PlusPlus.Drop, paper?.GradCam.Drop, isLessBetter: true);
        Row("% increase in confidence", "higher is better", a.Increase, b.Increase,
            paper?.PlusPlus.Increase, paper?.GradCam.Increase, isLessBetter: false);
        Row("Win %",
            wins.Ties > 0 ? string.Create(CultureInfo.InvariantCulture, $"higher is better; {wins.Ties:0.0} % ties, half to each")
                : "higher is better",
            ownWins, 100 - ownWins, paper?.PlusPlus.Win, paper?.GradCam.Win, isLessBetter: false);
        return html.Append("</tbody></table>\n").ToString();

        void Row(string name, string note, double x, double y, double? theirX, double? theirY, bool isLessBetter)
        {
            html.Append($"<tr><th>{name} <small>{note}</small></th>" +
                $"{Cell(x, x != y && (x < y) == isLessBetter)}{Cell(y, x != y && (y < x) == isLessBetter)}");
            if (theirX is { } p && theirY is { } q)
                html.Append(Cell(p, (p < q) == isLessBetter, " theirs")).Append(Cell(q, (q < p) == isLessBetter, " theirs"));
            html.Append("</tr>");
        }
    }

    /// <summary>Every method's figures, a row each, the best in each column marked.</summary>
    public static string Methods(FaithfulnessSummary summary)
    {
        var methods = summary.Methods;
        bool hasInsertion = methods.Any(m => m.Insertion is not null), hasDeletion = methods.Any(m => m.Deletion is not null);
        double least = methods.Min(m => m.AverageDrop), most = methods.Max(m => m.Increase);
        var html = new StringBuilder(
            "<table><thead><tr><th>method</th><th>average drop % <small>lower is better</small></th>" +
            "<th>% increase in confidence <small>higher is better</small></th>");
        html.Append(hasInsertion ? "<th>insertion <small>higher</small></th>" : "")
            .Append(hasDeletion ? "<th>deletion <small>lower</small></th>" : "")
            .Append("<th>empty maps</th></tr></thead><tbody>");
        foreach (var m in methods)
        {
            html.Append(MethodRow(m.Method)).Append(Bar(m.AverageDrop, 100, m.AverageDrop == least))
                .Append(Bar(m.Increase, 100, m.Increase == most && most > 0));
            html.Append(hasInsertion ? Cell(m.Insertion ?? 0, false, format: "0.000") : "")
                .Append(hasDeletion ? Cell(m.Deletion ?? 0, false, format: "0.000") : "");
            html.Append(Count(m.Empty)).Append("</tr>");
        }

        return html.Append("</tbody></table>\n").ToString();
    }

    /// <summary>How often each method beats each other, as a square; ties count half to each.</summary>
    public static string WinsSquare(FaithfulnessSummary summary)
    {
        var names = summary.Methods.Select(m => m.Method).ToArray();
        var html = new StringBuilder("<table class=\"square\"><thead><tr><th>wins of … against</th>");
        foreach (string name in names)
            html.Append($"<th class=\"{MethodLook.Class(name)} key\"><span>{Title(name)}</span></th>");
        html.Append("</tr></thead><tbody>");
        foreach (string name in names)
        {
            html.Append($"<tr><th class=\"{MethodLook.Class(name)} key\">{Title(name)}</th>");
            foreach (string other in names)
            {
                if (name == other)
                {
                    html.Append("<td class=\"self\"></td>");
                    continue;
                }

                var wins = summary.Wins.First(w => (w.A == name && w.B == other) || (w.A == other && w.B == name));
                var (own, others) = wins.A == name ? (wins.AWins, wins.BWins) : (wins.BWins, wins.AWins);
                double share = Wins.Share(own, wins.Ties);
                html.Append(CultureInfo.InvariantCulture,
                    $"<td style=\"--s:{Math.Abs(share - 50) * 1.4:0}%\" class=\"{(share > 50 ? "over" : share < 50 ? "under" : "")}\" " +
                    $"title=\"wins {own:0.0} %, loses {others:0.0} %, ties {wins.Ties:0.0} %\">{share:0.0}</td>");
            }

            html.Append("</tr>");
        }

        return html.Append("</tbody></table>\n").ToString();
    }
}
