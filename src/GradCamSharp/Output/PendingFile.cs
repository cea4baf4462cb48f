namespace GradCamSharp.Output;

/// <summary>A file that is written beside its place, piece by piece, and takes its place when it is whole.</summary>
/// <remarks>Disposed before it is complete, it leaves nothing behind, and a file that was there stays as it was.</remarks>
public sealed class PendingFile : IDisposable
{
    internal const string Extension = ".part";

    private readonly string target;
    private readonly string beside;
    private readonly FileStream stream;
    private bool isComplete;

    /// <summary>Begins a file; missing folders are made.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written there.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written there.</exception>
    public PendingFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        target = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(target)
            ?? throw new IOException($"{path}: a file cannot be written there. Give the path of a file.");
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The folder '{folder}' cannot be made: {e.Message} Choose another folder to write to.", e);
        }

        beside = Path.Combine(folder, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}{Extension}");
        stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None);
    }

    /// <summary>Where the content goes; closed with the file.</summary>
    public Stream Content => stream;

    /// <summary>Puts the file in its place. One that is there is replaced.</summary>
    /// <exception cref="IOException">The file cannot be written there.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written there.</exception>
    public void Complete()
    {
        stream.Dispose();
        File.Move(beside, target, overwrite: true);
        isComplete = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stream.Dispose();
        if (!isComplete)
            File.Delete(beside);
    }
}
