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
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        var target = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(target)
            ?? throw new IOException($"{path}: a file cannot be written there. Give the path of a file.");
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The folder '{folder}' cannot be made: {e.Message} Choose another folder to write to.", e);
        }

        var beside = Path.Combine(folder, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.part");
        try
        {
            using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None)) write(stream);
            File.Move(beside, target, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    /// <summary>Writes a file of <paramref name="content"/>, as <see cref="Write(string, Action{Stream})"/> does.</summary>
    public static void Write(string path, ReadOnlyMemory<byte> content) => Write(path, stream => stream.Write(content.Span));
}
