using GradCamSharp.Evaluation.Charts;
using static System.FormattableString;

namespace GradCamSharp.Studies;

/// <summary>The plot of a study: for every class and for all, the three scores as bars with their 95 % intervals as whiskers.</summary>
internal static class StudyPlot
{
    private const double Width = 900, Left = 190, Right = 60, Bar = 15, Gap = 5, Group = (3 * (Bar + Gap)) + 22, Top = 44, Whisker = 4;

    /// <summary>Draws it.</summary>
    /// <param name="report">The study's results.</param>
    /// <param name="a">The first method's title.</param>
    /// <param name="b">The second method's title.</param>
    public static string Draw(StudyReport report, string a, string b)
    {
        var results = report.Classes.Append(report.Total).ToArray();
        double bottom = Top + (results.Length * Group);
        var svg = new Svg(
            Width, bottom + 30, "Scores in percent of the pictures, with 95 % intervals; the table below has the same numbers");
        Legend(svg, a, b);
        for (int percent = 0; percent <= 100; percent += 20)
        {
            svg.Line(X(percent), Top - 8, X(percent), bottom, "grid");
            svg.Text(X(percent), bottom + 18, Invariant($"{percent} %"), "middle", "tick");
        }

        for (int i = 0; i < results.Length; i++)
            Bars(svg, results[i], Top + (i * Group));
        return svg.ToString();
    }

    private static void Legend(Svg svg, string a, string b)
    {
        (string Style, string Name)[] entries = [("fa", a), ("fb", b), ("fs", "the same")];
        for (int i = 0; i < entries.Length; i++)
        {
            double x = Left + (i * 220);
            svg.Rectangle(x, 6, 13, 13, entries[i].Style);
            svg.Text(x + 20, 17, entries[i].Name);
        }
    }

    private static void Bars(Svg svg, StudyResult result, double top)
    {
        string style = result.Class is null ? "total" : "";
        svg.Text(Left - 14, top + (1.5 * (Bar + Gap)) + 2, Shortened(result.Class ?? "All classes"), "end", style);
        (string Style, double Score, Interval Interval)[] bars =
        [
            ("fa", result.Scores.A, result.Intervals.A),
            ("fb", result.Scores.B, result.Intervals.B),
            ("fs", result.Scores.Same, result.Intervals.Same),
        ];
        for (int i = 0; i < bars.Length; i++)
        {
            double y = top + (i * (Bar + Gap)), middle = y + (Bar / 2);
            double low = Of(bars[i].Interval.Low), high = Of(bars[i].Interval.High);
            svg.Rectangle(Left, y, Of(bars[i].Score) - Left, Bar, bars[i].Style);
            svg.Line(low, middle, high, middle, "whisker");
            svg.Line(low, middle - Whisker, low, middle + Whisker, "whisker");
            svg.Line(high, middle - Whisker, high, middle + Whisker, "whisker");
        }

        double Of(double score) => X(100 * score / result.Pictures);
    }

    private static string Shortened(string name) => name.Length <= 26 ? name : name[..25] + "…";

    private static double X(double percent) => Left + (percent / 100 * (Width - Left - Right));
}
