using System.Text.RegularExpressions;

namespace GradCamSharp.Evaluation.DataSets;

/// <summary>
/// Messages about files of a data set, without the folders above it: these are others on every machine, and whichever way the folder was
/// given the records are the same.
/// </summary>
/// <remarks>
/// A path is taken for one of the data set's only where it begins and ends as a whole: the root /data is no part of /mnt/data or /database.
/// </remarks>
internal sealed class RelativePaths
{
    // Where a path may begin: nothing before it, or a quotation mark or bracket. Full paths may also follow a space, where the rest of
    // another path cannot stand: that has a separator before it.
    private const string Begin = @"(?<![^'""“‘(\[<])", BeginOfFull = @"(?<![^\s'""“‘(\[<])";

    // Where a file's name ends: neither a longer name nor a further extension follows.
    private const string EndOfFile = @"(?![\w/\\-]|\.\w)";

    private readonly Regex below;

    /// <param name="root">The data set's folder; the current one if it is empty.</param>
    public RelativePaths(string root) =>
        below = new Regex(string.Join('|', Forms(root.Length == 0 ? "." : Path.TrimEndingDirectorySeparator(root)).Select(form =>
            form.Begin + Regex.Escape(form.Path.TrimEnd(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar)) + @"[/\\]+(?=\S)")),
            RegexOptions.CultureInvariant);

    /// <summary>A message with the picture's id for its path, and paths below the data set's folder relative to it.</summary>
    public string In(string message, DataSetPicture picture)
    {
        string own = string.Join('|', Forms(picture.Path).Select(form => form.Begin + Regex.Escape(form.Path) + EndOfFile));
        return below.Replace(Regex.Replace(message, own, _ => picture.Id, RegexOptions.CultureInvariant), "");
    }

    // As our own messages have a path, and as .NET's have it.
    private static IEnumerable<(string Path, string Begin)> Forms(string path)
    {
        string full = Path.GetFullPath(path);
        yield return (full, BeginOfFull);
        if (path != full)
            yield return (path, Path.IsPathFullyQualified(path) ? BeginOfFull : Begin);
    }
}
