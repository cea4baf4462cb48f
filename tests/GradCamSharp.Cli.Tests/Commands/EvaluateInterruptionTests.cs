using System.Diagnostics;
using GradCamSharp.Scenes;

namespace GradCamSharp.Cli.Tests.Commands;

/// <summary>The tool itself, killed while it measures, and started again with the same command.</summary>
public sealed class EvaluateInterruptionTests : IDisposable
{
    private const int Kills = 4, Pictures = 30;

    private readonly string root = Directory.CreateTempSubdirectory("gradcam-kill-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    /// <summary>
    /// The moments are sizes that the records reach, drawn with a seed: early, late and in the midst of a picture's rows.
    /// </summary>
    [Fact]
    public async Task Faithfulness_KilledAtRandomMoments_EndsLikeAnUndisturbedRun()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        string scenes = Path.Combine(root, "scenes"), whole = Path.Combine(root, "whole"), killed = Path.Combine(root, "killed");
        SceneDataSet.Write(scenes, new SceneOptions { Count = Pictures, Seed = 11, Size = 128 }, cancellationToken: cancellationToken);
        string[] command =
            ["evaluate", "faithfulness", Path.Combine(scenes, "JPEGImages"), "--methods", "gradcam++,gradcam,guided-gradcam++", "--json",
            "--output"];
        string expected = await Finish([.. command, whole], cancellationToken);
        long size = new FileInfo(Path.Combine(whole, "records.csv")).Length;

        Directory.CreateDirectory(killed);
        var random = new Random(20171030);
        int interrupted = 0;
        foreach (long moment in Enumerable.Range(0, Kills).Select(_ => random.NextInt64(size)).Order())
            interrupted += await KillAt(moment, [.. command, killed], killed, cancellationToken) ? 1 : 0;
        Assert.InRange(interrupted, Kills - 1, Kills);

        Assert.Equal(expected, await Finish([.. command, killed], cancellationToken));
        foreach (string name in (string[])["records.csv", "summary.json"])
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(whole, name), cancellationToken),
                await File.ReadAllBytesAsync(Path.Combine(killed, name), cancellationToken));
    }

    private static async Task<string> Finish(string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Start(arguments);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(process.ExitCode == 0, await errors);
        return output;
    }

    // True where the process was still at work.
    private static async Task<bool> KillAt(long size, string[] arguments, string folder, CancellationToken cancellationToken)
    {
        var reached = new TaskCompletionSource();
        using var watcher =
            new FileSystemWatcher(folder) { NotifyFilter = NotifyFilters.Size | NotifyFilters.FileName | NotifyFilters.LastWrite };
        void Look(object? sender, FileSystemEventArgs? change)
        {
            var records = new FileInfo(Path.Combine(folder, "records.csv"));
            if (records.Exists && records.Length > size)
                reached.TrySetResult();
        }

        watcher.Changed += Look;
        watcher.Created += Look;
        watcher.EnableRaisingEvents = true;
        using var process = Start(arguments);
        // Nobody reads what it prints: a few lines fit the pipe.
        await Task.WhenAny(reached.Task, process.WaitForExitAsync(cancellationToken));
        bool isRunning = !process.HasExited;
        process.Kill();
        await process.WaitForExitAsync(cancellationToken);
        return isRunning;
    }

    private static Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "gradcam.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }
}
