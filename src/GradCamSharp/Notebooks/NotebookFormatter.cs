namespace GradCamSharp.Notebooks;

/// <summary>Writes an object for notebooks; its members are found by name.</summary>
internal sealed class NotebookFormatter(string mimeType, Action<INotebookOutput, TextWriter> write)
{
    /// <summary>What is written.</summary>
    public string MimeType => mimeType;

    /// <summary>Writes the object.</summary>
    /// <returns>Whether it was written: always.</returns>
    public bool Format(object instance, TextWriter writer)
    {
        write((INotebookOutput)instance, writer);
        return true;
    }
}
