using System.Text;
using GradCamSharp.Evaluation;
using GradCamSharp.Evaluation.Pages;
using GradCamSharp.Methods;

namespace GradCamSharp.Studies;

/// <summary>
/// A study's report as one self-contained page: the scores with their intervals as a plot and a table, and what each figure means.
/// </summary>
public static class StudyReportPage
{
    private const string Style = """
        :root { color-scheme: light dark; --ink: light-dark(#1b1f27, #e8eaf0); --soft: light-dark(#5b6472, #9aa3b2);
          --line: light-dark(#dfe3ea, #343a46); --paper: light-dark(#ffffff, #14171d); --a: light-dark(#1f5fd0, #7fb0ff);
          --b: light-dark(#b4530a, #f2a65a); --same: light-dark(#68707d, #98a1af) }
        body { font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper);
          margin: 0 auto; max-width: 72rem; padding: 2.2rem 1.2rem 4rem }
        h1 { font-size: 1.55rem; line-height: 1.25; margin: 0 0 .3rem } h2 { font-size: 1.1rem; margin: 2.4rem 0 .8rem }
        .lead { color: var(--soft); margin: 0 0 1.6rem } .wide { overflow-x: auto }
        .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: .8rem }
        .card { border: 1px solid var(--line); border-radius: 12px; padding: .9rem 1.1rem }
        .card b { display: block; font-size: 1.9rem; line-height: 1.2; font-variant-numeric: tabular-nums }
        .card span { color: var(--soft); font-size: .88rem } .card strong { font-weight: 600 }
        .a { color: var(--a) } .b { color: var(--b) } .same { color: var(--same) }
        svg { width: 100%; min-width: 34rem; height: auto; display: block }
        svg text { font: 13px system-ui, sans-serif; fill: var(--ink) } svg .tick { fill: var(--soft); font-size: 12px }
        svg .grid { stroke: var(--line) } svg .fa { fill: var(--a) } svg .fb { fill: var(--b) } svg .fs { fill: var(--same) }
        svg .whisker { stroke: var(--ink); stroke-width: 1.5 } svg rect { rx: 3px } svg .total { font-weight: 600 }
        table { border-collapse: collapse; width: 100%; font-size: .92rem; font-variant-numeric: tabular-nums }
        th, td { text-align: right; padding: .4rem .7rem; border-bottom: 1px solid var(--line); white-space: nowrap }
        th { font-weight: 600; color: var(--soft) } th:first-child, td:first-child { text-align: left; white-space: normal }
        tr.total td { font-weight: 600; border-bottom: 0 } small { color: var(--soft); font-weight: 400; font-size: .85em }
        dl { margin: 0 } dt { font-weight: 600; margin-top: .8rem } dd { margin: 0; color: var(--soft) }
        """;

    /// <summary>Writes the page, as UTF-8.</summary>
    /// <param name="stream">Where it goes; it is not disposed.</param>
    /// <param name="report">The report.</param>
    public static void Write(Stream stream, StudyReport report)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(report);
        using var text = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
        var html = new HtmlWriter(text);
        string a = Title(report.Study.MethodA), b = Title(report.Study.MethodB);
        var total = report.Total;
        html.Begin($"Human trust: {a} and {b}", Style);
        html.Line($"<main><h1>Which do people trust more: {a} or {b}?</h1>");
        string pictures = Counted.Of(report.Study.Pictures.Count, "picture");
        string classes = Counted.Of(report.Study.Classes.Count, "class", "classes");
        html.Write($"<p class=\"lead\">{Counted.Of(report.Persons.Count, "person", "people")} gave ");
        html.Line($"{Counted.Of(total.Answers, "answer")} on {total.Pictures} of {pictures} of {classes}.");
        html.Line($"Model {report.Study.Recipe.Model.File}, layer {report.Study.Recipe.Model.Layer}.</p>");
        html.Line($"<div class=\"cards\">");
        Card(html, "a", a, total.Scores.A, total.Intervals.A, total.Pictures);
        Card(html, "b", b, total.Scores.B, total.Intervals.B, total.Pictures);
        Card(html, "same", "The same", total.Scores.Same, total.Intervals.Same, total.Pictures);
        html.Line($"</div>");
        html.Line($"<h2>Scores, in percent of the pictures</h2><div class=\"wide\">");
        html.Write($"{new Markup(StudyPlot.Draw(report, a, b))}");
        html.Line($"</div>");
        Table(html, report, a, b);
        Meaning(html, report, a, b);
        html.Line($"</main>");
        html.End();
    }

    private static string Title(string method) => CamMethods.All.FirstOrDefault(m => m.Name == method)?.Title ?? method;

    private static void Card(HtmlWriter html, string style, string name, double score, Interval interval, int pictures)
    {
        html.Write($"<div class=\"card\"><strong class=\"{style}\">{name}</strong><b>{score:0.00}</b>");
        html.Line($"<span>of {pictures}; 95 %: {interval.Low:0.00} to {interval.High:0.00}</span></div>");
    }

    private static void Table(HtmlWriter html, StudyReport report, string a, string b)
    {
        html.Line($"<h2>In numbers</h2><div class=\"wide\"><table><thead><tr>");
        html.Line($"<th scope=\"col\">Class</th><th scope=\"col\">Pictures</th>");
        html.Line($"<th scope=\"col\">{a}</th><th scope=\"col\">{b}</th><th scope=\"col\">The same</th>");
        html.Line($"<th scope=\"col\">Sign test</th><th scope=\"col\">Fleiss’ kappa</th><th scope=\"col\">Median time</th>");
        html.Line($"</tr></thead><tbody>");
        foreach (var result in report.Classes.Append(report.Total))
        {
            html.Write($"{new Markup(result.Class is null ? "<tr class=\"total\">" : "<tr>")}");
            html.Line($"<td>{result.Class ?? "All"}</td><td>{result.Pictures}</td>");
            foreach (var preference in (Preference[])[Preference.A, Preference.B, Preference.Same])
            {
                var interval = result.Intervals[preference];
                html.Line($"<td>{result.Scores[preference]:0.00} <small>{interval.Low:0.00} – {interval.High:0.00}</small></td>");
            }

            html.Line($"<td>{result.Sign.A} : {result.Sign.B} <small>p = {StudyText.Probability(result.Sign.P)}</small></td>");
            html.Line($"<td>{StudyText.Kappa(result.Agreement)}</td><td>{result.MedianSeconds:0.0} s</td></tr>");
        }

        html.Line($"</tbody></table></div>");
    }

    private static void Meaning(HtmlWriter html, StudyReport report, string a, string b)
    {
        html.Line($"<h2>What the figures mean</h2><dl>");
        html.Line($"<dt>Score</dt><dd>The answers about a picture count 1 together: each answer’s share of it goes to the method it " +
            $"prefers, or to “the same”. A score is the sum over the pictures (Chattopadhyay et al., Grad-CAM++, section 4.2).</dd>");
        html.Write($"<dt>95 % interval</dt><dd>Percentiles of {report.Bootstrap.Draws} bootstrap draws of ");
        html.Line($"{report.DrawnAnew}, pictures within their classes, seed {report.Bootstrap.Seed}.</dd>");
        html.Line($"<dt>Sign test</dt><dd>The pictures for which more answers prefer {a}, and those for which more prefer " +
            $"{b}; pictures with as many of both are left out. p is exact and two-sided: how probable a split at least as uneven " +
            $"would be if people had no preference.</dd>");
        html.Line($"<dt>Fleiss’ kappa</dt><dd>Agreement between people beyond chance: 1 is full agreement, 0 is chance. Pictures " +
            $"with fewer than two answers are left out; where pictures have different numbers of answers, " +
            $"every picture weighs the same.</dd>");
        html.Line($"<dt>Median time</dt><dd>From the moment the three pictures are on the screen to the answer.</dd></dl>");
    }
}
