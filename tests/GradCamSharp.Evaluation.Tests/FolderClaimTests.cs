namespace GradCamSharp.Evaluation.Tests;

public sealed class FolderClaimTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gradcam-claim-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Take_WhileAnotherHoldsIt_IsRefusedUntilThatEnds()
    {
        using (FolderClaim.Take(folder))
        {
            string message = Assert.Throws<IOException>(() => FolderClaim.Take(folder)).Message;
            Assert.Contains($"'{folder}' is being written by another process", message, StringComparison.Ordinal);
        }

        FolderClaim.Take(folder).Dispose();
    }

    // The file goes with each claim: who has opened it before must not lock it when the next has made another of its name.
    [Fact]
    public void Take_ByManyWhileOthersEnd_IsHeldByOneAtATime()
    {
        const int Claims = 500;
        int holders = 0, taken = 0, most = 0;
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            while (Volatile.Read(ref taken) < Claims)
            {
                try
                {
                    using var claim = FolderClaim.Take(folder);
                    int now = Interlocked.Increment(ref holders);
                    Interlocked.Increment(ref taken);
                    if (now > 1)
                        Volatile.Write(ref most, now);
                    Thread.Yield();
                    Interlocked.Decrement(ref holders);
                }
                catch (IOException)
                {
                    // Another has it.
                }
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Assert.Equal(0, most);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    [Fact]
    public void Take_WhereAFileIs_SaysWhatToDo()
    {
        string file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");
        string message = Assert.Throws<IOException>(() => FolderClaim.Take(file)).Message;
        Assert.Contains("cannot be made", message, StringComparison.Ordinal);
        Assert.Contains("Choose another one.", message, StringComparison.Ordinal);
    }

    // A program that runs cannot be opened for writing: an error that has nothing to do with another process's claim.
    [Fact]
    public void Take_LockFileThatCannotBeOpened_SaysWhyAndBlamesNoOtherProcess()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Another system has another error for it.");
        File.CreateSymbolicLink(Path.Combine(folder, FolderClaim.LockFile), Environment.ProcessPath!);
        string message = Assert.Throws<IOException>(() => FolderClaim.Take(folder)).Message;
        Assert.Contains("cannot be written", message, StringComparison.Ordinal);
        Assert.DoesNotContain("another process", message, StringComparison.Ordinal);
    }
}
