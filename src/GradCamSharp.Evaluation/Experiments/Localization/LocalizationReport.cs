using System.Globalization;
using System.Text;
using GradCamSharp.Evaluation.Charts;
using GradCamSharp.Evaluation.Pages;
using static GradCamSharp.Evaluation.Pages.ReportPage;

namespace GradCamSharp.Evaluation.Experiments.Localization;

/// <summary>The sections of a report of localisation.</summary>
internal sealed class LocalizationReport(LocalizationExperiment experiment, ReportMaterial material, LocalizationSummary summary)
{
    private static readonly double[] Quarters = [0, 0.25, 0.5, 0.75, 1], PaperDeltas = [0, 0.25, 0.5];

    private readonly PaperSetting setting = PaperSetting.Of(material.Manifest.Model, material.Manifest.Data);

    private bool HasPaper => summary.Methods.Any(m => Paper(m.Method) is not null);

    public void Write(ReportPage page)
    {
        string counted = $"{material.Measured(summary)}; {Counted.Of(summary.Pairs, "pair")} of a picture and a class among the model's " +
            $"top {LocalizationExperiment.Top} ({Counted.Of(summary.Missed, "pair")} with another class not measured)";
        page.Begin(experiment.Title, "How well do the maps find the objects?", material.ModelName, material.DataName, counted);
        page.Section("Mean Loc and pointing game",
            "Loc(δ): the map's part above δ inside the boxes of the class, over the boxes and its part outside (Eq. 12). " +
            "Pointing game: the map's maximum lies within 15 px of a box; per class, then averaged. " +
            "Green: better than every other method, with 95 % confidence.",
            Wide(Table()));
        if (summary.Pairs > 0)
            Curve(page);
    }

    // Mean Loc at the run's deltas and the pointing game, in the form of the paper's table 3.
    private string Table()
    {
        var html = new StringBuilder("<table class=\"paper\"><thead><tr><th>method</th>");
        foreach (double delta in summary.Deltas)
            html.Append(CultureInfo.InvariantCulture, $"<th>mean Loc, δ = {delta:0.##}</th>");
        html.Append("<th>pointing game %</th><th>empty maps</th>")
            .Append(HasPaper ? "<th class=\"theirs\">the paper, table 3: δ = 0 / 0.25 / 0.5</th>" : "")
            .Append("</tr></thead><tbody>");
        var recorded = summary.CurveDeltas.ToList();
        int?[] bestLoc = [.. summary.Deltas.Select(delta => Best(row => row.Objects.Loc(recorded.IndexOf(delta))))];
        // The pointing game is a mean of the classes' means.
        var sizes = material.Pairs.CountBy(p => p.Of.Object ?? "").ToDictionary();
        int? bestPointing = Best(row => row.Objects.IsHit ? 1 : 0, one: 1, [.. material.Pairs.Select(p => 1.0 / sizes[p.Of.Object ?? ""])]);
        foreach (var (place, m) in summary.Methods.Index())
        {
            html.Append(MethodRow(m.Method));
            for (int d = 0; d < summary.Deltas.Count; d++)
                html.Append(Cell(m.Loc[d], place == bestLoc[d], format: "0.000"));
            html.Append(Bar(100 * m.Pointing, 100, place == bestPointing)).Append(Count(m.Empty));
            if (HasPaper)
            {
                var written = (Paper(m.Method) ?? []).Select(v => v.ToString("0.00", CultureInfo.InvariantCulture));
                html.Append($"<td class=\"theirs\">{string.Join(" / ", written)}</td>");
            }

            html.Append("</tr>");
        }

        return html.Append("</tbody></table>\n").ToString();
    }

    private int? Best(Func<LocalizationRow, double> figure, double? one = null, IReadOnlyList<double>? weights = null) => Comparison.Best(
        material.Pairs, row => figure((LocalizationRow)row), summary.Methods.Count, isLessBetter: false, one, weights);

    private void Curve(ReportPage page)
    {
        double most = Math.Max(Math.Ceiling(summary.Methods.SelectMany(m => m.Curve).Max() * 10) / 10, 0.1);
        var lines = summary.Methods.Select(m => new ChartLine(MethodLook.Title(m.Method), MethodLook.Class(m.Method),
            [.. summary.CurveDeltas.Zip(m.Curve)],
            Paper(m.Method) is { } paper ? [.. PaperDeltas.Zip(paper)] : null)).ToArray();
        double[] up = [.. Enumerable.Range(0, (int)Math.Round(most * 10) + 1).Select(i => i / 10.0)];
        double end = Math.Max(summary.CurveDeltas[^1], 0.05);
        var chart = new LineChart("Mean Loc over delta", "δ", "mean Loc", end, most);
        page.Section("Loc over δ",
            "A map that is sharp and right stays high as δ grows." + (HasPaper ? " Circles: the paper's own figures." : ""),
            "<div class=\"chart\">",
            chart.Draw(lines, [.. Quarters.Where(q => q <= end)], up, v => v.ToString("0.##", CultureInfo.InvariantCulture)),
            "</div>");
    }

    // Table 3's mean Loc of a method; null where the run is another than VGG-16 on VOC 2012.
    private double[]? Paper(string method) => (setting.Network, setting.Data, method) switch
    {
        ("VGG-16", PaperSetting.Voc2012, "gradcam++") => [0.34, 0.38, 0.28],
        ("VGG-16", PaperSetting.Voc2012, "gradcam") => [0.33, 0.28, 0.16],
        _ => null,
    };
}
