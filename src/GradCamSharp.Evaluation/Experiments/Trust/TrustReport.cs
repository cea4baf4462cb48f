using System.Globalization;
using System.Text;
using GradCamSharp.Evaluation.Experiments.Trust.Measures;
using GradCamSharp.Evaluation.Pages;
using static GradCamSharp.Evaluation.Pages.ReportPage;

namespace GradCamSharp.Evaluation.Experiments.Trust;

/// <summary>The sections of a report of trust: a table a measure, and the curves of ROAD.</summary>
internal sealed class TrustReport(TrustExperiment experiment, ReportMaterial material, TrustSummary summary)
{
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

    private void Curves(ReportPage page)
    {
        int place = experiment.Measures.ToList().FindIndex(m => m is RoadMeasure);
        RoadCurves.Write(page, [.. summary.Methods.Select((method, m) => (method.Method,
            (IReadOnlyList<RoadScore>)[.. material.Pairs.Select(p => (RoadScore)((TrustRow)p.Rows[m]).Scores[place])]))]);
    }
}
