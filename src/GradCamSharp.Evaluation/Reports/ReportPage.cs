using System.Globalization;
using System.Net;
using System.Text;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Evaluation.Reports.Charts;
using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.Reports;

/// <summary>The report as one HTML page that needs nothing else: no script, no network, no other file.</summary>
internal sealed class ReportPage(RunManifest manifest, int expected, ReportRows rows)
{
    private const int FigureSide = 300;

    private static readonly double[] Quarters = [0, 0.25, 0.5, 0.75, 1];

    private readonly StringBuilder html = new();

    // Where the data set's own classes are explained, a picture may have several of them.
    private readonly bool isTruth = manifest.Classes == "truth";
    private readonly string each = manifest.Classes == "truth" ? "pair" : "picture";

    /// <summary>Writes the page of a run of faithfulness.</summary>
    public string Faithfulness(
        FaithfulnessSummary summary, (int First, int Second)? pair, IReadOnlyList<ReportFigure> figures, string? noFigures)
    {
        string missed = summary.Missed == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture, $" ({summary.Missed} more {(summary.Missed == 1 ? "is" : "are")} none of the model's)");
        string classes = isTruth ? $"; {Counted.Of(summary.Pairs, "pair")} of a picture and a class that it shows{missed}" : "";
        Begin("How faithful are the maps to the model?", Measured(summary) + classes);
        if (pair is { } two)
        {
            string first = manifest.Methods[two.First], second = manifest.Methods[two.Second];
            Section(Title(first) + " against " + Title(second),
                "The class's probability on the explanation map E = L ∘ I, where the map L lets only the evidence " +
                "through, against that on the whole picture.");
            html.Append(ReportTables.Pair(summary, first, second, PaperFigures.Faithfulness(manifest, first, second)));
            EndSection();
        }

        Section("All methods", "Average drop: how much of the probability the explanation map loses. Increase: how often it gains.");
        html.Append("<div class=\"wide\">").Append(ReportTables.Methods(summary)).Append("</div>");
        EndSection();
        if (summary.Methods.Count > 2)
        {
            Section("Wins",
                $"How often, in percent of the {each}s, the explanation map of the row's method keeps more of the probability " +
                "than that of the column's. Ties count half to each.");
            html.Append("<div class=\"wide\">").Append(ReportTables.WinsSquare(summary)).Append("</div>");
            EndSection();
        }

        if (rows.Pairs.Count > 0)
            Drops();
        if (pair is { } drawn && rows.Pairs.Count > 0)
            Scatter(drawn.First, drawn.Second);
        Figures(pair, figures, noFigures, "of the probability kept");
        return End();
    }

    /// <summary>Writes the page of a run of localisation.</summary>
    public string Localization(
        LocalizationSummary summary, (int First, int Second)? pair, IReadOnlyList<ReportFigure> figures, string? noFigures)
    {
        string counted = $"{Measured(summary)}; {Counted.Of(summary.Pairs, "pair")} of a picture and a class among the model's top 5 " +
            $"({Counted.Of(summary.Missed, "pair")} with another class not measured)";
        Begin("How well do the maps find the objects?", counted);
        Section("Mean Loc and pointing game",
            "Loc(δ): the map's part above δ inside the boxes of the class, over the boxes and its part outside (Eq. 12). " +
            "Pointing game: the map's maximum lies within 15 px of a box; per class, then averaged.");
        html.Append("<div class=\"wide\">").Append(ReportTables.Localization(summary, manifest)).Append("</div>");
        EndSection();
        if (summary.Pairs > 0)
            LocCurve(summary);
        double delta = manifest.Deltas.ElementAtOrDefault(ReportFigures.DeltaPlace(manifest));
        Figures(pair, figures, noFigures, "of Loc at δ = " + delta.ToString("0.##", CultureInfo.InvariantCulture));
        return End();
    }

    private string Measured(RunSummary summary)
    {
        int missing = expected - summary.Pictures - summary.Errors;
        return Counted.Of(summary.Pictures, "picture") +
            (summary.Errors > 0 ? string.Create(CultureInfo.InvariantCulture, $", {summary.Errors} more could not be measured") : "") +
            (missing > 0 ? $", {Counted.Of(missing, "picture")} still missing, as the run is not finished" : "");
    }

    private static string Title(string method) => MethodLook.Title(method);

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private void Begin(string title, string counted)
    {
        string model = Path.GetFileName(manifest.Model.File), folder = Path.GetFileName(Path.GetDirectoryName(manifest.Model.File)) ?? "";
        string name = model == "model.onnx" && folder.Length > 0 ? folder : Path.GetFileNameWithoutExtension(model);
        html.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">" +
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        html.Append($"<title>{Text(title)} {Text(name)}</title><style>\n{Shipped.Text("Reports/report.css")}</style></head>\n" +
            $"<body><header><p class=\"kind\">{(manifest.Kind == RunManifest.Faithfulness ? "Faithfulness" : "Localisation")}</p>");
        string data = Path.GetFileName(Path.TrimEndingDirectorySeparator(manifest.Data.Root));
        html.Append($"<h1>{Text(title)}</h1>" +
            $"<p class=\"lead\"><b>{Text(name)}</b> on <b>{Text(data)}</b>: {Text(counted)}.</p></header>\n<main>\n");
    }

    private void Section(string title, string what) => html.Append($"<section><h2>{Text(title)}</h2><p class=\"what\">{Text(what)}</p>\n");

    private void EndSection() => html.Append("</section>\n");

    private void Drops()
    {
        Section("How the drop is distributed",
            $"Left of every point of a line: the share of {each}s that lose at most so much. " +
            "The higher the line, the more faithful the method; the area above it is its average drop.");
        var drops = manifest.Methods.Select((_, i) => rows.Drops(i)).ToArray();
        var lines = manifest.Methods.Select((name, m) => new ChartLine(Title(name), MethodLook.Class(name),
            [.. Enumerable.Range(0, 201).Select(i => (i / 200.0, Share(drops[m], i / 200.0)))])).ToArray();
        var chart = new LineChart($"The share of {each}s over their drop", "drop", $"share of {each}s", 1, 1);
        html.Append("<div class=\"chart\">")
            .Append(chart.Draw(lines, Quarters, Quarters, v => v.ToString("0 %", CultureInfo.InvariantCulture)))
            .Append("</div>");
        html.Append("<div class=\"multiples\">");
        for (int m = 0; m < drops.Length; m++)
            html.Append(Histogram.Draw(Title(manifest.Methods[m]), MethodLook.Class(manifest.Methods[m]), drops[m], each));
        html.Append("</div>");
        EndSection();

        static double Share(float[] sorted, double most)
        {
            int low = 0, high = sorted.Length;
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (sorted[middle] <= (float)most)
                    low = middle + 1;
                else
                    high = middle;
            }

            return (double)low / sorted.Length;
        }
    }

    private void Scatter(int first, int second)
    {
        string up = Title(manifest.Methods[first]), across = Title(manifest.Methods[second]);
        Section("Picture by picture",
            $"The probability that each explanation map keeps: a point is a {each}, above the diagonal {up} keeps more.");
        var points = rows.Pairs.Select(p => (p.Picture, (double)p.Values[second][0], (double)p.Values[first][0]));
        html.Append("<div class=\"chart scatter\">").Append(ScatterChart.Draw(across, up, [.. points])).Append("</div>");
        EndSection();
    }

    private void LocCurve(LocalizationSummary summary)
    {
        bool hasPaper = summary.Methods.Any(m => PaperFigures.Localization(manifest, m.Method) is not null);
        Section("Loc over δ",
            "A map that is sharp and right stays high as δ grows." + (hasPaper ? " Circles: the paper's own figures." : ""));
        double most = Math.Max(Math.Ceiling(summary.Methods.SelectMany(m => m.Curve).Max() * 10) / 10, 0.1);
        var lines = summary.Methods.Select(m => new ChartLine(Title(m.Method), MethodLook.Class(m.Method),
            [.. summary.CurveDeltas.Zip(m.Curve)],
            PaperFigures.Localization(manifest, m.Method) is { } paper ? [.. PaperFigures.LocDeltas.Zip(paper)] : null)).ToArray();
        double[] up = [.. Enumerable.Range(0, (int)Math.Round(most * 10) + 1).Select(i => i / 10.0)];
        double end = Math.Max(summary.CurveDeltas[^1], 0.05);
        var chart = new LineChart("Mean Loc over delta", "δ", "mean Loc", end, most);
        html.Append("<div class=\"chart\">")
            .Append(chart.Draw(lines, [.. Quarters.Where(q => q <= end)], up, v => v.ToString("0.##", CultureInfo.InvariantCulture)))
            .Append("</div>");
        EndSection();
    }

    private void Figures((int First, int Second)? pair, IReadOnlyList<ReportFigure> figures, string? noFigures, string measure)
    {
        if (pair is not { } two || (figures.Count == 0 && noFigures is null))
            return;
        Section("Where they differ most",
            $"The pictures with the largest differences {measure} " +
            $"between {Title(manifest.Methods[two.First])} and {Title(manifest.Methods[two.Second])}.");
        if (noFigures is not null)
            html.Append($"<p class=\"note\">{Text(noFigures)}</p>");
        foreach (var figure in figures)
        {
            html.Append($"<figure><figcaption><b>{Text(figure.What)}</b> " +
                $"<span>{Text(figure.Name)}</span></figcaption><div class=\"panels\">");
            foreach (var (caption, note, picture) in figure.Panels)
            {
                string data = Convert.ToBase64String(PictureEncoder.ToPng(Resampling.Fit(picture, FigureSide)));
                html.Append($"<div><img alt=\"{Text(caption)}\" src=\"data:image/png;base64,{data}\">" +
                    $"<p>{Text(caption)} <b>{Text(note)}</b></p></div>");
            }

            html.Append("</div></figure>\n");
        }

        EndSection();
    }

    private string End()
    {
        if (rows.Errors.Count > 0)
        {
            Section("Pictures that could not be measured", "They are rows with an error in the records, and count nowhere.");
            html.Append("<table class=\"facts\"><tbody>");
            foreach (var (picture, error) in rows.Errors)
                html.Append($"<tr><th>{Text(picture)}</th><td>{Text(error)}</td></tr>");
            html.Append("</tbody></table>");
            if (rows.ErrorCount > rows.Errors.Count)
            {
                html.Append(CultureInfo.InvariantCulture,
                    $"<p class=\"note\">and {rows.ErrorCount - rows.Errors.Count} more; the column error of records.csv has all.</p>");
            }
            EndSection();
        }

        Section("The run", "Computed from records.csv alone; gradcam evaluate summary does it again.");
        html.Append(ReportTables.Manifest(manifest));
        EndSection();
        return html.Append("</main></body></html>\n").ToString();
    }
}
