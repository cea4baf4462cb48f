namespace GradCamSharp.Evaluation.DataSets;

/// <summary>The text files that ship inside this assembly.</summary>
internal static class Shipped
{
    public static string Text(string name)
    {
        using var stream = typeof(Shipped).Assembly.GetManifestResourceStream("GradCamSharp.Evaluation.DataSets.Mappings." + name)
            ?? throw new InvalidOperationException($"'{name}' does not ship.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The lines that are neither empty nor comments.</summary>
    public static string[] Lines(string name) => [.. Text(name).Split('\n', StringSplitOptions.TrimEntries).Where(line => line.Length > 0 && line[0] != '#')];
}
