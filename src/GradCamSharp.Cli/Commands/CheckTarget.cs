using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using GradCamSharp.Checking;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Explaining;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Imaging;
using GradCamSharp.Output;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam check MODEL PICTURE --target T</c>: does the map of gradients agree with one that needs no gradients?</summary>
internal sealed class CheckTarget(ModelOptions model, TargetArguments targets, Option<int> masks, Option<bool> json)
{
    /// <summary>Compares the maps of each target.</summary>
    public int Run(ParseResult parsed, string path, string? picture, CancellationToken cancellationToken)
    {
        if (picture is null)
            throw new UsageException("check --target compares maps of a picture. Name one behind the model: check MODEL PICTURE " +
                "--target T.");
        int count = CommandOption.Within(parsed, masks, 2, 1_000_000);
        var runs = new RunLine();
        var texts = GivenTexts.Of(parsed, targets, path, cancellationToken);
        var others = targets.Inputs(parsed).SetItems(texts.Inputs);
        var options = texts.Label(targets.Options(parsed, model.Explainer(parsed) with { Progress = runs }, model.Roles(parsed)));
        using var loaded = new LoadedTargets(path, options, model.Preprocess(parsed), model.Labels(parsed), others);
        bool isTensor = InputFiles.IsTensor(picture);
        var network = isTensor ? loaded.Tensors : loaded.Pictures.Model;
        var input = isTensor ? Tensor(picture, others)
            : loaded.Pictures.InputOf(PictureDecoder.Decode(picture), others);
        input = input with
        {
            VectorOf = file => texts.VectorOf(file) ?? (VectorFile.IsVector(file) ? VectorFile.Read(file)
                : loaded.Pictures.Embed(PictureDecoder.Decode(file), others, cancellationToken)),
        };
        var asked = targets.Targets(parsed) is { Count: > 0 } named ? named : texts.Targets;
        var found = new List<MapAgreement>();
        foreach (var target in asked.Count > 0 ? asked : (IReadOnlyList<Target?>)[null])
        {
            found.Add(MapAgreement.Of(network, input, target, count, cancellationToken));
            runs.Clear();
        }

        if (parsed.GetValue(json))
            JsonOutput.Write(Console.Out, new JsonObject { ["targets"] = new JsonArray([.. found.Select(Json)]) });
        else
            found.ForEach(f => Write(Console.Out, f));
        return CommandRun.Done;
    }

    private static TargetInput Tensor(string file, System.Collections.Immutable.ImmutableDictionary<string, InputTensor> others)
    {
        var array = Npy.Read<float>(file);
        return new TargetInput(array.Values, new Shape([.. array.Shape.Select(l => (long)l)])) { Others = others };
    }

    private static void Write(TextWriter output, MapAgreement found)
    {
        var (target, gradient, blackBox, correlation, ranks) = found;
        string words = gradient.Words.Length > 0 ? $" ({gradient.Words})" : "";
        output.WriteLine(FormattableString.Invariant($"{target.Spec}{words}, S = {gradient.Score:g4}"));
        output.WriteLine($"  gradients  {gradient.Method.Title} {gradient.Shape}, layer " +
            $"{string.Join('+', gradient.Layers.Select(l => l.Name))}");
        output.WriteLine($"  black box  {blackBox.Method.Title}, standard error {Number(found.RelativeError, "P1")} of the map's span");
        output.WriteLine($"  agreement  correlation {Number(correlation, "0.00")}, of ranks {Number(ranks, "0.00")}");
    }

    private static JsonObject Json(MapAgreement found) => new()
    {
        ["target"] = found.Target.Spec,
        ["words"] = found.Gradient.Words,
        ["value"] = found.Gradient.Score,
        ["method"] = found.Gradient.Method.Name,
        ["black_box"] = found.BlackBox.Method.Name,
        ["correlation"] = found.Correlation,
        ["rank_correlation"] = found.RankCorrelation,
        ["standard_error"] = found.BlackBox.StandardError,
        ["relative_standard_error"] = found.RelativeError,
    };

    private static string Number(double? value, string form) =>
        value is { } v ? v.ToString(form, CultureInfo.InvariantCulture) : "none: a map is constant";
}
