using System.Globalization;
using System.Net;
using System.Text;

namespace GradCamSharp.Evaluation.Charts;

/// <summary>A drawing of lines and texts that takes its colours from the page's style sheet.</summary>
internal sealed class Svg(double width, double height, string description)
{
    private readonly StringBuilder body = new();

    /// <summary>A number as short as a drawing needs it.</summary>
    public static string Number(double value) => (Math.Round(value, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture);

    public void Line(double x1, double y1, double x2, double y2, string style) => body.Append(CultureInfo.InvariantCulture,
        $"<line class=\"{style}\" x1=\"{Number(x1)}\" y1=\"{Number(y1)}\" x2=\"{Number(x2)}\" y2=\"{Number(y2)}\"/>");

    public void Path(IEnumerable<(double X, double Y)> points, string style) =>
        body.Append($"<path class=\"{style}\" d=\"M{string.Join('L', points.Select(p => $"{Number(p.X)} {Number(p.Y)}"))}\"/>");

    public void Rectangle(double x, double y, double width, double height, string style, string? title = null) => body.Append(
        $"<rect class=\"{style}\" x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"{Number(width)}\" " +
        $"height=\"{Number(Math.Max(height, 0))}\">{Title(title)}</rect>");

    public void Circle(double x, double y, double radius, string style, string? title = null) =>
        body.Append($"<circle class=\"{style}\" cx=\"{Number(x)}\" cy=\"{Number(y)}\" r=\"{Number(radius)}\">{Title(title)}</circle>");

    /// <summary>A text that starts, is centred or ends at a point: anchor is start, middle or end.</summary>
    public void Text(double x, double y, string text, string anchor = "start", string style = "") =>
        body.Append($"<text class=\"{style}\" x=\"{Number(x)}\" y=\"{Number(y)}\" " +
            $"text-anchor=\"{anchor}\">{WebUtility.HtmlEncode(text)}</text>");

    /// <summary>A text that reads upwards.</summary>
    public void Upright(double x, double y, string text) =>
        body.Append($"<text transform=\"translate({Number(x)} {Number(y)}) rotate(-90)\" " +
            $"text-anchor=\"middle\">{WebUtility.HtmlEncode(text)}</text>");

    public override string ToString() =>
        $"<svg viewBox=\"0 0 {Number(width)} {Number(height)}\" role=\"img\" " +
        $"aria-label=\"{WebUtility.HtmlEncode(description)}\">{body}</svg>\n";

    private static string Title(string? title) => title is null ? "" : $"<title>{WebUtility.HtmlEncode(title)}</title>";
}
