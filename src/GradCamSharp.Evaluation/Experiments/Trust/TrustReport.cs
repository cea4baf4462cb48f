using System.Globalization;
using System.Text;
using GradCamSharp.Evaluation.Charts;
using GradCamSharp.Evaluation.Experiments.Trust.Measures;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Pages;
using static GradCamSharp.Evaluation.Pages.ReportPage;

namespace GradCamSharp.Evaluation.Experiments.Trust;

/// <summary>The sections of a report of trust: a table a measure, and the curves of ROAD.</summary>
internal sealed class TrustReport(TrustExperiment experiment, ReportMaterial material, TrustSummary summary)
{
    private static readonly double[] Quarters = [0, 0.25, 0.5, 0.75, 1];

    public void Write(ReportPage page)
    {
        string pairs = experiment.Classes == TrustClasses.Predicted ? ""
            : $"; {Counted.Of(summary.Pairs, "pair")} of a picture and a class among the model's top {TrustExperiment.Top} " +
              $"({Counted.Of(summary.Missed, "pair")} with another class not measured)";
        page.Begin(experiment.Title, "How far can the maps be trusted?", material.ModelName, material.DataName,
            material.Measured(summary) + pairs);
        foreach (var measure in experiment.Measures)
        {
            page.Section(measure.Title, $"{measure.Question} {measure.Limits} Below each figure its 95 % interval.", Wide(Table(measure)));
            if (measure is RoadMeasure && material.Pairs.Count > 0)
                Curves(page);
        }
    }

    private string Table(Measure measure)
    {
        var html = new StringBuilder("<table class=\"paper\"><thead><tr><th>method</th>");
        foreach (var figure in measure.Figures)
            html.Append($"<th>{Encode(figure.Name)} <small>{Word(figure.Better)}</small></th>");
        html.Append("<th>empty maps</th></tr></thead><tbody>");
        foreach (var method in summary.Methods)
        {
            html.Append(MethodRow(method.Method));
            foreach (var figure in measure.Figures)
                html.Append(Cell(method[figure.Name]));
            html.Append(Count(method.Empty)).Append("</tr>");
        }

        return html.Append("</tbody></table>\n").ToString();
    }

    private static string Cell(FigureMean? figure)
    {
        if (figure?.Mean is not { } mean)
            return "<td>undefined</td>";
        string undefined = figure.Undefined > 0 ? FormattableString.Invariant($", {figure.Undefined} undefined") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"<td>{mean:0.000}<small> {figure.Low:0.000} to {figure.High:0.000}{undefined}</small></td>");
    }

    private static string Word(Better better) => better switch
    {
        Better.Higher => "higher is better",
        Better.Lower => "lower is better",
        _ => "neither is better",
    };

    // The mean probability while pixels are removed, least evidence first.
    private void Curves(ReportPage page)
    {
        int place = experiment.Measures.ToList().FindIndex(m => m is RoadMeasure);
        page.Section("ROAD, step by step",
            "The class's probability while pixels are removed and filled in from around them. Left: the pixels " +
            "of most evidence first, the " +
            "lower the better. Right: those of least evidence first, the higher the better.",
            "<div class=\"multiples\">", Chart("most evidence first", s => s.Morf), Chart("least evidence first", s => s.Lerf), "</div>");

        string Chart(string title, Func<RoadScore, IReadOnlyList<double>> side)
        {
            var lines = summary.Methods.Select((method, m) => new ChartLine(
                MethodLook.Title(method.Method), MethodLook.Class(method.Method),
            [
                (0, material.Pairs.Average(p => Score(p, m).Probability)),
                .. Road.Percentages.Select((p, i) => (p / 100.0, material.Pairs.Average(pair => side(Score(pair, m))[i]))),
            ])).ToArray();
            var chart = new LineChart(title, "share of pixels removed", "probability", 1, 1);
            return "<div class=\"chart\">" +
                chart.Draw(lines, Quarters, Quarters, v => v.ToString("0 %", CultureInfo.InvariantCulture)) + "</div>";
        }

        RoadScore Score(MeasuredPair pair, int method) => (RoadScore)((TrustRow)pair.Rows[method]).Scores[place];
    }
}
