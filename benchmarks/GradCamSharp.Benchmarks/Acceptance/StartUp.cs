using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace GradCamSharp.Benchmarks.Acceptance;

/// <summary>How long a process of the command line takes from its start to its end.</summary>
internal static class StartUp
{
    public static Task<string> Measure(AcceptanceOptions options)
    {
        int runs = options.IsShort ? 3 : 20;
        var tool = Tool.AsPublished;
        using var work = new WorkFolder();
        string sample = Path.Combine(Checkout.Root(), "samples", "teapots-and-clock.jpg"), network = work["squeezenet.onnx"];
        bool isGiven = options.Models.TryGetValue("squeezenet", out string? given);
        if (!isGiven)
            File.WriteAllBytes(network, Networks.SqueezeNet());
        (string What, int Wanted, string[] Arguments)[] commands =
        [
            ("gradcam --version", 30, ["--version"]),
            ("gradcam explain PICTURE, the shipped network", 200, ["explain", sample, "--output", work["shipped"]]),
            ("gradcam explain PICTURE, SqueezeNet 1.1", 220,
                ["explain", sample, "--model", given ?? network, "--preprocess", "torch", "--output", work["squeezenet"]]),
        ];
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture,
            $"Whole processes as `./gradcam` runs them, compiled ahead to native code where that is possible (ReadyToRun), the files in " +
            $"the disk's cache; medians of {runs}.{(isGiven ? "" : " SqueezeNet has seeded weights.")}\n\n" +
            $"| command | ms | slowest, ms | wanted |\n|---|---|---|---|\n"));
        foreach (var (what, wanted, arguments) in commands)
        {
            double[] times = new double[runs];
            for (int i = -2; i < runs; i++)
            {
                long start = Stopwatch.GetTimestamp();
                tool.Run(null, arguments);
                if (i >= 0)
                    times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }

            text.Append(CultureInfo.InvariantCulture, $"| `{what}` | {Median.Of(times):0} | {times.Max():0} | {wanted} |\n");
        }

        return Task.FromResult(text.ToString());
    }
}
