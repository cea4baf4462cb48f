using System.Reflection;

namespace GradCamSharp.Evaluation;

/// <summary>The text files that ship inside an assembly.</summary>
internal static class Shipped
{
    /// <summary>The text of a file.</summary>
    /// <param name="path">Its path in its project, with / between the parts.</param>
    /// <param name="assembly">The project's assembly; null for this one.</param>
    public static string Text(string path, Assembly? assembly = null)
    {
        using var stream = (assembly ?? typeof(Shipped).Assembly).GetManifestResourceStream(path)
            ?? throw new InvalidOperationException($"'{path}' does not ship.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    /// <summary>The lines of a file that are neither empty nor comments.</summary>
    public static string[] Lines(string path) =>
        [.. Text(path).Split('\n', StringSplitOptions.TrimEntries).Where(line => line.Length > 0 && line[0] != '#')];
}
