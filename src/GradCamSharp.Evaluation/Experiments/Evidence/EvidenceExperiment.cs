using System.Text.Json;
using System.Text.Json.Nodes;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Pages;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Methods;
using GradCamSharp.Targets;

namespace GradCamSharp.Evaluation.Experiments.Evidence;

/// <summary>
/// The evidence of each picture's class, kept instead of judged: the class and its probability, the raw map, and each channel's part of the
/// score. All come out of one run of one graph. What audits read.
/// </summary>
public sealed record EvidenceExperiment : Experiment
{
    /// <summary>Its name in commands, in the manifest and in folders' names.</summary>
    public const string ExperimentName = "evidence";

    private static readonly ChannelParts Parts = new();

    /// <summary>Whether the class that the data set gives a picture is explained; else the one that the model predicts.</summary>
    public bool ExplainsLabel { get; init; }

    /// <inheritdoc/>
    public override string Name => ExperimentName;

    /// <inheritdoc/>
    public override string Title => "Evidence";

    /// <inheritdoc/>
    public override RecordSchema Schema => EvidenceRow.Schema;

    internal override bool ReadsAnnotations => ExplainsLabel;

    internal override bool IsBatched => !ExplainsLabel;

    internal override IReadOnlyList<ExplanationMethod> MethodsBeside => [Parts];

    internal override string ComparedBy => "of the probability";

    internal override IReadOnlyList<(string Name, string Value)> Facts =>
        [("Classes explained", ExplainsLabel ? "the data set's own" : "the predicted one")];

    /// <inheritdoc/>
    public override RunSummary Summarize(RunManifest manifest, IEnumerable<PictureRow> rows)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(rows);
        return EvidenceSummary.Of(rows);
    }

    /// <summary>The experiment of a manifest.</summary>
    /// <exception cref="JsonException">The settings are no experiment's.</exception>
    internal static EvidenceExperiment Read(JsonObject settings) => new()
    {
        ExplainsLabel = settings["classes"]?.GetValue<string>() == "truth",
    };

    internal override JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["classes"] = ExplainsLabel ? "truth" : "predicted",
    };

    internal override void Check(DataSet data)
    {
        if (ExplainsLabel && !data.HasObjects && data.Pictures.All(p => p.Classes.Count == 0))
            throw new InvalidDataException(
                $"'{data.Root}' does not say its pictures' classes. Give a folder of one folder a class, or explain the predicted class.");
    }

    internal override void Try(RunContext context)
    {
        if (context.Methods.All is not [{ Method: { IsPixelSpace: false } }])
        {
            throw new ArgumentException(
                $"The evidence is kept of one method whose maps lie at a layer; '{string.Join(", ", context.Methods.Names)}' is none. " +
                "Choose one such as gradcam.");
        }

        var classes = ExplainsLabel ? ClassRequest.Index(0) : ClassRequest.Top1;
        var maps = context.Passes.Explain(
            new float[context.Batch * context.InputLength], context.InputShape(context.Batch), [classes]);
        EvidenceMeasure.Size(context, maps);
    }

    internal override PictureMeasure CreateMeasure(RunContext context, CancellationToken cancellationToken) =>
        new EvidenceMeasure(this, context, Parts, cancellationToken);

    internal override double Compared(MeasuredRow row) => ((EvidenceRow)row).Probability;

    internal override FigureNotes Notes(MeasuredRow row) => new("", "", "");

    internal override void Report(ReportPage page, ReportMaterial material, RunSummary summary)
    {
        page.Begin(Title, "What is kept of every picture?", material.ModelName, material.DataName, material.Measured(summary));
        page.Section("The evidence", "records.csv holds each picture's class, its map and each channel's part of the score.", []);
    }
}
