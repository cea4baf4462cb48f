using System.CommandLine;
using System.Diagnostics;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Explaining;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Imaging;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam explain</c>: heat maps of pictures or tensors.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var inputs = new Argument<string[]>("INPUT")
        {
            Description = "Pictures, folders of pictures, or .npy files of preprocessed float32 [N, C, spatial...].",
            Arity = ArgumentArity.OneOrMore,
        };
        var methods = MethodNames.Option();
        var settings = MethodNames.SetOption();
        var classes = CommandOption.Of<string[]>(
            "--class", "C", ["top1"], "An index or a comma list of indices, a label, top1, top5 ...; may be repeated.");
        var output = CommandOption.Output("DIR", "The folder that files are written to.");
        output.DefaultValueFactory = _ => "./explanations";
        var save = CommandOption.Of<string>(
            "--save", "LIST", "overlay",
            "A comma list of overlay (the map on the picture), heatmap (the map alone), raw (.npy, not normalised), masked (the picture, " +
            "dark where the map is weak), strip (the picture and its overlays in a row), report (index.html). Of tensors: raw, report.");
        var colors = CommandOption.Of<string>(
            "--colormap", "NAME", ColorMap.Turbo.Name, $"{string.Join(", ", ColorMap.All.Select(m => m.Name))}.");
        var opacity = CommandOption.Of<double>("--opacity", "X", 0.75, "The opacity of the strongest evidence in an overlay, 0 to 1.");
        var json = JsonOutput.Option();
        var command = new Command("explain", "Draws what in a picture speaks for a class.")
        {
            inputs, methods, settings, classes, output, save, colors, opacity, json,
        };
        var model = new ModelOptions(command);
        command.SetRun((parsed, cancellationToken) =>
        {
            var job = new ExplainJob(
                MethodNames.Parse(parsed.GetValue(methods)!, parsed.GetValue(settings)!),
                parsed.GetValue(output)!,
                new SaveOptions(
                    Kinds(parsed.GetValue(save)!), UsageException.Check(() => ColorMap.Parse(parsed.GetValue(colors)!)),
                    Share(parsed.GetValue(opacity))));
            return Run(parsed, model, parsed.GetValue(inputs)!, parsed.GetValue(classes)!, job, parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static int Run(
        ParseResult parsed, ModelOptions model, string[] inputs, string[] classNames, ExplainJob job, bool json,
        CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        if (inputs.Contains(""))
            throw new UsageException("An INPUT is empty. Name pictures, folders of pictures or .npy files.");
        var files = InputFiles.Expand(inputs, job.Folder, Console.Error.WriteLine);
        string path = model.ModelPath(parsed, cancellationToken);
        bool tensorsOnly = files.All(InputFiles.IsTensor);
        var runs = new RunLine();
        var options = model.Explainer(parsed) with { Progress = runs };
        using var loaded = tensorsOnly
            ? LoadedModel.ForTensors(path, options, model.Preprocess(parsed), model.Labels(parsed))
            : LoadedModel.ForPictures(path, options, model.Preprocess(parsed), model.Labels(parsed));
        var classes = ClassOption.Parse(classNames, loaded.Labels, loaded.Explainer.ClassCount);
        if (!json)
        {
            loaded.SayLayer();
            if (!tensorsOnly)
                loaded.SayPreprocessing();
        }

        double loadMilliseconds = clock.Elapsed.TotalMilliseconds;
        var report = new ExplainReport(path, loaded.Explainer.Layer);
        using var page = job.OpenReport(path, loaded.Explainer.Layer);
        var progress = new ProgressLine(files.Count, "explained");
        bool isAdvised = !model.IsDefault(parsed);
        foreach (string file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                report.Add(job.Explain(loaded, file, classes, page, cancellationToken));
                if (!isAdvised && !InputFiles.IsTensor(file) && !SamplePictures.Contains(file))
                {
                    isAdvised = true;
                    progress.Clear();
                    AdviseOtherModel(loaded.Explainer.ClassCount);
                }
            }
            catch (Exception e) when (CommandRun.IsExpected(e))
            {
                progress.Clear();
                CommandRun.Report(e, parsed.GetValue(CommandRun.Verbose));
                var failed = report.AddError(file, CommandRun.Message(e));
                page?.Add(failed, null, []);
            }

            runs.Clear();
            progress.Step();
        }

        progress.Clear();
        page?.Complete();
        if (json)
            report.WriteJson(Console.Out, loadMilliseconds, clock.Elapsed.TotalMilliseconds - loadMilliseconds);
        else
            report.WriteTable(Console.Out);
        return report.Errors == 0 ? CommandRun.Done : CommandRun.Failed;
    }

    // Its answers about photos look as sure as those about its own pictures.
    private static void AdviseOtherModel(long classes) => Console.Error.WriteLine(
        FormattableString.Invariant($"No --model is given: {ModelOptions.ShippedModel}, which ships inside, knows {classes} drawn ") +
        "objects and no photos, and what it says of photos means nothing. " +
        $"For photos add --model NAME, for example --model resnet50; {Invoked.As} models lists the names.");

    private static float Share(double opacity) => opacity is >= 0 and <= 1 ? (float)opacity
        : throw new UsageException(FormattableString.Invariant($"--opacity takes a number from 0 to 1, not {opacity}."));

    private static HashSet<string> Kinds(string list)
    {
        const StringSplitOptions Trimmed = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        var kinds = list.Split(',', Trimmed).Select(k => k.ToLowerInvariant()).ToHashSet();
        string? unknown = kinds.FirstOrDefault(k => !SaveOptions.All.Contains(k));
        return unknown is null ? kinds : throw new UsageException(
            $"--save does not know '{unknown}'. It takes a comma list of {string.Join(", ", SaveOptions.All)}.");
    }
}
