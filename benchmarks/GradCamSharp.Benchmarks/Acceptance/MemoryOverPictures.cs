using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace GradCamSharp.Benchmarks.Acceptance;

/// <summary>The resident memory of one evaluation, as it goes on.</summary>
internal static class MemoryOverPictures
{
    private const int Drawn = 500, DrawnShort = 20;

    public static async Task<string> Measure(AcceptanceOptions options)
    {
        using var work = new WorkFolder();
        string scenes = Path.Combine(Tool.DrawScenes(work["scenes"], options.IsShort ? DrawnShort : Drawn), "JPEGImages");
        string pictures = Directory.CreateDirectory(work["pictures"]).FullName;
        int copies = options.IsShort ? 5 : 20;
        foreach (string file in Directory.EnumerateFiles(scenes))
        {
            for (int copy = 0; copy < copies; copy++)
                File.Copy(file, Path.Combine(pictures, FormattableString.Invariant($"{copy:00}-{Path.GetFileName(file)}")));
        }

        int count = Directory.EnumerateFiles(pictures).Count();
        int[] points = [count / 10, count / 2, count];
        string run = work["run"];
        using var process = Tool.Usual.Start(
            null, "evaluate", "faithfulness", pictures, "--model", "scenes-vgg", "--methods", "gradcam++,gradcam", "-o", run);
        var output = process.StandardOutput.ReadToEndAsync();
        var clock = Stopwatch.StartNew();
        var resident = new List<(int Pictures, double Megabytes, double Seconds)>();
        using var records = new RowCounter(Path.Combine(run, "records.csv"), rowsOfOne: 2);
        // The last pictures come with the end: what was seen last before it is the figure of all.
        (int, double, double) last = default;
        while (!process.HasExited)
        {
            await Task.Delay(50);
            int done = records.Count();
            if (done == 0 || Resident(process) is not { } bytes)
                continue;
            last = (done, bytes / 1e6, clock.Elapsed.TotalSeconds);
            if (resident.Count < points.Length - 1 && done >= points[resident.Count])
                resident.Add(last);
        }

        await output;
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"The evaluation ended with {process.ExitCode}.");
        resident.Add(last);
        double first = resident[0].Megabytes;
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture,
            $"One `evaluate faithfulness` with two methods on scenes-vgg, {count:n0} pictures: {count / copies} scenes drawn by " +
            $"`gradcam scenes`, each {copies} times. Wanted: flat within 5 %.\n\n" +
            $"| pictures | resident memory, MB | against the first | seconds |\n|---|---|---|---|\n"));
        foreach (var (done, megabytes, seconds) in resident)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"| {done:n0} | {megabytes:0} | {100 * ((megabytes / first) - 1):+0.0;-0.0;0.0} % | {seconds:0} |\n");
        }

        return text.ToString();
    }

    /// <summary>The resident memory in bytes; null of a process that has just ended.</summary>
    private static long? Resident(Process process)
    {
        try
        {
            process.Refresh();
            return process.WorkingSet64 is > 0 and var bytes ? bytes : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Counts the pictures in a file of records that grows.</summary>
    private sealed class RowCounter(string path, int rowsOfOne) : IDisposable
    {
        private readonly byte[] buffer = new byte[1 << 16];
        private FileStream? stream;
        private int lines;

        public int Count()
        {
            if (stream is null && !File.Exists(path))
                return 0;
            stream ??= new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            while (stream.Read(buffer) is > 0 and var read)
                lines += buffer.AsSpan(0, read).Count((byte)'\n');
            return Math.Max(0, lines - 1) / rowsOfOne;
        }

        public void Dispose() => stream?.Dispose();
    }
}
