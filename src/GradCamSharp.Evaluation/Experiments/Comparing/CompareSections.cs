using System.Globalization;
using System.Text;
using GradCamSharp.Evaluation.Charts;
using GradCamSharp.Evaluation.Experiments.Trust;
using GradCamSharp.Evaluation.Experiments.Trust.Measures;
using GradCamSharp.Evaluation.Pages;
using static GradCamSharp.Evaluation.Pages.ReportPage;

namespace GradCamSharp.Evaluation.Experiments.Comparing;

/// <summary>The sections of a comparison's report that need no model: the answer, the table, the differences, the curves.</summary>
internal sealed class CompareSections(CompareExperiment experiment, CompareSummary summary)
{
    /// <summary>Begins the page and writes them.</summary>
    public void Write(ReportPage page, ReportMaterial material)
    {
        page.Begin(experiment.Title, "Which map should I believe?", material.ModelName, material.DataName, material.Measured(summary));
        var text = CompareText.Of(summary);
        page.Section("The answer", "Of these candidates, for this model, on these pictures:",
            [$"<p class=\"answer\">{Encode(text.Headline)}</p>",
                .. text.Reasons.Select(r => $"<p>{Encode(r)}</p>"), $"<p class=\"note\">{Encode(text.Limits)}</p>"]);
        page.Section("The table", WhatTheTableSays(), Wide(Table()), Notes());
        if (summary is { Best: { } best, Differences.Count: > 0 })
        {
            page.Section("How far the best is ahead",
                $"{experiment.Deciding[0].Title} of {summary.Call(best)} above every other that passes, with plain paired 95 % " +
                "intervals: each knows of no third candidate. What is corrected for all comparisons is p in the table.",
                "<div class=\"chart\">", IntervalChart.Draw(
                    $"Differences of {experiment.Deciding[0].Title}", $"{experiment.Deciding[0].Title} of {summary.Call(best)} above it",
                    [.. summary.Differences.Select(d => new ChartInterval(Look(d.Name), MethodLook.Class(d.Name),
                        d.Interval.Mean ?? 0, d.Interval.Low ?? 0, d.Interval.High ?? 0))]), "</div>");
        }

        int road = experiment.Deciding.ToList().FindIndex(m => m is RoadMeasure);
        if (road >= 0 && material.Pairs.Count > 0)
        {
            RoadCurves.Write(page, [.. summary.Candidates.Select((c, m) => (c.Name, (IReadOnlyList<RoadScore>)[.. material.Pairs
                .Select(p => ((CompareRow)p.Rows[m]).Scores[road]).OfType<RoadScore>()])).Where(c => c.Item2.Count > 0)]);
        }
    }

    /// <summary>What each column asks, and what it cannot say: the last section.</summary>
    public void WriteLimits(ReportPage page)
    {
        var html = new StringBuilder("<table class=\"facts\"><tbody>");
        foreach (var measure in experiment.All)
            html.Append($"<tr><th>{Encode(measure.Title)}</th><td><b>{Encode(measure.Question)}</b> {Encode(measure.Limits)}</td></tr>");
        page.Section("What every column asks, and what it cannot say", "No column is the truth about a map; each sees one side of it.",
            html.Append("</tbody></table>\n").ToString());
    }

    private string WhatTheTableSays() =>
        $"{experiment.Deciding[0].Title} decides, {experiment.Deciding[1].Title} may disagree: on every picture. All else is of " +
        $"{Counted.Of(experiment.First.Count, "picture")} spread over all. A: nobody is shown to be better (95 %, corrected for all " +
        "comparisons). Centre and random are no candidates: what does not lie clear of them says nothing.";

    private string Table()
    {
        Figure[] deciding = [.. experiment.Deciding.Select(m => m.Figures[0])];
        Figure[] further = [.. experiment.Further.Select(m => m.Figures[0])];
        var html = new StringBuilder("<table class=\"paper\"><thead><tr><th>candidate</th>");
        foreach (var measure in experiment.Deciding)
            html.Append($"<th>{Encode(measure.Title)}<small>faithful?</small></th>");
        html.Append("<th>random logit<small>specific to the class?</small></th><th>random weights<small>sane?</small></th>");
        foreach (var measure in experiment.Further)
            html.Append($"<th>{Encode(measure.Title)}<small>{Direction(measure.Figures[0].Better)}</small></th>");
        html.Append("<th>cost<small>x plain pass</small></th></tr></thead><tbody>");
        foreach (var c in summary.Candidates)
        {
            html.Append(MethodRow(c.Name));
            html.Append(Faithful(c[deciding[0].Name], c.IsLeft, c.P)).Append(Faithful(c[deciding[1].Name], c.IsSecondLeft, c.SecondP));
            html.Append($"<td>{Number(c["random_logit"])}<small> {SpecificWord(c)}</small></td>");
            html.Append($"<td>{Number(c["mprt_full"])}<small> {SaneWord(c)}</small></td>");
            foreach (var figure in further)
                html.Append($"<td>{Number(c[figure.Name])}</td>");
            html.Append($"<td>{c.Cost?.ToString("0.00", CultureInfo.InvariantCulture)}</td></tr>");
        }

        return html.Append("</tbody></table>\n").ToString();
    }

    private string Notes()
    {
        var html = new StringBuilder();
        foreach (var c in summary.Candidates.Where(c => c.Same.Count > 0))
            html.Append($"<p>{Encode($"The same maps, measured once: {c.Name} = {string.Join(" = ", c.Same)}.")}</p>");
        return html.ToString();
    }

    private static string Faithful(FigureMean? figure, bool isLeft, double? p)
    {
        if (figure?.Mean is not { } mean)
            return "<td></td>";
        string undefined = figure.Undefined > 0 ? FormattableString.Invariant($", {figure.Undefined} undefined") : "";
        string corrected = p is { } share ? $", p {CompareText.P(share)}" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"<td{(isLeft ? " class=\"best\"" : "")}>{mean:0.00}{(isLeft ? " A" : "")}" +
            $"<small> {figure.Low:0.00} to {figure.High:0.00}{corrected}{undefined}</small></td>");
    }

    /// <summary>A gate's answer in a word.</summary>
    internal static string SpecificWord(CompareCandidate candidate) => candidate.Gates?.Specific switch
    {
        Specificity.Yes => "yes",
        Specificity.Weak => "weak",
        Specificity.No => "no",
        _ => "",
    };

    /// <inheritdoc cref="SpecificWord"/>
    internal static string SaneWord(CompareCandidate candidate) => candidate.Gates?.Sane switch
    {
        Sanity.Yes => "yes",
        Sanity.Unclear => "unclear",
        Sanity.No => "no",
        _ => "",
    };

    private static string Direction(Better better) => better switch
    {
        Better.Higher => "higher is better",
        Better.Lower => "lower is better",
        _ => "neither is better",
    };

    private static string Number(FigureMean? figure) => figure?.Mean?.ToString("0.00", CultureInfo.InvariantCulture) ?? "";

    private static string Look(string name) => MethodLook.Title(name);
}
