using System.Globalization;
using System.Net;
using GradCamSharp.Imaging;

namespace GradCamSharp.Notebooks;

/// <summary>
/// How pictures, maps and explanations show themselves in a .NET Interactive notebook. Found by name, see
/// <see cref="TypeFormatterSourceAttribute"/>.
/// </summary>
internal sealed class NotebookFormatters
{
    public const string Png = "image/png", Html = "text/html", Text = "text/plain";

    private readonly NotebookFormatter[] formatters =
    [
        // A notebook's output is text: image/png is written in Base64, as Jupyter's format demands.
        new(Png, (instance, writer) => writer.Write(Convert.ToBase64String(PictureEncoder.ToPng(PictureOf(instance))))),
        new(Html, (instance, writer) => writer.Write(HtmlOf(instance))),
        new(Text, (instance, writer) => writer.Write(TextOf(instance))),
    ];

    /// <summary>The formatters: objects with a MIME type and a method that writes an instance and says whether it could.</summary>
    public IEnumerable<object> CreateTypeFormatters() => formatters;

    private static Picture PictureOf(object instance) => instance switch
    {
        Picture picture => picture,
        HeatMap map => Rendering.Alone(map),
        Explanation explanation => Rendering.Overlay(explanation.Picture, explanation.HeatMap),
        PictureExplanation whole =>
            Strip.Draw([("the picture", whole.Picture), .. whole.Explanations.Select(e => (Caption(e), PictureOf(e)))]),
        _ => throw new ArgumentException($"There is no picture of a {instance.GetType()}.", nameof(instance)),
    };

    private static string HtmlOf(object instance) =>
        $"<figure><img alt=\"{WebUtility.HtmlEncode(TextOf(instance))}\" " +
        $"src=\"data:image/png;base64,{Convert.ToBase64String(PictureEncoder.ToPng(PictureOf(instance)))}\">" +
        $"<figcaption>{WebUtility.HtmlEncode(TextOf(instance))}</figcaption></figure>";

    private static string TextOf(object instance) => instance switch
    {
        Picture picture => $"a picture of {picture.Size} pixels",
        HeatMap { IsEmpty: true } => "no positive evidence",
        HeatMap map => FormattableString.Invariant($"a map of {map.Size} pixels, raw values from {map.Minimum:g4} to {map.Maximum:g4}"),
        Explanation { HeatMap.IsEmpty: true } e => $"{Caption(e)}: no positive evidence for this class at this layer",
        Explanation e => $"{Caption(e)}: strongest in {e.HeatMap.LargestPart()}",
        PictureExplanation whole => string.Join("; ", whole.Predictions.Select(p =>
            string.Create(CultureInfo.InvariantCulture, $"{p.Label} {p.Probability:P1}"))),
        _ => instance.ToString() ?? "",
    };

    private static string Caption(Explanation explanation) => $"{explanation.Method.Title}: {explanation.Label}";
}
