using System.Globalization;
using GradCamSharp.Evaluation.Charts;
using GradCamSharp.Evaluation.Experiments.Trust.Measures;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Pages;

namespace GradCamSharp.Evaluation.Experiments.Trust;

/// <summary>The curves of ROAD in a report: the mean probability while pixels are removed.</summary>
internal static class RoadCurves
{
    private static readonly double[] Quarters = [0, 0.25, 0.5, 0.75, 1];

    /// <summary>Writes the section.</summary>
    /// <param name="page">The page.</param>
    /// <param name="methods">For each method its name, and its scores picture by picture; at least one.</param>
    public static void Write(ReportPage page, IReadOnlyList<(string Name, IReadOnlyList<RoadScore> Scores)> methods) => page.Section(
        "ROAD, step by step",
        "The class's probability while pixels are removed and filled in from around them. Above: the pixels of most evidence first, the " +
        "lower the better. Below: those of least evidence first, the higher the better.",
        Chart("most evidence first", methods, s => s.Morf), Chart("least evidence first", methods, s => s.Lerf));

    private static string Chart(
        string title, IReadOnlyList<(string Name, IReadOnlyList<RoadScore> Scores)> methods, Func<RoadScore, IReadOnlyList<double>> side)
    {
        var lines = methods.Where(m => m.Scores.Count > 0).Select(m => new ChartLine(
            MethodLook.Title(m.Name), MethodLook.Class(m.Name),
        [
            (0, m.Scores.Average(s => s.Probability)),
            .. Road.Percentages.Select((p, i) => (p / 100.0, m.Scores.Average(s => side(s)[i]))),
        ])).ToArray();
        var chart = new LineChart(title, "share of pixels removed", "probability", 1, 1);
        return $"<p><b>{ReportPage.Encode(title)}</b></p><div class=\"chart\">" +
            chart.Draw(lines, Quarters, Quarters, v => v.ToString("0 %", CultureInfo.InvariantCulture)) + "</div>";
    }
}
