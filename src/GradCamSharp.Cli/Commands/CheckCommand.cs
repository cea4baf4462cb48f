using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using GradCamSharp.Checking;
using GradCamSharp.Cli.Explaining;
using GradCamSharp.Cli.Reporting;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam check</c>: can this model be explained, and is the gradient right?</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var named = ModelArgument.Create();
        var all = new Option<bool>("--all-layers") { Description = $"Check every layer that {Invoked.As} layers lists." };
        var json = JsonOutput.Option();
        var command = new Command("check",
            "Says whether a model can be explained: the operators on the way, those without a gradient rule, and the gradient against " +
            "differences of the scores.")
        {
            named, all, json,
        };
        var options = new ModelOptions(command, modelOption: false);
        command.SetRun((parsed, cancellationToken) =>
        {
            using var model = LoadedModel.ForTensors(
                ModelOptions.Resolve(parsed.GetValue(named), cancellationToken), options.Explainer(parsed), options.Preprocess(parsed),
                options.Labels(parsed));
            var explainer = model.Explainer;
            string name = Path.GetFileName(explainer.ModelName);
            if (parsed.GetValue(all))
            {
                var progress = new ProgressLine(explainer.Layers.Count, "layers");
                var reports = new List<GradientReport>();
                foreach (var checkedLayer in GradientSelfTest.RunAll(explainer, cancellationToken: cancellationToken))
                {
                    reports.Add(checkedLayer);
                    progress.Step();
                }

                progress.Clear();
                return All(reports, name, parsed.GetValue(json));
            }

            var report = GradientSelfTest.Run(explainer, cancellationToken: cancellationToken);
            if (parsed.GetValue(json))
                JsonOutput.Write(Console.Out, Json(report));
            else
                Write(Console.Out, name, report);
            return report.Ok ? CommandRun.Done : CommandRun.Failed;
        });
        return command;
    }

    private static int All(List<GradientReport> reports, string model, bool json)
    {
        bool ok = reports.All(r => r.Ok);
        if (json)
        {
            JsonOutput.Write(Console.Out, new JsonObject
            {
                ["ok"] = ok,
                ["operators"] = Counts(reports.SelectMany(r => r.Operators).GroupBy(o => o.Key).OrderBy(g => g.Key, StringComparer.Ordinal)
                    .Select(g => KeyValuePair.Create(g.Key, g.Max(o => o.Value)))),
                ["missing"] = JsonOutput.Texts(reports.SelectMany(r => r.Missing.Keys).Distinct().Order(StringComparer.Ordinal)),
                ["max_relative_error"] = reports.Max(r => r.MaxRelativeError) is { } worst && double.IsFinite(worst) ? worst : null,
                ["layers"] = new JsonArray([.. reports.Select(Json)]),
            });
        }
        else
        {
            var table = new TextTable("LAYER", "OPERATOR", ">ERROR", ">LIMIT", "");
            foreach (var report in reports)
            {
                string verdict = report.Ok ? "ok"
                    : report.Missing.Count > 0 ? $"no rule for {string.Join(", ", report.Missing.Keys)}" : "the gradient is wrong";
                table.Add(
                    report.Layer.Name, report.Layer.Operator, Number(report.MaxRelativeError), Number(report.Limit), verdict);
            }

            table.Write(Console.Out);
            Console.Out.WriteLine();
            Console.Out.WriteLine(FormattableString.Invariant($"{model}: {reports.Count(r => r.Ok)} of {reports.Count} layers ok"));
        }

        return ok ? CommandRun.Done : CommandRun.Failed;
    }

    private static void Write(TextWriter output, string model, GradientReport report)
    {
        output.WriteLine($"{model}: {(report.Ok ? "ok" : "cannot be explained at this layer")}");
        output.WriteLine($"  layer      {report.Layer.Name} {report.Layer.Shape} ({report.Layer.Reason})");
        var operators = report.Operators.Select(o => FormattableString.Invariant($"{o.Key} {o.Value}"));
        output.WriteLine($"  operators  {string.Join(", ", operators)}");
        if (report.Missing.Count == 0)
        {
            output.WriteLine($"  gradient   relative error {Number(report.MaxRelativeError)}, at most {Number(report.Limit)} passes");
            if (report.WithoutRounding)
            {
                output.WriteLine("             measured with the rounding of the quantisation taken out: " +
                    "gradients pass straight through it");
            }
            if (!report.Ok)
                output.WriteLine("             The gradient disagrees with differences of the scores; maps of this layer mean nothing. " +
                    "Please report the model.");
            return;
        }

        foreach (var (op, nodes) in report.Missing)
        {
            string more = nodes.Count > 10 ? FormattableString.Invariant($" and {nodes.Count - 10} more") : "";
            output.WriteLine($"  no rule    {op}: {string.Join(", ", nodes.Take(10).Select(n => $"'{n}'"))}{more}");
        }

        output.WriteLine(report.Explainable.Count == 0
            ? "  No layer behind these operators can be explained."
            : $"  can be     {string.Join(", ", report.Explainable.TakeLast(10).Select(l => l.Name))} " +
                "(behind these operators; give one with --layer)");
    }

    private static JsonObject Json(GradientReport report) => new()
    {
        ["ok"] = report.Ok,
        ["layer"] = JsonOutput.Layer(report.Layer),
        ["operators"] = Counts(report.Operators),
        ["missing"] = JsonOutput.Texts(report.Missing.Keys),
        ["missing_nodes"] = new JsonObject(report.Missing.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)JsonOutput.Texts(m.Value)))),
        ["explainable_layers"] = JsonOutput.Texts(report.Explainable.Select(l => l.Name)),
        ["max_relative_error"] = report.MaxRelativeError is { } error && double.IsFinite(error) ? error : null,
        ["limit"] = report.Limit,
        ["without_rounding"] = report.WithoutRounding,
    };

    private static JsonObject Counts(IEnumerable<KeyValuePair<string, int>> counts) =>
        new(counts.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value)));

    private static string Number(double? value) => value is { } v ? v.ToString("0.0e-0", CultureInfo.InvariantCulture) : "";
}
