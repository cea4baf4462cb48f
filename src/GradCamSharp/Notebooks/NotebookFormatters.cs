using System.Net;

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
        new(Png, (output, writer) => writer.Write(Convert.ToBase64String(output.ToPng()))),
        new(Html, (output, writer) => writer.Write(HtmlOf(output))),
        new(Text, (output, writer) => writer.Write(output.ToText())),
    ];

    /// <summary>The formatters: objects with a MIME type and a method that writes an instance and says whether it could.</summary>
    public IEnumerable<object> CreateTypeFormatters() => formatters;

    private static string HtmlOf(INotebookOutput output)
    {
        string text = WebUtility.HtmlEncode(output.ToText());
        return $"<figure><img alt=\"{text}\" src=\"data:image/png;base64,{Convert.ToBase64String(output.ToPng())}\">" +
            $"<figcaption>{text}</figcaption></figure>";
    }
}
