using System.Globalization;
using System.Net;
using System.Text;
using GradCamSharp.Evaluation;
using GradCamSharp.Imaging;

namespace GradCamSharp.Cli.Explaining;

/// <summary>One self-contained page: every picture with its predictions and its maps.</summary>
internal static class HtmlReport
{
    public static void Write(Stream stream, ExplainReport report)
    {
        using var html = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        html.WriteLine("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">" +
            "<meta name=\"viewport\" content=\"width=device-width\">" +
            $"<title>What {Text(Path.GetFileName(report.Model))} looks at</title>" +
            $"<style>\n{Shipped.Text("Explaining/report.css", typeof(HtmlReport).Assembly)}</style></head><body>");
        html.WriteLine($"<header><h1>What {Text(Path.GetFileName(report.Model))} looks at</h1>" +
            $"<p>Layer {Text(report.Layer.Name)} {report.Layer.Shape}: {Text(report.Layer.Reason)}</p></header>");
        foreach (var result in report.Results)
            Section(html, result);
        html.WriteLine("</body></html>");
    }

    private static void Section(StreamWriter html, InputResult result)
    {
        html.WriteLine($"<section><h2>{Text(Path.GetFileName(result.Input) + result.ItemText)}</h2>");
        if (result.Error is not null)
        {
            html.WriteLine($"<p class=\"error\">{Text(result.Error)}</p></section>");
            return;
        }

        html.WriteLine("<table>");
        foreach (var p in result.Predictions)
        {
            html.WriteLine(string.Create(CultureInfo.InvariantCulture, $"<tr><td>{Text(p.Label)}</td><td>{p.Probability:P1}</td>" +
                $"<td><div class=\"bar\" style=\"width:{p.Probability * 12:0.00}rem\"></div></td></tr>"));
        }
        html.WriteLine("</table><div class=\"row\">");
        if (result.Picture is not null)
            Figure(html, result.Picture, "the picture", "");
        foreach (var e in result.Explanations.Where(e => e.Overlay is not null))
        {
            var s = e.Summary;
            Figure(html, e.Overlay!, $"{s.Method.Title}: {s.Label}", s.IsEmpty ? "no positive evidence for this class at this layer"
                : string.Create(CultureInfo.InvariantCulture, $"raw from {s.Minimum:g3} to {s.Maximum:g3}"));
        }

        html.WriteLine("</div>");
        // Of a tensor there is no picture to draw on.
        foreach (var s in result.Explanations.Where(e => e.Overlay is null).Select(e => e.Summary))
        {
            html.WriteLine($"<p class=\"note\">{Text(s.Method.Title)}: {Text(s.Label)}<br>" +
                $"<span>{Text(ExplainReport.Finding(s))}</span></p>");
        }

        html.WriteLine("</section>");
    }

    private static void Figure(StreamWriter html, Picture picture, string caption, string note) => html.WriteLine(
        $"<figure><img alt=\"{Text(caption)}\" " +
        $"src=\"data:image/png;base64,{Convert.ToBase64String(PictureEncoder.ToPng(SideBySide.Fit(picture, 480)))}\">" +
        $"<figcaption>{Text(caption)}<br><span>{Text(note)}</span></figcaption></figure>");

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
