namespace GradCamSharp.Cli.Explaining;

/// <summary>The files that a command line names.</summary>
internal static class InputFiles
{
    private static readonly HashSet<string> Pictures =
        new([".jpg", ".jpeg", ".jfif", ".jpe", ".png", ".webp", ".gif", ".bmp"], StringComparer.OrdinalIgnoreCase);

    public static bool IsTensor(string file) => Path.GetExtension(file).Equals(".npy", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Folders are replaced by the pictures in them, in the order of their names. A folder without pictures stays, and so does a file that
    /// does not exist, to be reported when its turn comes.
    /// </summary>
    public static IReadOnlyList<string> Expand(IEnumerable<string> inputs) =>
        [.. inputs.SelectMany(input => Directory.Exists(input) ? PicturesBelow(input).DefaultIfEmpty(input) : [input])];

    private static IEnumerable<string> PicturesBelow(string folder) =>
        Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true })
            .Where(file => Pictures.Contains(Path.GetExtension(file))).Order(StringComparer.Ordinal);
}
