namespace GradCamSharp.Evaluation.DataSets;

/// <summary>The pictures below a folder, and names that may not lead out of it.</summary>
internal static class PictureFiles
{
    public static IReadOnlyList<string> Extensions { get; } = [".jpg", ".jpeg", ".jfif", ".jpe", ".png", ".webp", ".gif", ".bmp"];

    /// <summary>
    /// The paths of all pictures below a folder, relative to it, with / between the parts, in ordinal order. Links to files and folders are
    /// followed; a run's own folder, whose report has figures, is passed over.
    /// </summary>
    public static IReadOnlyList<string> Below(string root)
    {
        var found = new List<string>();
        Collect(new DirectoryInfo(root), "", found);
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    /// <summary>The full path of a name that a file of the data set gives, below a folder.</summary>
    /// <exception cref="InvalidDataException">The name leads out of the folder.</exception>
    public static string Inside(string folder, string name, string file, long? line = null)
    {
        bool isPlain = name.Length > 0 && !Path.IsPathRooted(name) && !name.Contains('\\') && !name.Contains('\0') && !name.Contains(':')
            && name.Split('/').All(part => part is not ("" or "." or ".."));
        return isPlain ? Path.Combine(folder, name)
            : throw new InvalidDataException($"{file}{(line is null ? "" : FormattableString.Invariant($", line {line}"))}: " +
                $"'{name}' does not name a file of this data set.");
    }

    /// <summary>Whether a file is a picture by its name.</summary>
    public static bool IsPicture(string name) => Extensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);

    private static void Collect(DirectoryInfo folder, string prefix, List<string> found)
    {
        var visible = new EnumerationOptions { IgnoreInaccessible = false, AttributesToSkip = FileAttributes.Hidden };
        foreach (var entry in folder.EnumerateFileSystemInfos("*", visible))
        {
            if (entry is DirectoryInfo inner)
            {
                if (!LeadsUp(inner) && !IsRun(inner))
                    Collect(inner, $"{prefix}{inner.Name}/", found);
            }
            else if (IsPicture(entry.Name))
            {
                found.Add(prefix + entry.Name);
            }
        }
    }

    private static bool IsRun(DirectoryInfo folder) =>
        File.Exists(Path.Combine(folder.FullName, RunFiles.Manifest)) && File.Exists(Path.Combine(folder.FullName, RunFiles.Records));

    // A link to a folder above would never end.
    private static bool LeadsUp(DirectoryInfo folder)
    {
        if (folder.LinkTarget is null)
            return false;
        string end = folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName;
        string target = Path.TrimEndingDirectorySeparator(end) + Path.DirectorySeparatorChar;
        return folder.FullName.StartsWith(target, StringComparison.Ordinal);
    }
}
