using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using GradCamSharp.Benchmarking;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Explaining;
using GradCamSharp.Cli.Reporting;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam bench</c>: what explanations cost beside plain inference.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var methods = MethodNames.Option();
        var settings = MethodNames.SetOption();
        var classes = CommandOption.Of<string>(
            "--class", "C", "top1", "The classes explained in one run: an index, a label, top1, top5 ...");
        var runs = CommandOption.Of<int>("--runs", "R", 30, "How many runs of each count, after a few that do not.");
        var json = JsonOutput.Option();
        var command = new Command("bench", "Measures plain inference and explanation in turn, in one process: medians and their ratio.")
        {
            methods, settings, classes, runs, json,
        };
        var named = new ModelArgument(command);
        var options = new ModelOptions(command, modelOption: false);
        command.SetRun((parsed, cancellationToken) =>
        {
            int count = CommandOption.Within(parsed, runs, 1, 100_000);
            var chosen = MethodNames.Parse(parsed.GetValue(methods)!, parsed.GetValue(settings)!);
            using var model = LoadedModel.ForTensors(
                named.Path(parsed, cancellationToken), options.Explainer(parsed), options.Preprocess(parsed),
                options.Labels(parsed));
            var requests = ClassOption.Parse([parsed.GetValue(classes)!], model.Labels, model.Explainer.ClassCount);
            var progress = new ProgressLine(count, "rounds");
            var result = ExplanationBenchmark.Run(model.Explainer, chosen, requests, count, progress, cancellationToken);
            progress.Clear();
            if (parsed.GetValue(json))
                WriteJson(Console.Out, result);
            else
                WriteTable(Console.Out, result);
            return CommandRun.Done;
        });
        return command;
    }

    private static void WriteTable(TextWriter output, BenchmarkResult result)
    {
        var table = new TextTable("", ">MEDIAN ms", ">RATIO");
        table.Add("plain inference", Number(result.InferenceMilliseconds), "1.00");
        foreach (var method in result.Methods)
            table.Add(method.Method, Number(method.Milliseconds), Number(method.Ratio));
        table.Write(output);
        output.WriteLine();
        output.WriteLine(FormattableString.Invariant(
            $"peak memory of the process {result.PeakMegabytes:0} MB, {Environment.ProcessorCount} cores"));
    }

    private static void WriteJson(TextWriter output, BenchmarkResult result) => JsonOutput.Write(output, new JsonObject
    {
        ["inference_ms"] = Math.Round(result.InferenceMilliseconds, 4),
        ["methods"] = new JsonObject(result.Methods.Select(m => KeyValuePair.Create(
            m.Method, (JsonNode?)new JsonObject { ["ms"] = Math.Round(m.Milliseconds, 4), ["ratio"] = Math.Round(m.Ratio, 4) }))),
        ["peak_rss_mb"] = Math.Round(result.PeakMegabytes, 1),
    });

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
