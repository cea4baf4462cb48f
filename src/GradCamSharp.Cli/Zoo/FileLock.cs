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
            catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
            {
                if (!told)
                    waiting();
                cancellationToken.WaitHandle.WaitOne(Pause);
            }
        }
    }
}
