using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Explaining;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Imaging;
using GradCamSharp.Output;
using GradCamSharp.Visualizing;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam neurons</c>: the channels that carry a decision.</summary>
internal static class NeuronsCommand
{
    public static Command Create()
    {
        var input = new Argument<string>("PICTURE") { Description = "A picture." };
        var classes = CommandOption.Of<string>("--class", "C", "top1", "The class: an index, a label, top1, top2 ...");
        var count = CommandOption.Of<int>("--count", "N", 10, "How many channels.");
        var output = CommandOption.Output("DIR", "The folder that the picture of the channels is written to.");
        output.DefaultValueFactory = _ => "./explanations";
        var json = JsonOutput.Option();
        var command = new Command(
            "neurons", "Lists the channels of a layer that carry a decision, with the patch of the picture that excites each most.")
        {
            input, classes, count, output, json,
        };
        var model = new ModelOptions(command);
        command.SetRun((parsed, cancellationToken) =>
        {
            int most = CommandOption.Within(parsed, count, 1, 1000);
            string file = parsed.GetValue(input)!;
            using var loaded = LoadedModel.ForPictures(
                model.ModelPath(parsed, cancellationToken), model.Explainer(parsed), model.Preprocess(parsed), model.Labels(parsed));
            if (ClassOption.Parse([parsed.GetValue(classes)!], loaded.Labels, loaded.Explainer.ClassCount) is not [var wanted])
                throw new UsageException($"--class takes one class here, not '{parsed.GetValue(classes)}'.");
            var picture = PictureDecoder.Decode(file);
            var report = NeuronFinder.Find(loaded.Pictures, picture, wanted, null, most, cancellationToken);
            string sheet = Path.Combine(
                parsed.GetValue(output)!, $"{Path.GetFileNameWithoutExtension(file)}.neurons.c{report.Decision.Index}.png");
            AtomicFile.Write(sheet, stream => PictureEncoder.WritePng(NeuronSheet.Draw(picture, report), stream));
            if (parsed.GetValue(json))
                JsonOutput.Write(Console.Out, Document(file, report, sheet));
            else
                Write(Console.Out, report, sheet);
            return CommandRun.Done;
        });
        return command;
    }

    private static void Write(TextWriter output, NeuronReport report, string sheet)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{report.Decision.Label}: {report.Decision.Probability:P1}, score {report.Decision.Score:0.00}; layer {report.Layer.Name}"));
        output.WriteLine();
        var table = new TextTable(">CHANNEL", ">SUM g A", ">SHARE", ">STRONGEST", "PATCH [x, y, width, height]");
        foreach (var neuron in report.Neurons)
        {
            table.Add(
                neuron.Channel.ToString(CultureInfo.InvariantCulture), Number("0.000", neuron.Contribution), Number("0.0 %", neuron.Share),
                Number("0.00", neuron.Strongest), neuron.Patch.ToString());
        }

        table.Write(output);
        output.WriteLine();
        output.WriteLine(sheet);
    }

    private static JsonObject Document(string file, NeuronReport report, string sheet) => new()
    {
        ["input"] = file,
        ["class"] = report.Decision.Index,
        ["label"] = report.Decision.Label,
        ["score"] = report.Decision.Score,
        ["probability"] = report.Decision.Probability,
        ["layer"] = report.Layer.Name,
        ["neurons"] = new JsonArray([.. report.Neurons.Select(n => new JsonObject
        {
            ["channel"] = n.Channel,
            ["contribution"] = n.Contribution,
            ["share"] = n.Share,
            ["strongest"] = n.Strongest,
            ["patch"] = new JsonArray(n.Patch.X, n.Patch.Y, n.Patch.Width, n.Patch.Height),
        })]),
        ["files"] = new JsonObject { ["sheet"] = sheet },
    };

    private static string Number(string format, double value) => value.ToString(format, CultureInfo.InvariantCulture);
}
