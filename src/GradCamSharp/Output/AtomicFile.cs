namespace GradCamSharp.Output;

/// <summary>Files that appear whole or not at all: written beside their place, then renamed.</summary>
public static class AtomicFile
{
    /// <summary>Writes a file. One that is there already is replaced only when the new one is whole; missing folders are made.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content. When it throws, nothing is left behind and the exception goes on.</param>
    /// <exception cref="IOException">The file cannot be written there.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written there.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        using var file = new PendingFile(path);
        write(file.Content);
        file.Complete();
    }

    /// <summary>Writes a file of <paramref name="content"/>, as <see cref="Write(string, Action{Stream})"/> does.</summary>
    public static void Write(string path, ReadOnlyMemory<byte> content) => Write(path, stream => stream.Write(content.Span));

    /// <summary>Deletes what processes that were killed while they wrote a file have left beside it.</summary>
    /// <param name="path">The file. Nobody may be writing it now.</param>
    /// <exception cref="IOException">It cannot be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be deleted.</exception>
    public static void RemoveTorn(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var target = Path.GetFullPath(path);
        if (Path.GetDirectoryName(target) is not { } folder || !Directory.Exists(folder))
            return;
        string begin = $".{Path.GetFileName(target)}.";
        foreach (string file in Directory.EnumerateFiles(folder, $".*{PendingFile.Extension}"))
        {
            string name = Path.GetFileNameWithoutExtension(file);
            if (name.StartsWith(begin, StringComparison.Ordinal) && Guid.TryParseExact(name.AsSpan(begin.Length), "N", out _))
                File.Delete(file);
        }
    }
}
