using System.Text.Json;
using System.Text.Json.Nodes;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Pages;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Imaging;
using GradCamSharp.Targets;

namespace GradCamSharp.Evaluation.Experiments.Faithfulness;

/// <summary>Which classes of a picture are explained.</summary>
public enum ExplainedClasses
{
    /// <summary>The one that the model predicts.</summary>
    Predicted,

    /// <summary>Those that the data set gives the picture.</summary>
    Truth,
}

/// <summary>A probability that is measured while pixels change one after the other, in the map's order.</summary>
public enum PixelCurve
{
    /// <summary>Pixels appear on the blurred picture; the larger the area the better.</summary>
    Insertion,

    /// <summary>Pixels turn black; the smaller the area the better.</summary>
    Deletion,
}

/// <summary>
/// How faithful maps are to the model (section 4.1): average drop, increase in confidence, and win for every pair of methods; insertion and
/// deletion where they are asked for.
/// </summary>
public sealed record FaithfulnessExperiment : Experiment
{
    /// <summary>Its name in commands, in the manifest and in folders' names.</summary>
    public const string ExperimentName = "faithfulness";

    /// <summary>What is measured beside drop, increase and win: some 225 forward passes a picture, method and curve.</summary>
    public IReadOnlyList<PixelCurve> Curves { get; init; } = [];

    /// <summary>Where masks multiply.</summary>
    public MaskSpace MaskSpace { get; init; } = MaskSpace.Pixel;

    /// <summary>Which classes are explained.</summary>
    public ExplainedClasses Classes { get; init; } = ExplainedClasses.Predicted;

    /// <inheritdoc/>
    public override string Name => ExperimentName;

    /// <inheritdoc/>
    public override string Title => "Faithfulness";

    /// <inheritdoc/>
    public override RecordSchema Schema => FaithfulnessRow.Schema(Curves);

    internal override bool ReadsAnnotations => Classes == ExplainedClasses.Truth;

    // Where the data set's own classes are explained every picture has others.
    internal override bool IsBatched => Classes == ExplainedClasses.Predicted;

    internal override string ComparedBy => "of the probability kept";

    internal override IReadOnlyList<(string Name, string Value)> Facts =>
    [
        ("Classes explained", Classes == ExplainedClasses.Truth ? "the data set's own" : "the predicted one"),
        ("Masks multiply", MaskSpace == MaskSpace.Pixel ? "pixels, before scale and mean" : "after scale and mean"),
    ];

    /// <inheritdoc/>
    public override RunSummary Summarize(RunManifest manifest, IEnumerable<PictureRow> rows)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(rows);
        return FaithfulnessSummary.Of(this, manifest, rows);
    }

    /// <summary>The experiment of a manifest.</summary>
    /// <exception cref="JsonException">The settings are no experiment's.</exception>
    internal static FaithfulnessExperiment Read(JsonObject settings) => new()
    {
        Curves = [.. (settings["metrics"]?.AsArray() ?? []).Select(m => m!.GetValue<string>() switch
        {
            "insertion" => PixelCurve.Insertion,
            "deletion" => PixelCurve.Deletion,
            var other => throw new JsonException($"there is no metric '{other}'."),
        })],
        MaskSpace = settings["mask_space"]?.GetValue<string>() == "normalized" ? MaskSpace.Normalized : MaskSpace.Pixel,
        Classes = settings["classes"]?.GetValue<string>() == "truth" ? ExplainedClasses.Truth : ExplainedClasses.Predicted,
    };

    internal override JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["classes"] = Classes == ExplainedClasses.Truth ? "truth" : "predicted",
        ["mask_space"] = MaskSpace == MaskSpace.Pixel ? "pixel" : "normalized",
        ["metrics"] = new JsonArray([.. Curves.Distinct().Select(NameOf).Order(StringComparer.Ordinal).Select(name => (JsonNode)name)]),
    };

    internal override void Check(DataSet data)
    {
        if (Classes == ExplainedClasses.Predicted || data.HasObjects || data.Pictures.Any(p => p.Classes.Count > 0))
            return;
        string? stray = data.Pictures.Any(p => p.Id.Contains('/')) ? data.Pictures.FirstOrDefault(p => !p.Id.Contains('/'))?.Id : null;
        throw new InvalidDataException($"'{data.Root}' does not say its pictures' classes" + (stray is null
            ? ". Give a folder of one folder a class, or explain the predicted class."
            : $": '{stray}' lies beside the folders. Put it into its class's folder, or explain the predicted class."));
    }

    internal override void Try(RunContext context)
    {
        float[] nothing = new float[context.Batch * context.InputLength];
        context.Passes.Explain(nothing, context.InputShape(context.Batch), [ClassRequest.Top1]);
        context.Passes.Predict(new float[context.InputLength], context.InputShape(1));
    }

    internal override PictureMeasure CreateMeasure(RunContext context, CancellationToken cancellationToken) =>
        new FaithfulnessMeasure(this, context, cancellationToken);

    internal override double Compared(MeasuredRow row) => ((FaithfulnessRow)row).Masked;

    internal override FigureNotes Notes(MeasuredRow row)
    {
        var own = (FaithfulnessRow)row;
        return new FigureNotes(Percent(own.Probability), "", Percent(own.Masked));
    }

    internal override void Report(ReportPage page, ReportMaterial material, RunSummary summary) =>
        new FaithfulnessReport(this, material, (FaithfulnessSummary)summary).Write(page);

    private static string NameOf(PixelCurve curve) => curve == PixelCurve.Insertion ? "insertion" : "deletion";

    private static string Percent(float value) => FormattableString.Invariant($"{100 * value:0.0} %");
}
