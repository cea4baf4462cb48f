using System.Globalization;
using System.Text;

namespace GradCamSharp.Benchmarks.Acceptance;

/// <summary>How near an evaluation comes to nothing but its forward passes.</summary>
internal static class Throughput
{
    public static Task<string> Measure(AcceptanceOptions options)
    {
        using var work = new WorkFolder();
        int rounds = options.IsShort ? 1 : 5;
        string scenes = Path.Combine(Tool.DrawScenes(work["scenes"], options.IsShort ? 4 : 48), "JPEGImages");
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture,
            $"`evaluate faithfulness` with two methods, pictures a second, against the same forward passes in plain ONNX Runtime that " +
            $"does nothing else: with all cores on one pass, its default, and with a pass a core. The yardstick is the faster of the " +
            $"two. An evaluation is timed once each core has measured its first picture; the start, with the model's digest and a trial " +
            $"of the methods, is the same for 8 pictures and for 50,000, and told apart. Medians of {rounds} rounds in turn over scenes " +
            $"of 256 px. Wanted: 0.85 of the yardstick.\n\n" +
            $"| network | weights | pictures | evaluation | start, s | plain, all cores on a pass | plain, a pass a core | " +
            $"of the faster |\n" +
            $"|---|---|---|---|---|---|---|---|\n"));
        (string Name, Func<byte[]> Build, int Share)[] networks =
            [("squeezenet", Networks.SqueezeNet, 1), ("resnet50", Networks.ResNet50, 2), ("vgg16", Networks.Vgg16, 3)];
        var absent = new List<string>();
        foreach (var (name, build, share) in networks.Take(options.IsShort ? 1 : networks.Length))
        {
            string own = Directory.CreateDirectory(work[name]).FullName;
            foreach (string file in Directory.EnumerateFiles(scenes).Order(StringComparer.Ordinal).Where((_, i) => i % share == 0))
                File.Copy(file, Path.Combine(own, Path.GetFileName(file)));
            bool isGiven = options.Models.TryGetValue(name, out string? path);
            if (!isGiven)
            {
                File.WriteAllBytes(path = work[name + ".onnx"], build());
                absent.Add(name);
            }

            var measured = EvaluationThroughput.Measure(path!, own, rounds);
            text.Append(CultureInfo.InvariantCulture,
                $"| {name} | {(isGiven ? "its own" : "seeded")} | {Directory.EnumerateFiles(own).Count()} | {measured.Evaluated:0.0} | " +
                $"{measured.Start:0.00} | {measured.Plain:0.0} | {measured.PlainByCore:0.0} | {measured.Ratio:0.00} |\n");
        }

        if (absent.Count > 0)
        {
            text.Append(
                $"\nNo file was given for {string.Join(", ", absent)} (`--model NAME=FILE`): the same topology with seeded weights.\n");
        }

        return Task.FromResult(text.ToString());
    }
}
