namespace GradCamSharp.Evaluation;

/// <summary>
/// A folder that one process at a time writes. The claim ends when it is disposed, and with the process, whatever ends that.
/// </summary>
public sealed class FolderClaim : IDisposable
{
    /// <summary>The file that is locked: one of its own, for to lock what is written would lock its readers out too.</summary>
    public const string LockFile = ".lock";

    // What the system says of a file that another process has locked: EAGAIN of Linux and of macOS; a sharing and a lock violation.
    private static readonly int[] Locked = [11, 35, unchecked((int)0x80070020), unchecked((int)0x80070021)];

    private readonly FileStream file;

    private FolderClaim(FileStream file) => this.file = file;

    /// <summary>Makes a folder this process's to write.</summary>
    /// <param name="folder">The folder; it is made where it is missing.</param>
    /// <exception cref="IOException">Another process writes it, or it cannot be written.</exception>
    public static FolderClaim Take(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The folder '{folder}' cannot be made: {e.Message} Choose another one.", e);
        }

        string path = Path.Combine(folder, LockFile);
        try
        {
            // To delete a file that is locked can leave a process with a lock on what has no name any more. Not with these very options:
            // then .NET looks whether the name still leads to the file that it has locked, and opens it anew where it does not.
            return new FolderClaim(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1,
                FileOptions.DeleteOnClose));
        }
        catch (IOException e) when (Locked.Contains(e.HResult))
        {
            throw new IOException($"'{folder}' is being written by another process. Wait for its end, or choose another folder.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The folder '{folder}' cannot be written: {e.Message} Choose another one.", e);
        }
    }

    /// <summary>Ends the claim.</summary>
    public void Dispose() => file.Dispose();
}
