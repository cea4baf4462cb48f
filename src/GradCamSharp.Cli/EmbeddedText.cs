namespace GradCamSharp.Cli;

/// <summary>The text files that are part of the program.</summary>
internal static class EmbeddedText
{
    /// <summary>The text of a file.</summary>
    /// <param name="path">Its path in this project, with / between the parts.</param>
    public static string Of(string path)
    {
        using var stream = typeof(EmbeddedText).Assembly.GetManifestResourceStream(path)
            ?? throw new InvalidOperationException($"'{path}' is not part of the program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
