using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;

namespace GradCamSharp.Evaluation.Pages;

/// <summary>
/// Writes one HTML page that needs nothing else: no script, no network, no other file. It is written as it is made, so that many pictures
/// need no memory. What stands between the braces of a text is encoded; what is HTML already says so by <see cref="Markup"/>.
/// </summary>
/// <param name="output">Where the page goes; it is not disposed.</param>
internal sealed class HtmlWriter(TextWriter output)
{
    private readonly TextWriter output = output;

    /// <summary>Begins the page, up to its body.</summary>
    /// <param name="title">The title.</param>
    /// <param name="style">Its style sheet.</param>
    public void Begin(string title, string style)
    {
        Line($"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        Line($"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        Line($"<title>{title}</title><style>\n{new Markup(style)}</style></head><body>");
    }

    /// <summary>Writes HTML; what is put into it is encoded.</summary>
    public void Write([InterpolatedStringHandlerArgument("")] Text html) => Put(html, "");

    /// <summary>Writes HTML and ends the line; what is put into it is encoded.</summary>
    public void Line([InterpolatedStringHandlerArgument("")] Text html) => Put(html, "\n");

    /// <summary>Ends the page.</summary>
    public void End()
    {
        Line($"</body></html>");
        output.Flush();
    }

    /// <summary>A text as HTML.</summary>
    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    // The text has been written while the compiler made it.
    private void Put(Text html, string end)
    {
        _ = html;
        output.Write(end);
    }

    /// <summary>HTML as it goes to the page: literal parts as they are, the others encoded, numbers the same on every machine.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Text
    {
        private readonly TextWriter output;

        /// <summary>Called by the compiler.</summary>
        public Text(int literalLength, int formattedCount, HtmlWriter writer) => output = writer.output;

        /// <summary>HTML.</summary>
        public void AppendLiteral(string value) => output.Write(value);

        /// <summary>HTML that was made elsewhere.</summary>
        public void AppendFormatted(Markup value) => output.Write(value.Html);

        /// <summary>A text.</summary>
        public void AppendFormatted(string? value) => WebUtility.HtmlEncode(value, output);

        /// <summary>A number.</summary>
        public void AppendFormatted<T>(T value, string? format = null)
            where T : IFormattable => WebUtility.HtmlEncode(value.ToString(format, CultureInfo.InvariantCulture), output);

        /// <summary>A number, or nothing.</summary>
        public void AppendFormatted<T>(T? value, string? format = null)
            where T : struct, IFormattable => WebUtility.HtmlEncode(value?.ToString(format, CultureInfo.InvariantCulture), output);
    }
}

/// <summary>HTML, in which every text is encoded already.</summary>
/// <param name="Html">It.</param>
internal readonly record struct Markup(string Html);
