using System.Globalization;
using System.Text;

namespace GradCamSharp.Benchmarks.Acceptance;

/// <summary>What is lost where commands are killed, by the signal that no program can answer, at random moments.</summary>
internal static class Kills
{
    /// <summary>The head of the table.</summary>
    public const string Head =
        "| command | seconds alone | kills | ends | ends that differ | damaged files | rows made again | half-written left |\n" +
        "|---|---|---|---|---|---|---|---|\n";

    private const int Pictures = 24;

    public static async Task<string> Measure(AcceptanceOptions options)
    {
        using var work = new WorkFolder();
        string scenes = Tool.DrawScenes(work["scenes"], options.IsShort ? 12 : Pictures);
        string[] parts = [Part(work, scenes, 1), Part(work, scenes, 2)];
        string partsBefore = string.Concat(parts.Select(WorkFolder.Digest));
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture,
            $"Each command is killed {options.Kills} times (`kill -9`) at moments drawn evenly over the time that it takes, and started " +
            $"again with the same command line; when it comes to its end it begins anew in an empty folder. Ends are compared byte for " +
            $"byte with the one of a run that nobody killed. Wanted: nothing lost.\n\n{Head}"));
        foreach (var command in Commands(scenes, parts))
        {
            await Console.Error.WriteLineAsync($"  {command.Name}");
            text.Append(Row(command, options.Kills, work));
        }

        bool isKept = partsBefore == string.Concat(parts.Select(WorkFolder.Digest));
        text.Append($"\nThe parts that were merged are {(isKept ? "as they were" : "CHANGED")}. ")
            .Append("Rows made again are those of the picture that was in work at a kill.\n");
        return text.ToString();
    }

    /// <summary>Kills a command, and says in a row of the table what came of it.</summary>
    public static string Row(KilledCommand command, int kills, WorkFolder work)
    {
        var run = KillRun.Of(command, kills, work, new Random(1));
        return string.Create(CultureInfo.InvariantCulture,
            $"| {command.Name} | {run.Seconds:0.0} | {run.Kills} | {run.Finished} | {run.Different} | " +
            $"{(command.WholeFile is null ? "-" : $"{run.Damaged}")} | {(command.Rows is null ? "-" : $"{run.Again}")} | " +
            $"{run.HalfWritten} |\n");
    }

    private static IEnumerable<KilledCommand> Commands(string scenes, string[] parts)
    {
        yield return new KilledCommand(
            "evaluate faithfulness", static _ => { }, folder => [.. Evaluate(scenes), "-o", Path.Combine(folder, "run")],
            folder => Path.Combine(folder, "run", "records.csv"))
        {
            Rows = folder => Path.Combine(folder, "run", "records.csv"),
        };
        yield return new KilledCommand(
            "evaluate merge", static _ => { }, folder => ["evaluate", "merge", .. parts, "-o", Path.Combine(folder, "run")],
            folder => Path.Combine(folder, "run", "records.csv"));
        yield return new KilledCommand(
            "study create", static _ => { },
            folder => ["study", "create", Path.Combine(folder, "study"), "--images", scenes, "--image-set", "trainval", "--model",
                "scenes-vgg", "--class-count", "2", "--per-class", "2"],
            folder => Path.Combine(folder, "study"));
        yield return new KilledCommand(
            "export", folder => File.WriteAllText(Path.Combine(folder, "out.onnx"), "an earlier export"),
            folder => ["export", "scenes-vgg", "-o", Path.Combine(folder, "out.onnx")],
            folder => Path.Combine(folder, "out.onnx"))
        {
            WholeFile = folder => Path.Combine(folder, "out.onnx"),
        };
    }

    private static string Part(WorkFolder work, string scenes, int part)
    {
        string folder = work[$"part-{part}"];
        Tool.Usual.Run(null, [.. Evaluate(scenes), "--shard", $"{part}/2", "-o", folder]);
        return folder;
    }

    private static string[] Evaluate(string scenes) =>
        ["evaluate", "faithfulness", scenes, "--image-set", "trainval", "--model", "scenes-vgg", "--methods", "gradcam++,gradcam"];
}
