using System.CommandLine;
using System.Text.Json.Nodes;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Explaining;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Exporting;
using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam export</c>: one .onnx that computes the maps too, for any runtime and any language.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--output", "-o")
        {
            Description = "The .onnx file to write; not the model's own.",
            HelpName = "OUT",
            Required = true,
        };
        var methods = MethodNames.Option("; each becomes an output explain_NAME.");
        var settings = MethodNames.SetOption();
        var rules = MethodNames.RulesOption();
        var top = CommandOption.Of<int>("--top", "K", 1, "How many classes are explained, the most probable first.");
        var classes = CommandOption.Of<string>(
            "--classes", "FROM", "top",
            "top: the graph chooses the most probable ones. input: the caller feeds explain_classes, int64 [N, K].");
        classes.AcceptOnlyFromAmong("top", "input");
        var half = new Option<bool>("--fp16")
        {
            Description = "Store weights as 16-bit floats: half the size. Inputs, outputs and arithmetic stay as they are.",
        };
        var opset = CommandOption.Of<long?>(
            "--opset", "N", $"The opset to write for, {OnnxModel.OldestOpset} to {OnnxModel.NewestOpset}. Default: the oldest possible.");
        var external = new Option<bool>("--external-data")
        {
            Description = "Keep the weights in OUT.data beside OUT. Default: only where one file cannot hold them (2 GiB).",
        };
        var json = JsonOutput.Option("what was written");
        var command = new Command("export", "Writes the model with its explanation inside: one .onnx for any ONNX runtime.")
        {
            output, methods, settings, rules, top, classes, half, opset, external, json,
        };
        var named = new ModelArgument(command);
        var model = new ModelOptions(command, modelOption: false);
        var targets = new TargetArguments(command);
        command.SetRun((parsed, cancellationToken) =>
        {
            bool asInput = parsed.GetValue(classes) == "input";
            if (asInput && parsed.GetResult(top) is { Implicit: false })
            {
                throw new UsageException(
                    "--top says how many classes the graph chooses; with --classes input the caller chooses. Give one of them.");
            }

            if (parsed.GetValue(opset) is { } wanted && (wanted < OnnxModel.OldestOpset || wanted > OnnxModel.NewestOpset))
            {
                throw new UsageException(
                    $"--opset takes a number from {OnnxModel.OldestOpset} to {OnnxModel.NewestOpset}, not {wanted}: " +
                    $"the explanation's graph needs opset {OnnxModel.OldestOpset} (ONNX Runtime 1.14 and newer).");
            }

            string target = parsed.GetValue(output)!;
            if (Directory.Exists(target))
                throw new UsageException($"--output '{target}' is a folder. Name the file: {Path.Combine(target, "explained.onnx")}");
            if (parsed.GetValue(top) < 1)
                throw new UsageException($"--top takes a number from 1 on, not {parsed.GetValue(top)}.");
            string path = named.Path(parsed, cancellationToken);
            var network = OnnxModel.Load(path);
            bool isClassifier = !targets.AreGiven(parsed) && PlainClassifier.Is(network, model.Explainer(parsed).Output);
            var chosen = MethodNames.Parse(
                isClassifier && parsed.GetValue(rules) is null ? ModelDefault.Methods(parsed, methods, network) : parsed.GetValue(methods)!,
                parsed.GetValue(settings)!, parsed.GetValue(rules), parsed.GetResult(methods) is { Implicit: false });
            if (!isClassifier)
            {
                foreach (var (option, isGiven) in (ReadOnlySpan<(string, bool)>)
                    [("--fp16", parsed.GetValue(half)), ("--external-data", parsed.GetValue(external)), (
                        "--classes input", parsed.GetValue(classes) == "input")])
                {
                    if (isGiven)
                        throw new UsageException($"{option} is for classifiers; this model is exported with a target. Leave it out.");
                }

                bool areMethodsGiven = parsed.GetResult(methods) is { Implicit: false };
                var written = ExportTarget(
                    parsed, model, targets, path, target, areMethodsGiven ? chosen : [], parsed.GetValue(top), parsed.GetValue(opset));
                if (parsed.GetValue(json))
                    JsonOutput.Write(Console.Out, Json(written));
                else
                    Write(Console.Out, written);
                return CommandRun.Done;
            }

            using var loaded = LoadedModel.ForTensors(
                path, ModelDefault.Layer(model.Explainer(parsed), network), model.Preprocess(parsed),
                model.Labels(parsed));
            loaded.SayLayer();
            var exported = loaded.Explainer.Export(target, new ExportOptions
            {
                Methods = chosen,
                Top = parsed.GetValue(top),
                ClassesAsInput = asInput,
                Float16Weights = parsed.GetValue(half),
                Opset = parsed.GetValue(opset),
                ExternalData = parsed.GetValue(external),
                SidecarFiles = loaded.SidecarFiles,
            }, cancellationToken);
            foreach (string note in exported.Notes)
                Console.Error.WriteLine(note);
            if (parsed.GetValue(json))
                JsonOutput.Write(Console.Out, Json(exported));
            else
                Write(Console.Out, exported);
            return CommandRun.Done;
        });
        return command;
    }

    private static ExportedModel ExportTarget(
        ParseResult parsed, ModelOptions model, TargetArguments targets, string path, string output,
            IReadOnlyList<ExplanationMethod> methods,
        int top, long? opset)
    {
        if (methods.FirstOrDefault(m => m is not GraphMethod) is { } many)
            throw new UsageException($"The method '{many.Name}' runs the network many times, and cannot be exported.");
        var asked = targets.Targets(parsed);
        if (asked.Count > 1)
            throw new UsageException("--target names several targets. A file explains one; write a file each.");
        var sidecars = Models.SidecarFiles.Find(path, OnnxModel.Load(path).Metadata, model.Preprocess(parsed), model.Labels(parsed));
        using var explainer = TargetExplainer.Load(path, targets.Options(parsed, model.Explainer(parsed),
            model.Roles(parsed)).WithSidecars(sidecars));
        var exported = explainer.Export(output, new TargetExportOptions
        {
            Methods = methods.Count > 0 ? [.. methods.Cast<GraphMethod>()] : [new HiResCam()],
            Target = asked.Count > 0 ? asked[0] : null,
            Top = top,
            Others = targets.Inputs(parsed),
            VectorOf = Output.VectorFile.Read,
            Opset = opset,
        });
        foreach (string note in exported.Notes)
            Console.Error.WriteLine(note);
        return exported;
    }

    private static void Write(TextWriter output, ExportedModel exported)
    {
        var table = new TextTable("", "NAME", "TYPE", "SHAPE");
        foreach (var input in exported.Inputs)
            table.Add("input", input.Name, TypeName(input), Lengths(input));
        foreach (var result in exported.Outputs)
            table.Add("output", result.Name, TypeName(result), Lengths(result));
        table.Write(output);
        output.WriteLine();
        string files = exported.DataPath is null ? exported.Path : $"{exported.Path} and {exported.DataPath}";
        string compared = double.IsNaN(exported.Difference)
            ? "" : FormattableString.Invariant($"; run once: maps within {exported.Difference:0.0e+0} of the library's");
        output.WriteLine(FormattableString.Invariant($"{files}: {exported.Bytes / 1e6:0.0} MB, opset {exported.Opset}") + compared);
    }

    private static JsonObject Json(ExportedModel exported) => new()
    {
        ["path"] = exported.Path,
        ["data"] = exported.DataPath,
        ["bytes"] = exported.Bytes,
        ["opset"] = exported.Opset,
        ["layer"] = exported.Layer.Name,
        ["layer_reason"] = exported.Layer.Reason,
        ["inputs"] = Values(exported.Inputs),
        ["outputs"] = Values(exported.Outputs),
        ["difference"] = double.IsFinite(exported.Difference) ? exported.Difference : null,
        ["notes"] = JsonOutput.Texts(exported.Notes),
    };

    private static JsonArray Values(IEnumerable<ValueDeclaration> values) =>
    [
        .. values.Select(v => new JsonObject
        {
            ["name"] = v.Name,
            ["type"] = TypeName(v),
            ["shape"] = v.Shape is { } shape ? JsonOutput.Lengths(shape) : null,
        }),
    ];

    /// <summary>The shape; N for the batch, K for the classes that a caller names.</summary>
    private static string Lengths(ValueDeclaration value)
    {
        bool isOurs = value.Name.StartsWith("explain_", StringComparison.Ordinal);
        return value.Shape is { } shape ? $"[{string.Join(", ", shape.Select(Length))}]" : "";

        string Length(Dimension length, int axis) => length.IsKnown ? length.ToString()
            : axis == 0 ? "N" : axis == 1 && isOurs ? "K" : "?";
    }

    private static string TypeName(ValueDeclaration value) => value.Type.ToString().ToLowerInvariant();
}
