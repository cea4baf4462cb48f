using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using GradCamSharp.Evaluation.Scenes;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam evaluate scenes</c>: how well maps find objects in freshly drawn scenes.</summary>
internal static class EvaluateScenesCommand
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public static Command Create()
    {
        var models = CommandOption.Of<string[]>(
            "--model", null, ["scenes-vgg", "scenes-resnet"],
            "An .onnx file trained on scenes, or scenes-vgg or scenes-resnet; may be repeated.");
        var methods = CommandOption.Of<string>("--methods", null, "gradcam++,gradcam", "The methods to measure.");
        methods.Aliases.Add("--method");
        var seed = CommandOption.Of<long>("--seed", null, 9001, "The scenes' seed.");
        var count = CommandOption.Of<int>(
            "--count", null, 300, "How many scenes with one object, and how many with at least two objects of the predicted class.");
        var json = new Option<bool>("--json") { Description = "One JSON document on stdout." };
        var command = new Command("scenes", "Measures how well maps find objects in scenes that are drawn for it.")
        {
            models, methods, seed, count, json,
        };
        command.SetRun((parsed, cancellationToken) => UsageException.Check(() =>
        {
            var chosen = CamMethods.Parse(parsed.GetRequiredValue(methods));
            var reports = new Dictionary<string, SceneReport>();
            foreach (string model in parsed.GetRequiredValue(models))
                reports[model] = Measure(model, chosen, parsed.GetValue(seed), parsed.GetValue(count), cancellationToken);
            Console.Out.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(reports, Indented) : Table(reports));
            return CommandRun.Done;
        }));
        return command;
    }

    private static SceneReport Measure(
        string model, IReadOnlyList<ExplanationMethod> methods, long seed, int count, CancellationToken cancellationToken)
    {
        var path = File.Exists(model) ? model : Path.Combine(AppContext.BaseDirectory, "Models", Path.GetFileName(model) + ".onnx");
        using var explainer = Explainer.Load(path);
        if (!explainer.Metadata.TryGetValue("gradcam.preprocessor", out var preprocessing))
        {
            throw new ModelException(
                $"'{model}' does not say how pictures are prepared for it; examples/train-in-pytorch shows how a file says it.");
        }

        Console.Error.WriteLine($"{model}: layer {explainer.Layer.Name}");
        var yardstick = new SceneYardstick(explainer, PreprocessingFile.Parse(preprocessing, model), methods);
        return yardstick.Measure(seed, count, cancellationToken);
    }

    private static string Table(Dictionary<string, SceneReport> reports)
    {
        var lines = new List<string>();
        foreach (var (model, report) in reports)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"""
                {model}
                  one object: top-1 {report.Top1:P1} of {report.Singles} scenes
                  several: the predicted class is shown in {report.Shown:P1} of {report.Several} scenes
                  in {report.Repeated} of them it is shown twice or more, {report.Objects} times in all
                  method          Loc 0.25  Loc 0.5  objects found  pointing game
                """));
            foreach (var (method, score) in report.Scores)
            {
                lines.Add(string.Create(CultureInfo.InvariantCulture,
                    $"  {method,-15} {score.Loc25,8:F3} {score.Loc50,8:F3} {score.Found,14:P1} {score.Pointing,14:P1}"));
            }
        }

        return string.Join(Environment.NewLine, lines);
    }
}
