using GradCamSharp.Cli.Zoo;

namespace GradCamSharp.Cli.Tests.Zoo;

public sealed class FileLockTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    private string Path => System.IO.Path.Combine(folder, "model.lock");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Take_HeldByAnother_WaitsAndSaysSo()
    {
        using var cancelled = new CancellationTokenSource();
        int told = 0;
        using (FileLock.Take(Path, () => told++, CancellationToken.None))
        {
            Assert.Throws<OperationCanceledException>(() => FileLock.Take(
                Path,
                () =>
                {
                    told++;
                    cancelled.Cancel();
                },
                cancelled.Token));
        }

        Assert.Equal(1, told);
        FileLock.Take(Path, () => told++, CancellationToken.None).Dispose();
        Assert.Equal(1, told);
    }

    [Fact]
    public void Take_FileThatCannotBeOpened_FailsInsteadOfWaiting()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Symbolic links need a privilege on Windows.");
        // A link to itself: opening it fails with an IOException that is nobody's lock.
        File.CreateSymbolicLink(Path, Path);
        Assert.ThrowsAny<IOException>(() => FileLock.Take(
            Path, () => throw new InvalidOperationException("Nobody holds it."), CancellationToken.None));
    }
}
