using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using GradCamSharp.Benchmarking;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Explaining;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Methods;
using GradCamSharp.Targets;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam methods</c>: the methods, their parameters and what they cost.</summary>
internal static class MethodsCommand
{
    private const int Runs = 3;

    public static Command Create()
    {
        var name = new Argument<string?>("NAME")
        {
            Description = "A method, to be told all about it. Default: a list of all.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var json = JsonOutput.Option();
        var command = new Command("methods", "The methods: family, what they show, parameters with ranges and defaults, cost in passes.")
        {
            name, json,
        };
        var model = new ModelOptions(command);
        command.SetRun((parsed, cancellationToken) =>
        {
            string? named = parsed.GetValue(name);
            var methods = named is null ? CamMethods.All : MethodNames.Parse(named, "NAME");
            var costs = model.IsDefault(parsed) ? null : Measure(parsed, model, methods, cancellationToken);
            if (parsed.GetValue(json))
                JsonOutput.Write(Console.Out, new JsonObject { ["methods"] = new JsonArray([.. methods.Select(m => Json(m, costs))]) });
            else if (named is null)
                WriteList(Console.Out, methods, costs);
            else
                methods.ToList().ForEach(m => WriteOne(Console.Out, m, costs));
            return CommandRun.Done;
        });
        return command;
    }

    // Methods of the graph are measured, the others estimated: they may take minutes. What a model cannot be explained by has no cost.
    private static Dictionary<string, double> Measure(
        ParseResult parsed, ModelOptions model, IReadOnlyList<ExplanationMethod> methods, CancellationToken cancellationToken)
    {
        using var loaded = LoadedModel.ForTensors(
            model.ModelPath(parsed, cancellationToken), model.Explainer(parsed), model.Preprocess(parsed), model.Labels(parsed));
        var costs = new Dictionary<string, double>();
        var estimate = new CostEstimate(loaded.Explainer, cancellationToken);
        var progress = new ProgressLine(methods.Count, "methods");
        foreach (var method in methods)
        {
            try
            {
                costs[method.Name] = method is not GraphMethod ? estimate.Milliseconds(method) : ExplanationBenchmark.Run(
                    loaded.Explainer, [method], [ClassRequest.Top1], Runs, cancellationToken: cancellationToken).Methods[0].Milliseconds;
            }
            catch (Exception e) when (CommandRun.IsExpected(e))
            {
                progress.Clear();
                Console.Error.WriteLine($"{method.Name}: {CommandRun.Message(e)}");
            }

            progress.Step();
        }

        progress.Clear();
        return costs;
    }

    private static void WriteList(TextWriter output, IReadOnlyList<ExplanationMethod> methods, Dictionary<string, double>? costs)
    {
        foreach (var family in methods.GroupBy(m => m.Family))
        {
            output.WriteLine($"{family.Key.ToString().ToLowerInvariant()}");
            string[] columns = costs is null ? ["  ", "", ""] : ["  ", "", ">ms", "", ""];
            var table = new TextTable(columns);
            foreach (var method in family)
            {
                if (costs is null)
                    table.Add("", method.Name, method.Summary);
                else
                    table.Add("", method.Name, CostOf(method, costs), method.Cost, method.Summary);
            }

            table.Write(output);
            output.WriteLine();
        }

        output.WriteLine($"{Invoked.As} methods NAME says more: parameters, cost, and which other tools compute something else.");
    }

    private static void WriteOne(TextWriter output, ExplanationMethod method, Dictionary<string, double>? costs)
    {
        output.WriteLine($"{method.Title} (--method {method.Name}, family {method.Family.ToString().ToLowerInvariant()})");
        output.WriteLine($"  {method.Summary}");
        output.WriteLine($"  map    {method.Equation}");
        output.WriteLine($"  cost   {method.Cost}");
        if (costs?.ContainsKey(method.Name) == true)
            output.WriteLine($"         {CostOf(method, costs)} ms on this model");
        output.WriteLine($"  export {(method is GraphMethod ? "yes, the map is part of the graph" : "no, it needs many runs")}");
        if (method.Peers.Length > 0)
            output.WriteLine($"  peers  {method.Peers}");
        foreach (var parameter in method.Parameters)
        {
            output.WriteLine($"  --set {method.Name}.{parameter.Name}={parameter.TextOf(method)}");
            output.WriteLine($"         {parameter.Meaning} ({parameter.Range})");
        }
    }

    private static JsonObject Json(ExplanationMethod method, Dictionary<string, double>? costs)
    {
        var document = new JsonObject
        {
            ["name"] = method.Name,
            ["title"] = method.Title,
            ["family"] = method.Family.ToString().ToLowerInvariant(),
            ["summary"] = method.Summary,
            ["equation"] = method.Equation,
            ["cost"] = method.Cost,
            ["kind"] = method switch { GraphMethod => "graph", TailRunMethod => "tail runs", _ => "whole runs" },
            ["peers"] = method.Peers,
            ["parameters"] = new JsonArray([.. method.Parameters.Select(p => new JsonObject
            {
                ["name"] = p.Name,
                ["default"] = p.TextOf(method),
                ["range"] = p.Range,
                ["meaning"] = p.Meaning,
            })]),
        };
        if (costs is not null)
        {
            document["ms"] = costs.TryGetValue(method.Name, out double ms) ? Math.Round(ms, 3) : null;
            document["ms_estimated"] = method is not GraphMethod;
        }

        return document;
    }

    private static string CostOf(ExplanationMethod method, Dictionary<string, double> costs) =>
        !costs.TryGetValue(method.Name, out double ms) ? "" : method is GraphMethod ? Number(ms) : $"about {Number(ms)}";

    private static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
