using System.Diagnostics;

namespace GradCamSharp.Benchmarks.Acceptance;

/// <summary>What came of killing one command.</summary>
/// <param name="Kills">How often it was killed.</param>
/// <param name="Finished">How often it came to its end in between, or at last.</param>
/// <param name="Different">How many of these ends differ from the one of a run that nobody killed, in any byte.</param>
/// <param name="Damaged">How often a file stood at its place that was neither the old nor the new one.</param>
/// <param name="Again">The rows that were made again, as their picture was the last before a kill.</param>
/// <param name="HalfWritten">The files half written that were still there when all was finished.</param>
/// <param name="Seconds">How long a run takes that nobody kills.</param>
internal sealed record KillRun(int Kills, int Finished, int Different, int Damaged, int Again, int HalfWritten, double Seconds)
{
    /// <summary>Kills a command until it was killed so often; then lets it finish.</summary>
    public static KillRun Of(KilledCommand command, int kills, WorkFolder work, Random random)
    {
        string whole = work.Next();
        command.Prepare(whole);
        string? old = Whole(command, whole);
        var clock = Stopwatch.StartNew();
        command.Program.Run(Variable(command, whole), command.Arguments(whole));
        double seconds = clock.Elapsed.TotalSeconds;
        string expected = WorkFolder.Digest(command.Result(whole));
        string? made = Whole(command, whole);

        int killed = 0, finished = 0, different = 0, damaged = 0, again = 0, halfWritten = 0;
        string? folder = null;
        while (killed < kills || folder is not null)
        {
            if (folder is null)
                command.Prepare(folder = work.Next());
            int before = Count(command, folder);
            using var process = command.Program.Start(Variable(command, folder), command.Arguments(folder));
            var output = process.StandardOutput.ReadToEndAsync();
            bool isLast = killed >= kills;
            if (!isLast && !process.WaitForExit(TimeSpan.FromSeconds(random.NextDouble() * seconds)))
            {
                process.Kill();
                process.WaitForExit();
                killed++;
                again += Math.Max(0, before - Count(command, folder));
                if (command.WholeFile is { } file && WorkFolder.Digest(file(folder)) is var now && now != old && now != made)
                    damaged++;
                continue;
            }

            process.WaitForExit();
            output.GetAwaiter().GetResult();
            finished++;
            if (process.ExitCode != 0 || WorkFolder.Digest(command.Result(folder)) != expected)
                different++;
            halfWritten += WorkFolder.HalfWritten(folder);
            Directory.Delete(folder, recursive: true);
            folder = null;
        }

        return new KillRun(killed, finished, different, damaged, again, halfWritten, seconds);
    }

    private static string? Whole(KilledCommand command, string folder) =>
        command.WholeFile is { } file ? WorkFolder.Digest(file(folder)) : null;

    private static (string Name, string Value)? Variable(KilledCommand command, string folder) =>
        command.FolderVariable is { } name ? (name, folder) : null;

    private static int Count(KilledCommand command, string folder) =>
        command.Rows?.Invoke(folder) is { } file && File.Exists(file) ? File.ReadAllBytes(file).AsSpan().Count((byte)'\n') : 0;
}
