using System.CommandLine;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Evaluating;
using GradCamSharp.Cli.Explaining;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Runs;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam evaluate report</c>: a run's tables, distributions and pictures as one page.</summary>
internal static class EvaluateReportCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of a run." };
        var model = CommandOption.Of<string?>(
            "--model", "M",
            "The run's model, which draws the pictures again. Default: where the run found it; without it the report has no pictures.");
        var data = CommandOption.Of<string?>(
            "--data", "DATA", "The run's data. Default: where the run found them; without them the report has no pictures.");
        var imageSet = CommandOption.Of<string?>("--image-set", "NAME", "The list of pictures. Default: the one of the run.");
        var groundTruth = CommandOption.Of<string?>("--ground-truth", "F", "The run's file of ImageNet's classes.");
        var command = new Command("report", "Writes a run's report: one HTML page that needs no other file, and its figures as PNG.")
        {
            folder, model, data, imageSet, groundTruth,
        };
        var choice = new ReportChoice(command);
        var options = new ModelOptions(command, modelOption: false);
        command.SetRun((parsed, cancellationToken) =>
        {
            var chosen = choice.Options(parsed);
            var table = RecordTable.Open(parsed.GetValue(folder)!);
            var manifest = table.Manifest;
            SummaryOutput.SayIfUnfinished(table, table.Summary());
            string? path = parsed.GetValue(model) is { } named ? ModelOptions.Resolve(named, cancellationToken)
                : File.Exists(manifest.Model.File) ? manifest.Model.File : null;
            string? root = parsed.GetValue(data) ?? (Path.Exists(manifest.Data.Root) ? manifest.Data.Root : null);
            if (chosen.Figures == 0 || path is null || root is null)
            {
                if (chosen.Figures > 0)
                {
                    string missing = path is null ? $"'{manifest.Model.File}'; give --model" : $"'{manifest.Data.Root}'; give --data";
                    Console.Error.WriteLine($"no pictures: there is no {missing}");
                }

                ReportChoice.Write(table, chosen, null, null, cancellationToken);
                return CommandRun.Done;
            }

            if (!manifest.Model.Is(path))
            {
                throw new InvalidDataException(
                    $"'{path}' is not the model of this run: its file is another one. Give the run's model: {manifest.MeasuredBy}");
            }

            var explaining = options.Explainer(parsed);
            var pictures = DataSet.Open(root, new DataSetOptions
            {
                ImageSet = parsed.GetValue(imageSet) ?? manifest.Data.ImageSet,
                GroundTruth = parsed.GetValue(groundTruth),
                IncludeDifficult = manifest.Data.Difficult ?? true,
            });
            explaining = explaining with { Layer = explaining.Layer ?? manifest.Model.Layer };
            using var loaded = LoadedModel.ForPictures(path, explaining, options.Preprocess(parsed), options.Labels(parsed));
            ReportChoice.Write(table, chosen, loaded.Pictures, pictures, cancellationToken);
            return CommandRun.Done;
        });
        return command;
    }
}
