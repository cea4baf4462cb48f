using System.Globalization;

namespace GradCamSharp.Evaluation.Pages;

/// <summary>The page of an evaluation's report, and the parts of its tables.</summary>
/// <param name="html">Where the page goes.</param>
internal sealed class ReportPage(HtmlWriter html)
{
    /// <summary>Begins the page.</summary>
    /// <param name="kind">What kind of experiment it reports, in a word.</param>
    /// <param name="title">The question that it answers.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="data">The data's name.</param>
    /// <param name="counted">How much was measured.</param>
    public void Begin(string kind, string title, string model, string data, string counted)
    {
        html.Begin($"{title} {model}", Shipped.Text("Pages/report.css"));
        html.Line($"<header><p class=\"kind\">{kind}</p><h1>{title}</h1>");
        html.Line($"<p class=\"lead\"><b>{model}</b> on <b>{data}</b>: {counted}.</p></header>\n<main>");
    }

    /// <summary>Adds a section.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="what">What it shows, in a sentence.</param>
    /// <param name="content">HTML; each part is written before the next is asked for.</param>
    public void Section(string title, string what, params IEnumerable<string> content)
    {
        html.Line($"<section><h2>{title}</h2><p class=\"what\">{what}</p>");
        foreach (string part in content)
            html.Write($"{new Markup(part)}");
        html.Line($"</section>");
    }

    /// <summary>Ends the page; nothing can be added afterwards.</summary>
    public void End()
    {
        html.Line($"</main>");
        html.End();
    }

    /// <summary>A text as HTML.</summary>
    public static string Encode(string text) => HtmlWriter.Encode(text);

    /// <summary>A method's title as HTML.</summary>
    public static string Title(string method) => Encode(MethodLook.Title(method));

    /// <summary>HTML that is wider than a phone.</summary>
    public static string Wide(string table) => $"<div class=\"wide\">{table}</div>";

    /// <summary>The cell of a table's row that names a method, in its colour.</summary>
    public static string MethodRow(string method) =>
        $"<tr class=\"{MethodLook.Class(method)}\"><th class=\"key\">{Title(method)}<code>{Encode(method)}</code></th>";

    /// <summary>The cell of a number.</summary>
    public static string Cell(double value, bool isBest, string style = "", string format = "0.00") =>
        $"<td class=\"{(isBest ? "best" : "")}{style}\">{value.ToString(format, CultureInfo.InvariantCulture)}</td>";

    /// <summary>The cell of a number with a bar as long as its share of the most there can be.</summary>
    public static string Bar(double value, double most, bool isBest) => string.Create(CultureInfo.InvariantCulture,
        $"<td class=\"measure{(isBest ? " best" : "")}\"><span>{value:0.00}</span>" +
        $"<i style=\"--w:{Math.Clamp(100 * value / most, 0, 100):0.0}%\"></i></td>");

    /// <summary>The cell of a number of things.</summary>
    public static string Count(int number) => string.Create(CultureInfo.InvariantCulture, $"<td>{number}</td>");
}
