using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using GradCamSharp.Checking;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Explaining;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Evaluation;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam check</c>: can this model be explained, and is the gradient right?</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var all = new Option<bool>("--all-layers") { Description = $"Check every layer that {Invoked.As} layers lists." };
        var methods = new Option<string?>("--method", "--methods")
        {
            Description = "A comma list of methods that share out a score, such as lrp or attnlrp: says where it goes, and whether that " +
                "adds up, in place of the gradient's check.",
            HelpName = "LIST",
        };
        var settings = MethodNames.SetOption();
        var rules = MethodNames.RulesOption();
        var json = JsonOutput.Option();
        var picture = new Argument<string?>("PICTURE")
        {
            Description = "A picture or a .npy: the map of a target is compared with D-RISE's or RISE's, which need no gradients.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var masks = CommandOption.Of<int>("--masks", "N", 1000, "How many masked runs the comparison with a PICTURE makes.");
        var command = new Command("check",
            "Says whether a model can be explained: the operators on the way, those without a gradient rule, and the gradient against " +
            "differences of the scores.")
        {
            all, methods, settings, rules, json,
        };
        var named = new ModelArgument(command);
        command.Arguments.Add(picture);
        var options = new ModelOptions(command, modelOption: false);
        var targets = new TargetArguments(command);
        command.Options.Add(masks);
        var ofTarget = new CheckTarget(options, targets, masks, json);
        command.SetRun((parsed, cancellationToken) =>
        {
            if (parsed.GetValue(picture) is not null || targets.Targets(parsed).Count > 0)
                return ofTarget.Run(parsed, named.Path(parsed, cancellationToken), parsed.GetValue(picture), cancellationToken);
            using var model = LoadedModel.ForTensors(
                named.Path(parsed, cancellationToken), options.Explainer(parsed), options.Preprocess(parsed),
                options.Labels(parsed));
            var explainer = model.Explainer;
            string name = Path.GetFileName(explainer.ModelName);
            if (parsed.GetValue(methods) is not null || parsed.GetValue(rules) is not null)
            {
                var chosen = MethodNames.Parse(
                    parsed.GetValue(methods) ?? "", parsed.GetValue(settings)!, parsed.GetValue(rules),
                    parsed.GetValue(methods) is not null);
                var reports = RelevanceSelfTest.Run(explainer, chosen, cancellationToken: cancellationToken);
                return RelevanceOutput.Write(Console.Out, name, reports, parsed.GetValue(json));
            }

            if (parsed.GetValue(all))
                return CheckAll(explainer, name, parsed.GetValue(json), cancellationToken);

            var report = GradientSelfTest.Run(explainer, cancellationToken: cancellationToken);
            if (parsed.GetValue(json))
                JsonOutput.Write(Console.Out, Json(report));
            else
                Write(Console.Out, name, report);
            return report.Ok ? CommandRun.Done : CommandRun.Failed;
        });
        return command;
    }

    private static int CheckAll(Explainer explainer, string model, bool json, CancellationToken cancellationToken)
    {
        int count = explainer.FindLayers().Count;
        var estimate = GradientSelfTest.Estimate(explainer, cancellationToken: cancellationToken);
        Console.Error.WriteLine(
            $"{model}: {Counted.Of(count, "layer")} to check, {Duration(estimate)} or more. Ctrl-C stops and prints what is done.");
        var clock = Stopwatch.StartNew();
        var progress = new ProgressLine(count, "layers");
        var reports = new List<GradientReport>();
        try
        {
            foreach (var report in GradientSelfTest.RunAll(explainer, cancellationToken: cancellationToken))
            {
                reports.Add(report);
                // The first has the longest way to the scores, so this is rather too long.
                if (reports.Count == 1 && count > 1)
                    Console.Error.WriteLine($"At most {Duration(clock.Elapsed * count)}, by the time that the first has taken.");
                progress.Step();
                if (reports.Count < count)
                    cancellationToken.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (reports.Count > 0)
        {
            progress.Clear();
            All(reports, count, model, json);
            throw;
        }

        progress.Clear();
        return All(reports, count, model, json);
    }

    private static string Duration(TimeSpan time) => time.TotalMinutes < 2
        ? FormattableString.Invariant($"about {Math.Ceiling(time.TotalSeconds):0} s")
        : FormattableString.Invariant($"about {Math.Ceiling(time.TotalMinutes):0} minutes");

    private static int All(List<GradientReport> reports, int count, string model, bool json)
    {
        int left = count - reports.Count;
        bool ok = left == 0 && reports.All(r => r.Ok);
        if (json)
        {
            var document = new JsonObject
            {
                ["ok"] = ok,
                ["operators"] = Counts(reports.SelectMany(r => r.Operators).GroupBy(o => o.Key).OrderBy(g => g.Key, StringComparer.Ordinal)
                    .Select(g => KeyValuePair.Create(g.Key, g.Max(o => o.Value)))),
                ["missing"] = JsonOutput.Texts(reports.SelectMany(r => r.Missing.Keys).Distinct().Order(StringComparer.Ordinal)),
                ["max_relative_error"] = reports.Max(r => r.MaxRelativeError) is { } worst && double.IsFinite(worst) ? worst : null,
                ["layers"] = new JsonArray([.. reports.Select(Json)]),
            };
            if (left > 0)
                document["unchecked"] = left;
            JsonOutput.Write(Console.Out, document);
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
            string more = left > 0 ? $", {Counted.Of(left, "more layer")} not checked" : "";
            int good = reports.Count(r => r.Ok);
            Console.Out.WriteLine(FormattableString.Invariant($"{model}: {good} of {reports.Count} layers ok") + more);
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
