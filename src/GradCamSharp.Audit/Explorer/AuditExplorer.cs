using System.Text;
using GradCamSharp.Audit.Results;
using GradCamSharp.Evaluation.Pages;
using GradCamSharp.Output;

namespace GradCamSharp.Audit.Explorer;

/// <summary>
/// Writes an audit as a page to look through: findings, classes, galleries, scatters, a page a picture, verdicts. It opens from the disk
/// and needs no network and no other file than those in its folder.
/// </summary>
/// <remarks>
/// index.html lies in the folder itself, all else in its folder "explorer": the script, data.js with what is known of all pictures, a
/// file a class with maps and neighbours, which is read when the class is looked at, and the pictures at the network's input, at most
/// 224 pixels a side. The same result gives the same bytes. Files of an earlier audit are replaced or deleted.
/// </remarks>
public static class AuditExplorer
{
    /// <summary>The page.</summary>
    public const string Page = "index.html";

    /// <summary>The folder beside it.</summary>
    public const string Folder = "explorer";

    /// <summary>Writes the page and what it needs.</summary>
    /// <param name="result">What the audit has found. The pictures' files are read again.</param>
    /// <param name="folder">Where the page goes; it is created where it is missing.</param>
    /// <param name="cancellationToken">Stops between two pictures; index.html is written last.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void Write(AuditResult result, string folder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var order = new PictureOrder(result);
        var written = new ExplorerFiles(Path.Combine(folder, Folder));
        new PicturePages(result, order, written).Write(cancellationToken);
        var data = new ExplorerData(result, order);
        for (int slot = 0; slot < order.Classes.Length; slot++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int number = slot;
            written.Write(FormattableString.Invariant($"classes/{slot}.js"), stream => data.WriteClass(stream, number));
        }

        written.Write("data.js", data.Write);
        written.Write("explorer.js", static stream => stream.Write(Encoding.UTF8.GetBytes(ExplorerScript.Text())));
        written.Write("explorer.css", static stream => stream.Write(Encoding.UTF8.GetBytes(ExplorerScript.Asset("explorer.css"))));
        written.DeleteOthers();
        AtomicFile.Write(Path.Combine(folder, Page), stream => WritePage(stream, result));
    }

    private static void WritePage(Stream stream, AuditResult result)
    {
        using var text = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        var html = new HtmlWriter(text);
        html.Line($"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        html.Line($"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        html.Line($"<title>Audit of {result.Setting.Model}</title>");
        html.Line($"<link rel=\"icon\" href=\"data:,\"><link rel=\"stylesheet\" href=\"{Folder}/explorer.css\">");
        html.Line($"<script src=\"{Folder}/data.js\" defer></script><script src=\"{Folder}/explorer.js\" defer></script></head><body>");
        string[] body = ExplorerScript.Asset("body.html").Split("<p class=\"what\"></p>");
        html.Write($"{new Markup(body[0])}<p class=\"what\"><b>{result.Setting.Model}</b> on <b>{result.Setting.Data}</b></p>");
        html.Line($"{new Markup(body[1])}");
        // Whoever has no scripts still reads what was found.
        html.Line($"<noscript><h1>What was found</h1><ol>");
        foreach (var finding in result.Findings)
            html.Line($"<li>{finding.Sentence}</li>");
        html.Line($"</ol></noscript>");
        html.End();
    }
}
