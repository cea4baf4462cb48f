using System.CommandLine;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Explaining;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Web.Serving;

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
        command.SetRun((parsed, cancellationToken) =>
        {
            var layers = LoadedModel.FindLayers(
                named.Path(parsed, cancellationToken), options.Explainer(parsed), options.Preprocess(parsed),
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
