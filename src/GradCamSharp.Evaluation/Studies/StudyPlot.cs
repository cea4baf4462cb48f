using static System.FormattableString;

namespace GradCamSharp.Evaluation.Studies;

/// <summary>The plot of a study: for every class and for all, the three scores as bars with their 95 % intervals as whiskers.</summary>
internal static class StudyPlot
{
    private const int Width = 900, Left = 190, Right = 60, Bar = 15, Gap = 5, Group = (3 * (Bar + Gap)) + 22, Top = 44;

    public static void Write(TextWriter html, StudyReport report, string a, string b)
    {
        var results = report.Classes.Append(report.Total).ToArray();
        int bottom = Top + (results.Length * Group);
        html.Write(Invariant($"<svg viewBox=\"0 0 {Width} {bottom + 30}\" role=\"img\" "));
        html.WriteLine("aria-label=\"Scores in percent of the pictures, with 95 % intervals; the table below has the same numbers\">");
        Legend(html, a, b);
        for (int percent = 0; percent <= 100; percent += 20)
        {
            double x = X(percent);
            html.WriteLine(Invariant($"<line class=\"grid\" x1=\"{x:0.#}\" x2=\"{x:0.#}\" y1=\"{Top - 8}\" y2=\"{bottom}\"/>"));
            html.Write(Invariant($"<text class=\"tick\" x=\"{x:0.#}\" y=\"{bottom + 18}\" text-anchor=\"middle\">"));
            html.WriteLine(Invariant($"{percent} %</text>"));
        }

        for (int i = 0; i < results.Length; i++)
            Bars(html, results[i], Top + (i * Group));
        html.WriteLine("</svg>");
    }

    private static void Legend(TextWriter html, string a, string b)
    {
        (string Style, string Name)[] entries = [("fa", a), ("fb", b), ("fs", "the same")];
        for (int i = 0; i < entries.Length; i++)
        {
            int x = Left + (i * 220);
            html.WriteLine(Invariant($"<rect class=\"{entries[i].Style}\" x=\"{x}\" y=\"6\" width=\"13\" height=\"13\" rx=\"3\"/>"));
            html.WriteLine(Invariant($"<text x=\"{x + 20}\" y=\"17\">{StudyReportPage.Text(entries[i].Name)}</text>"));
        }
    }

    private static void Bars(TextWriter html, StudyResult result, int top)
    {
        string name = Shortened(result.Class ?? "All classes");
        string weight = result.Class is null ? " style=\"font-weight:600\"" : "";
        double middleRow = top + (1.5 * (Bar + Gap)) + 2;
        html.Write(Invariant($"<text x=\"{Left - 14}\" y=\"{middleRow:0.#}\" text-anchor=\"end\"{weight}>"));
        html.WriteLine($"{StudyReportPage.Text(name)}</text>");
        (string Style, double Score, Interval Interval)[] bars =
        [
            ("fa", result.Scores.A, result.Intervals.A),
            ("fb", result.Scores.B, result.Intervals.B),
            ("fs", result.Scores.Same, result.Intervals.Same),
        ];
        for (int i = 0; i < bars.Length; i++)
        {
            double y = top + (i * (Bar + Gap)), middle = y + (Bar / 2.0);
            double score = X(100 * bars[i].Score / result.Pictures);
            double low = X(100 * bars[i].Interval.Low / result.Pictures), high = X(100 * bars[i].Interval.High / result.Pictures);
            html.Write(Invariant($"<rect class=\"{bars[i].Style}\" x=\"{Left}\" y=\"{y:0.#}\" "));
            html.WriteLine(Invariant($"width=\"{score - Left:0.##}\" height=\"{Bar}\" rx=\"3\"/>"));
            html.Write(Invariant($"<path class=\"whisker\" d=\"M{low:0.##} {middle:0.#}H{high:0.##}"));
            html.WriteLine(Invariant($"M{low:0.##} {middle - 4:0.#}v8M{high:0.##} {middle - 4:0.#}v8\"/>"));
        }
    }

    private static string Shortened(string name) => name.Length <= 26 ? name : name[..25] + "…";

    private static double X(double percent) => Left + (percent / 100 * (Width - Left - Right));
}
