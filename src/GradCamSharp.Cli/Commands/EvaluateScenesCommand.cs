using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Evaluating;
using GradCamSharp.Cli.Explaining;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Evaluation.Experiments.Localization;
using GradCamSharp.Methods;
using GradCamSharp.Scenes;
using OnnxGrad;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam evaluate scenes</c>: how well maps find objects in freshly drawn scenes.</summary>
internal static class EvaluateScenesCommand
{
    private const int MostScenes = 1_000_000;

    private const string ForClasses = "gradcam++,gradcam", ForTargets = TargetEvaluation.Methods;

    private static readonly JsonSerializerOptions Naming = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Create()
    {
        var models = CommandOption.Of<string[]>(
            "--model", "M", ["scenes-vgg", "scenes-resnet"],
            "An .onnx file trained on scenes, or one of the models that ship inside; may be repeated. A detector's boxes and a " +
            "segmenter's masks are measured against the objects' own.");
        var methods = CommandOption.Of<string?>(
            "--methods", "LIST", $"The methods to measure: maps of a layer. Default: {ForClasses}; of boxes and masks {ForTargets}.");
        methods.Aliases.Add("--method");
        var seed = CommandOption.Of<long>("--seed", "S", 9001, "The scenes' seed.");
        var count = CommandOption.Of<int>(
            "--count", "N", 300, "How many scenes with one object, and how many with at least two objects of the predicted class; of " +
                "boxes and masks how " +
            "many with several objects.");
        var json = JsonOutput.Option();
        var command = new Command("scenes", "Measures how well maps find objects in scenes that are drawn for it.")
        {
            models, methods, seed, count, json,
        };
        var options = new ModelOptions(command, modelOption: false);
        command.SetRun((parsed, cancellationToken) =>
        {
            int scenes = CommandOption.Within(parsed, count, 1, MostScenes);
            string? named = parsed.GetValue(methods);
            IReadOnlyList<ExplanationMethod> Chosen(string usual) => MethodNames.Parse(named ?? usual, "--methods");
            Chosen(ForClasses);
            var shown = new JsonObject();
            foreach (string model in parsed.GetRequiredValue(models))
            {
                string path = ModelOptions.Resolve(model, cancellationToken);
                if (PlainClassifier.Is(OnnxModel.Load(path), options.Explainer(parsed).Output))
                {
                    using var explainer = Load(model, options, parsed, cancellationToken);
                    var report = Measure(model, explainer, Chosen(ForClasses), parsed.GetValue(seed), scenes, cancellationToken);
                    shown[model] = JsonSerializer.SerializeToNode(InPercent(report), Naming);
                    if (!parsed.GetValue(json))
                        Print(Console.Out, model, report);
                }
                else
                {
                    using var explainer = PictureTargets.Load(
                        path, new TargetOptions { Explainer = options.Explainer(parsed) }, options.Preprocess(parsed),
                            options.Labels(parsed));
                    var line = new ProgressLine(scenes, "scenes");
                    TargetLocalizationReport report;
                    try
                    {
                        report = UsageException.Check(() => new SceneTargets(explainer, Chosen(ForTargets)).Measure(
                            parsed.GetValue(seed), scenes, line, cancellationToken));
                    }
                    finally
                    {
                        line.Clear();
                    }

                    shown[model] = TargetScoreOutput.ToJson(report);
                    if (!parsed.GetValue(json))
                        TargetScoreOutput.Print(Console.Out, model, report);
                }
            }

            if (parsed.GetValue(json))
                JsonOutput.Write(Console.Out, shown);
            return CommandRun.Done;
        });
        return command;
    }

    private static PictureExplainer Load(string model, ModelOptions options, ParseResult parsed, CancellationToken cancellationToken)
    {
        var explainer = PictureExplainer.Load(
            ModelOptions.Resolve(model, cancellationToken), options.Explainer(parsed), options.Preprocess(parsed), options.Labels(parsed));
        if (!explainer.SidecarFiles.IsPreprocessingAssumed)
            return explainer;
        explainer.Dispose();
        throw new ModelException($"'{model}' does not say how pictures are prepared for it. Say it by --preprocess, or in the file, as " +
            "examples/train-in-pytorch shows.");
    }

    private static SceneReport Measure(
        string model, PictureExplainer explainer, IReadOnlyList<ExplanationMethod> methods, long seed, int count,
        CancellationToken cancellationToken)
    {
        var yardstick = UsageException.Check(() => new SceneYardstick(explainer, methods));
        Console.Error.WriteLine($"{model}: layer {explainer.Model.Layer.Name}");
        var line = new ProgressLine(2 * count, "scenes");
        try
        {
            return yardstick.Measure(seed, count, line, cancellationToken);
        }
        finally
        {
            line.Clear();
        }
    }

    // Shares are percent wherever they are read; Loc is the paper's, from 0 to 1.
    private static SceneReport InPercent(SceneReport report) => report with
    {
        Top1 = 100 * report.Top1,
        Shown = 100 * report.Shown,
        Scores = report.Scores.ToDictionary(
            s => s.Key, s => s.Value with { Found = 100 * s.Value.Found, Pointing = 100 * s.Value.Pointing }),
    };

    private static void Print(TextWriter output, string model, SceneReport report)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {model}
              one object: top-1 {report.Top1:P1} of {report.Singles} scenes
              several: the predicted class is shown in {report.Shown:P1} of {report.Several} scenes
              in {report.Repeated} of them it is shown twice or more, {report.Objects} times in all
              method          Loc 0.25  Loc 0.5  objects found  pointing game
            """));
        foreach (var (method, score) in report.Scores)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {method,-15} {Shown(score.Loc25, "F3"),8} {Shown(score.Loc50, "F3"),8} {Shown(score.Found, "P1"),14} " +
                $"{score.Pointing,14:P1}"));
        }
    }

    // A dash where no scene shows the predicted class twice.
    private static string Shown(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
