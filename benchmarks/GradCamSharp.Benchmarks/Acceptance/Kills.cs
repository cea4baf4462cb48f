using System.Globalization;
using System.Text;

namespace GradCamSharp.Benchmarks.Acceptance;

/// <summary>What is lost where commands are killed, by the signal that no program can answer, at random moments.</summary>
internal static class Kills
{
    private const int Pictures = 24;

    public static async Task<string> Measure(AcceptanceOptions options)
    {
        using var work = new WorkFolder();
        string scenes = Tool.DrawScenes(work["scenes"], options.IsShort ? 12 : Pictures);
        string[] parts = [Part(work, scenes, 1), Part(work, scenes, 2)];
        string partsBefore = string.Concat(parts.Select(WorkFolder.Digest));
        using var zoo = options.Pulled is { } pulled ? new ZooServer(pulled.Path) : null;
        var commands = Commands(scenes, parts).ToList();
        if (zoo is not null)
            commands.Add(Pull(zoo, options.Pulled!.Value.Name));

        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture,
            $"Each command is killed {options.Kills} times (`kill -9`) at moments drawn evenly over the time that it takes, and started " +
            $"again with the same command line; when it comes to its end it begins anew in an empty folder. Ends are compared byte for " +
            $"byte with the one of a run that nobody killed. Wanted: nothing lost.\n\n" +
            $"| command | seconds alone | kills | ends | ends that differ | damaged files | rows made again | half-written left |\n" +
            $"|---|---|---|---|---|---|---|---|\n"));
        foreach (var command in commands)
        {
            await Console.Error.WriteLineAsync($"  {command.Name}");
            var run = KillRun.Of(command, options.Kills, work, new Random(1));
            text.Append(CultureInfo.InvariantCulture,
                $"| {command.Name} | {run.Seconds:0.0} | {run.Kills} | {run.Finished} | {run.Different} | " +
                $"{(command.IsWholeFile ? $"{run.Damaged}" : "-")} | {(command.Rows is null ? "-" : $"{run.Again}")} | " +
                $"{run.HalfWritten} |\n");
        }

        bool isKept = partsBefore == string.Concat(parts.Select(WorkFolder.Digest));
        text.Append($"\nThe parts that were merged are {(isKept ? "as they were" : "CHANGED")}. ")
            .Append("Rows made again are those of the picture that was in work at a kill.\n");
        if (zoo is null)
        {
            text.Append(
                "\nNot measured: `models pull`, which needs a file of the model zoo to hand out on this machine (`--pull NAME=FILE`).\n");
        }

        return text.ToString();
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
            IsWholeFile = true,
        };
    }

    private static KilledCommand Pull(ZooServer zoo, string name) => new(
        "models pull", static _ => { }, _ => ["models", "pull", name, "--url", zoo.Address], folder => Path.Combine(folder, "models"))
    {
        FolderVariable = "GRADCAM_HOME",
    };

    private static string Part(WorkFolder work, string scenes, int part)
    {
        string folder = work[$"part-{part}"];
        Tool.Run(null, [.. Evaluate(scenes), "--shard", $"{part}/2", "-o", folder]);
        return folder;
    }

    private static string[] Evaluate(string scenes) =>
        ["evaluate", "faithfulness", scenes, "--image-set", "trainval", "--model", "scenes-vgg", "--methods", "gradcam++,gradcam"];
}
