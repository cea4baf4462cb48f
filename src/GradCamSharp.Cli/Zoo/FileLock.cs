namespace GradCamSharp.Cli.Zoo;

/// <summary>A file that one process at a time holds open.</summary>
internal static class FileLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits for the lock; the caller disposes it.</summary>
    /// <param name="path">The lock's file; it stays, empty, for taking it away could take another's lock away.</param>
    /// <param name="waiting">Told once that somebody else holds it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static IDisposable Take(string path, Action waiting, CancellationToken cancellationToken)
    {
        for (bool told = false; ; told = true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (IsHeld(e))
            {
                if (!told)
                    waiting();
                cancellationToken.WaitHandle.WaitOne(Pause);
            }
        }
    }

    // What opening a file that another process holds ends with: a sharing violation on Windows, EWOULDBLOCK elsewhere. To wait for a disk
    // that is full or read-only would be to wait for ever.
    private static bool IsHeld(IOException e) =>
        OperatingSystem.IsWindows() ? (e.HResult & 0xFFFF) is 32 or 33 : e.HResult == (OperatingSystem.IsMacOS() ? 35 : 11);
}
