namespace GradCamSharp.Evaluation;

/// <summary>The text files that ship inside this assembly.</summary>
internal static class Shipped
{
    /// <summary>The text of a file.</summary>
    /// <param name="path">Its path in this project, with / between the parts.</param>
    public static string Text(string path)
    {
        using var stream = typeof(Shipped).Assembly.GetManifestResourceStream(path)
            ?? throw new InvalidOperationException($"'{path}' does not ship.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    /// <summary>The lines of a file that are neither empty nor comments.</summary>
    public static string[] Lines(string path) =>
        [.. Text(path).Split('\n', StringSplitOptions.TrimEntries).Where(line => line.Length > 0 && line[0] != '#')];
}
