using System.CommandLine;
using GradCamSharp.Checking;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Explaining;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Layers;
using GradCamSharp.Web.Serving;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam layers</c>: the layers that can be explained.</summary>
internal static class LayersCommand
{
    public static Command Create()
    {
        var named = ModelArgument.Create();
        var json = JsonOutput.Option();
        var command = new Command("layers",
            "Lists the layers of a model that can be explained: name, operator, shape, which is the default and why.")
        {
            named, json,
        };
        var options = new ModelOptions(command, modelOption: false);
        command.SetRun((parsed, cancellationToken) =>
        {
            using var model = LoadedModel.ForTensors(
                ModelOptions.Resolve(parsed.GetValue(named), cancellationToken), options.Explainer(parsed), options.Preprocess(parsed),
                options.Labels(parsed));
            if (parsed.GetValue(json))
                JsonOutput.Write(Console.Out, LayersDocument.Of(model.Explainer.ModelName, model.Explainer).ToJson());
            else
                WriteTable(Console.Out, model.Explainer);
            return CommandRun.Done;
        });
        return command;
    }

    private static void WriteTable(TextWriter output, Explainer explainer)
    {
        var chosen = explainer.Layer;
        var table = new TextTable("", "LAYER", "OPERATOR", "SHAPE", "MAP", "LAYOUT", "");
        foreach (var layer in explainer.FindLayers())
        {
            table.Add(
                layer.Name == chosen.Name ? "*" : "", layer.Name, layer.Operator, layer.Shape.ToString(), string.Join(" x ", layer.Spatial),
                layer.Format.Name(), Obstacle(explainer, layer));
        }

        table.Write(output);
        output.WriteLine();
        output.WriteLine($"* {chosen.Name}: {chosen.Reason}");
        string activation = explainer.Score.Activation.ToString().ToLowerInvariant();
        output.WriteLine(FormattableString.Invariant($"scores: {explainer.Score.Value}, {explainer.ClassCount} classes, {activation}"));
    }

    private static string Obstacle(Explainer explainer, Layer layer)
    {
        var missing = GradientSelfTest.Coverage(explainer, layer).Missing;
        return missing.Count == 0 ? "" : $"no rule for {string.Join(", ", missing.Keys)}";
    }
}
