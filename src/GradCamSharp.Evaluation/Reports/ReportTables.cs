using System.Globalization;
using System.Net;
using System.Text;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Reports;

/// <summary>The report's tables.</summary>
internal static class ReportTables
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
                $"table {paper.Number} ({Text(paper.Network)}, {Text(paper.Data)})</th></tr>");
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
            html.Append($"<tr class=\"{MethodLook.Class(m.Method)}\">" +
                $"<th class=\"key\">{Title(m.Method)}<code>{Text(m.Method)}</code></th>");
            html.Append(Bar(m.AverageDrop, 100, m.AverageDrop == least)).Append(Bar(m.Increase, 100, m.Increase == most && most > 0));
            html.Append(hasInsertion ? Cell(m.Insertion ?? 0, false, format: "0.000") : "")
                .Append(hasDeletion ? Cell(m.Deletion ?? 0, false, format: "0.000") : "");
            html.Append(CultureInfo.InvariantCulture, $"<td>{m.Empty}</td></tr>");
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

    /// <summary>Mean Loc at the run's deltas and the pointing game, in the form of the paper's table 3.</summary>
    public static string Localization(LocalizationSummary summary, RunManifest manifest)
    {
        bool hasPaper = summary.Methods.Any(m => PaperFigures.Localization(manifest, m.Method) is not null);
        var html = new StringBuilder("<table class=\"paper\"><thead><tr><th>method</th>");
        foreach (double delta in summary.Deltas)
            html.Append(CultureInfo.InvariantCulture, $"<th>mean Loc, δ = {delta:0.##}</th>");
        html.Append("<th>pointing game %</th><th>empty maps</th>")
            .Append(hasPaper ? "<th class=\"theirs\">the paper, table 3: δ = 0 / 0.25 / 0.5</th>" : "")
            .Append("</tr></thead><tbody>");
        foreach (var m in summary.Methods)
        {
            html.Append($"<tr class=\"{MethodLook.Class(m.Method)}\">" +
                $"<th class=\"key\">{Title(m.Method)}<code>{Text(m.Method)}</code></th>");
            for (int d = 0; d < summary.Deltas.Count; d++)
                html.Append(Cell(m.Loc[d], summary.Methods.All(o => o.Loc[d] <= m.Loc[d]), format: "0.000"));
            html.Append(Bar(100 * m.Pointing, 100, summary.Methods.All(o => o.Pointing <= m.Pointing)));
            html.Append(CultureInfo.InvariantCulture, $"<td>{m.Empty}</td>");
            if (hasPaper)
            {
                var theirs = PaperFigures.Localization(manifest, m.Method) ?? [];
                var written = theirs.Select(v => v.ToString("0.00", CultureInfo.InvariantCulture));
                html.Append($"<td class=\"theirs\">{string.Join(" / ", written)}</td>");
            }
            html.Append("</tr>");
        }

        return html.Append("</tbody></table>\n").ToString();
    }

    /// <summary>What the run was.</summary>
    public static string Manifest(RunManifest manifest)
    {
        var html = new StringBuilder("<table class=\"facts\"><tbody>");
        Row("Model", $"{manifest.Model.File}, {manifest.Model.Classes} classes, {manifest.Model.Head}");
        Row("SHA-256", manifest.Model.Sha256);
        Row("Layer", $"{manifest.Model.Layer} ({manifest.Model.LayerFormat})");
        string pictures = manifest.Data.Pictures.ToString(CultureInfo.InvariantCulture);
        string drawn = manifest.Limit is null ? "" : $", drawn with seed {manifest.Seed.ToString(CultureInfo.InvariantCulture)}";
        Row("Data", $"{manifest.Data.Root} ({manifest.Data.Kind}), {pictures} pictures{drawn}");
        if (manifest.Data.Mapping is { } mapping)
            Row("Classes mapped by", mapping);
        if (manifest.Data.Difficult is { } difficult)
            Row("Difficult objects", difficult ? "count" : "left out");
        Row("Classes explained", manifest.Classes switch
        {
            "predicted" => "the predicted one",
            "truth" => "the data set's own",
            "top5" => "annotated ones among the top 5",
            var other => other,
        });
        if (manifest.MaskSpace is { } space)
            Row("Masks multiply", space == "pixel" ? "pixels, before scale and mean" : "after scale and mean");
        Row("Programs", $"gradcam {manifest.Versions.Gradcam}, ONNX Runtime {manifest.Versions.OnnxRuntime}, on {manifest.Model.Device}");
        bool isMerged = manifest.Parts.Count > 0;
        string first = isMerged ? $" (the first of {manifest.Parts.Count.ToString(CultureInfo.InvariantCulture)} parts)" : "";
        if (manifest.MeasuredBy.Length > 0)
            Row("Command", manifest.MeasuredBy + first);
        if (isMerged && manifest.Command.Length > 0)
            Row("Merged by", manifest.Command);
        return html.Append("</tbody></table>\n").ToString();

        void Row(string name, string value) => html.Append($"<tr><th>{name}</th><td>{Text(value)}</td></tr>");
    }

    private static string Cell(double value, bool isBest, string style = "", string format = "0.00") =>
        $"<td class=\"{(isBest ? "best" : "")}{style}\">{value.ToString(format, CultureInfo.InvariantCulture)}</td>";

    private static string Bar(double value, double most, bool isBest) => string.Create(CultureInfo.InvariantCulture,
        $"<td class=\"measure{(isBest ? " best" : "")}\"><span>{value:0.00}</span>" +
        $"<i style=\"--w:{Math.Clamp(100 * value / most, 0, 100):0.0}%\"></i></td>");

    private static string Title(string method) => Text(MethodLook.Title(method));

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
