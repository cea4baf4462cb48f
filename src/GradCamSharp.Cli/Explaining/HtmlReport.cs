using System.Globalization;
using System.Text;
using GradCamSharp.Evaluation;
using GradCamSharp.Evaluation.Pages;
using GradCamSharp.Heads;
using GradCamSharp.Imaging;
using GradCamSharp.Layers;
using GradCamSharp.Output;

namespace GradCamSharp.Cli.Explaining;

/// <summary>
/// One self-contained page: every picture with its predictions and its maps. Written picture by picture; none stays in memory.
/// </summary>
internal sealed class HtmlReport : IDisposable
{
    // In pixels. Shown, not measured: JPEG holds it in a tenth of PNG's bytes.
    private const int LongestSide = 480, Quality = 88;

    private const int MostDetections = 10;

    // Told apart by the colour-blind too.
    private static readonly (byte R, byte G, byte B)[] BoxColors =
        [(255, 212, 0), (64, 160, 255), (0, 200, 140), (255, 120, 60), (220, 110, 220), (255, 255, 255)];

    private readonly PendingFile file;
    private readonly StreamWriter text;
    private readonly HtmlWriter html;

    /// <summary>Begins the page.</summary>
    /// <param name="path">Its file; it appears when the page is complete.</param>
    /// <param name="model">The model's path or name.</param>
    /// <param name="layer">The layer that is explained.</param>
    public HtmlReport(string path, string model, Layer? layer)
    {
        file = new PendingFile(path);
        text = new StreamWriter(file.Content, new UTF8Encoding(false), leaveOpen: true);
        html = new HtmlWriter(text);
        string title = $"Explanations of {Path.GetFileName(model)}";
        html.Begin(title, Shipped.Text("Explaining/report.css", typeof(HtmlReport).Assembly));
        string said = layer is null
            ? "Each map is of the layer that its caption names." : $"Layer {layer.Name} {layer.Shape}: {layer.Reason}";
        html.Line($"<header><h1>{title}</h1><p>{said}</p></header>");
    }

    /// <summary>Adds an input.</summary>
    /// <param name="result">What the model says of it, and why.</param>
    /// <param name="picture">The picture; null of a tensor, on which nothing can be drawn.</param>
    /// <param name="overlays">One for each explanation; empty of a tensor.</param>
    public void Add(InputResult result, Picture? picture, IReadOnlyList<Picture> overlays)
    {
        html.Line($"<section><h2>{Path.GetFileName(result.Input) + result.ItemText}</h2>");
        if (result.Error is not null)
        {
            html.Line($"<p class=\"error\">{result.Error}</p></section>");
            return;
        }

        html.Line($"<table>");
        var drawn = result.Detections.Take(MostDetections).ToList();
        foreach (var d in drawn)
        {
            var (r, g, b) = ColorOf(d);
            html.Line($"<tr><td><span class=\"box\" style=\"background:rgb({r},{g},{b})\"></span> box:{d.Index} {d.Label}</td>" +
                $"<td>{d.Score:P1}</td><td><div class=\"bar\" style=\"--p:{d.Score:0.000}\"></div></td></tr>");
        }

        if (result.Detections.Count > drawn.Count)
            html.Line($"<tr><td colspan=\"3\">and {result.Detections.Count - drawn.Count} more</td></tr>");

        foreach (var p in result.Predictions)
        {
            html.Line($"<tr><td>{p.Label}</td><td>{p.Probability:P1}</td>" +
                $"<td><div class=\"bar\" style=\"--p:{p.Probability:0.000}\"></div></td></tr>");
        }

        html.Line($"</table>");
        if (picture is null)
        {
            foreach (var s in result.Explanations.Select(e => e.Summary))
                html.Line($"<p class=\"note\">{Caption(s)}<br><span>{ExplainReport.Finding(s)}</span></p>");
        }
        else
        {
            html.Line($"<div class=\"row\">");
            // The most confident is drawn last, over the others.
            if (drawn.Count > 0)
            {
                Figure(
                    Rendering.WithBoxes(picture, drawn.AsEnumerable().Reverse().Select(d => (PixelsOf(d.Box), ColorOf(d)))),
                    "what is detected", "");
            }
            else
            {
                Figure(picture, "the picture", "");
            }

            foreach (var (overlay, s) in overlays.Zip(result.Explanations.Select(e => e.Summary)))
            {
                Figure(overlay, Caption(s), s.IsEmpty ? "no positive evidence for this class at this layer"
                    : string.Create(CultureInfo.InvariantCulture, $"raw from {s.Minimum:g3} to {s.Maximum:g3}"));
            }

            html.Line($"</div>");
        }

        html.Line($"</section>");
    }

    /// <summary>Ends the page and puts it in its place.</summary>
    public void Complete()
    {
        html.End();
        file.Complete();
    }

    // The writer is not disposed: it would flush into a file that is closed. It holds nothing else.
    public void Dispose() => file.Dispose();

    private static (byte R, byte G, byte B) ColorOf(Detection found) => BoxColors[found.Index % BoxColors.Length];

    private static PixelBox PixelsOf(BoxEdges box)
    {
        int left = (int)Math.Round(box.X1), top = (int)Math.Round(box.Y1);
        return new PixelBox(left, top, Math.Max(1, (int)Math.Round(box.X2) - left), Math.Max(1, (int)Math.Round(box.Y2) - top));
    }

    private static string Caption(ExplanationSummary s)
    {
        if (s.Target is not { } target)
            return $"{s.Method.Title}: {s.Label}";
        string words = target.Words.Length > 0 ? $" ({target.Words})" : "";
        string layers = target.Layers.Count > 0 ? $", layer {string.Join('+', target.Layers.Select(l => l.Name))}" : "";
        return $"{s.Method.Title}: {target.Spec}{words}{layers}";
    }

    private void Figure(Picture picture, string caption, string note) => html.Line(
        $"<figure><img alt=\"{caption}\" loading=\"lazy\" " +
        $"src=\"data:image/jpeg;base64,{Convert.ToBase64String(PictureEncoder.ToJpeg(Resampling.Fit(picture, LongestSide), Quality))}\">" +
        $"<figcaption>{caption}<br><span>{note}</span></figcaption></figure>");
}
