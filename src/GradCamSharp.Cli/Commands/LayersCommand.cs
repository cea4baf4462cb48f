using System.CommandLine;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Explaining;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Layers;
using GradCamSharp.Web.Serving;
using OnnxModel = OnnxGrad.OnnxModel;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam layers</c>: the layers that can be explained.</summary>
internal static class LayersCommand
{
    public static Command Create()
    {
        var json = JsonOutput.Option();
        var command = new Command("layers",
            "Lists the layers of a model that can be explained: name, operator, shape, which is the default and why.")
        {
            json,
        };
        var named = new ModelArgument(command);
        var options = new ModelOptions(command, modelOption: false);
        var targets = new TargetArguments(command, explains: false);
        command.SetRun((parsed, cancellationToken) =>
        {
            string path = named.Path(parsed, cancellationToken);
            if (!PlainClassifier.Is(OnnxModel.Load(path), options.Explainer(parsed).Output))
            {
                using var model = TargetExplainer.Load(path, targets.Options(parsed, options.Explainer(parsed),
                    options.Roles(parsed)).WithSidecars(
                    Models.SidecarFiles.Find(path, OnnxModel.Load(path).Metadata, options.Preprocess(parsed), options.Labels(parsed))));
                var (chosen, all) = model.FindLayers(model.Zeros(targets.Inputs(parsed)), cancellationToken);
                Write(parsed.GetValue(json), path, chosen, all);
                return CommandRun.Done;
            }

            var layers = LoadedModel.FindLayers(
                path, options.Explainer(parsed), options.Preprocess(parsed),
                options.Labels(parsed));
            if (parsed.GetValue(json))
                JsonOutput.Write(Console.Out, LayersDocument.Of(layers.ModelName, layers).ToJson());
            else
                WriteTable(Console.Out, layers);
            if (layers.Obstacle is { } obstacle)
                Console.Error.WriteLine($"{obstacle.Problem} Say it with --layer-format, or choose another layer with --layer.");
            return CommandRun.Done;
        });
        return command;
    }

    private static void Write(bool json, string path, IReadOnlyList<Layer> chosen, IReadOnlyList<Layer> all)
    {
        if (json)
        {
            JsonOutput.Write(Console.Out, LayersDocument.Of(path, chosen, all).ToJson());
            return;
        }

        var table = new TextTable("", "LAYER", "OPERATOR", "SHAPE", "MAP", "LAYOUT");
        foreach (var layer in all)
        {
            string map = ModelLayers.MapOf(layer) is { } lengths ? string.Join(" x ", lengths) : "?";
            table.Add(chosen.Any(c => c.Name == layer.Name) ? "*" : "", layer.Name, layer.Operator, layer.Shape.ToString(), map,
                layer.Format.Name());
        }

        table.Write(Console.Out);
        Console.Out.WriteLine();
        foreach (var layer in chosen)
            Console.Out.WriteLine($"* {layer.Name}: {layer.Reason}");
    }

    private static void WriteTable(TextWriter output, ModelLayers layers)
    {
        var chosen = layers.Default;
        var table = new TextTable("", "LAYER", "OPERATOR", "SHAPE", "MAP", "LAYOUT", "");
        foreach (var layer in layers.All)
        {
            string map = ModelLayers.MapOf(layer) is { } lengths ? string.Join(" x ", lengths) : "?";
            var missing = layers.OperatorsWithoutRule(layer);
            table.Add(
                layer.Name == chosen.Name ? "*" : "", layer.Name, layer.Operator, layer.Shape.ToString(), map, layer.Format.Name(),
                missing.Count == 0 ? "" : $"no rule for {string.Join(", ", missing)}");
        }

        table.Write(output);
        output.WriteLine();
        output.WriteLine($"* {chosen.Name}: {chosen.Reason}");
        string activation = layers.Score.Activation.ToString().ToLowerInvariant();
        output.WriteLine(FormattableString.Invariant($"scores: {layers.Score.Value}, {layers.ClassCount} classes, {activation}"));
    }
}
