using System.Text.RegularExpressions;
using GradCamSharp.Evaluation;
using GradCamSharp.Methods;

namespace GradCamSharp.Cli.Explaining;

/// <summary>The files that a command line names.</summary>
internal static partial class InputFiles
{
    private static readonly HashSet<string> Pictures =
        new([".jpg", ".jpeg", ".jfif", ".jpe", ".png", ".webp", ".gif", ".bmp"], StringComparer.OrdinalIgnoreCase);

    private static readonly string[] Methods = [.. CamMethods.All.Select(m => m.Name).OrderByDescending(n => n.Length)];

    public static bool IsTensor(string file) => Path.GetExtension(file).Equals(".npy", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Folders are replaced by the pictures in them, in the order of their names. A folder without pictures stays, and so does a file that
    /// does not exist, to be reported when its turn comes. What an earlier run wrote for the pictures of a folder is left out, so that a
    /// run does not explain explanations; where it is named itself it stays.
    /// </summary>
    /// <param name="inputs">Files and folders.</param>
    /// <param name="output">The folder that explanations are written to.</param>
    /// <param name="say">Is told what is left out of a folder.</param>
    /// <param name="areFilms">Whether a folder is a film: then it stays.</param>
    public static IReadOnlyList<string> Expand(IEnumerable<string> inputs, string output, Action<string> say, bool areFilms = false) =>
        areFilms ? [.. inputs]
            : [.. inputs.SelectMany(input => Directory.Exists(input) ? PicturesBelow(input, output, say).DefaultIfEmpty(input) : [input])];

    private static List<string> PicturesBelow(string folder, string output, Action<string> say)
    {
        List<string> all =
        [
            .. Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true })
                .Where(file => Pictures.Contains(Path.GetExtension(file))).Order(StringComparer.Ordinal),
        ];
        var stems = all.Select(f => Path.GetFileNameWithoutExtension(f)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        string ours = Path.TrimEndingDirectorySeparator(Path.GetFullPath(output));
        int removed = all.RemoveAll(IsWritten);
        if (removed > 0)
        {
            say($"{folder}: left out {Counted.Of(removed, "picture")} that an earlier run wrote. Name the file itself to explain one.");
        }

        return all;

        // Next to its source, or where this run writes too. Somebody else's picture may end in .strip.png: it has no source.
        bool IsWritten(string file) => SourceOf(Path.GetFileName(file)) is var (source, isStrip)
            && (stems.Contains(source) || stems.Contains(Number().Replace(source, ""))
                || (!isStrip && Path.GetDirectoryName(Path.GetFullPath(file)) == ours));
    }

    /// <summary>The stem of the picture that a file explains, by the names that explanations are given; null for any other file.</summary>
    private static (string Stem, bool IsStrip)? SourceOf(string name)
    {
        if (Written().Match(name) is not { Success: true } written)
            return null;
        string stem = written.Groups["stem"].Value;
        if (written.Groups["kind"].Value is "strip" or "concepts")
            return (stem, true);
        var at = Methods.Select(m => stem.LastIndexOf($".{m}.", StringComparison.Ordinal)).Where(i => i > 0).ToList();
        return at.Count > 0 ? (stem[..at.Max()], false) : null;
    }

    [GeneratedRegex(@"^(?<stem>.+)\.(?<kind>overlay|heatmap|masked|strip|concepts)\.(png|webp|gif)$")]
    private static partial Regex Written();

    // Where two pictures of a run have the same name, the second's files are numbered.
    [GeneratedRegex(@"-[0-9]+$")]
    private static partial Regex Number();
}
