using System.Text.Json;
using System.Text.Json.Nodes;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Pages;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Targets;

namespace GradCamSharp.Evaluation.Experiments.Localization;

/// <summary>
/// How well maps find the objects of classes that are among the model's top 5 (section 4.3): mean Loc (Eq. 12) and the pointing game.
/// </summary>
public sealed record LocalizationExperiment : Experiment
{
    /// <summary>Its name in commands, in the manifest and in folders' names.</summary>
    public const string ExperimentName = "localization";

    /// <summary>The number of predictions among which a class has to be.</summary>
    internal const int Top = 5;

    private const double FigureDelta = 0.25;

    // Deltas of the records' own columns: read from a manifest they are what the records have.
    private readonly IReadOnlyList<double>? recorded;

    /// <summary>The experiment with its defaults.</summary>
    public LocalizationExperiment()
    {
    }

    internal LocalizationExperiment(IReadOnlyList<double> recorded) => this.recorded = recorded;

    /// <summary>The thresholds that are always measured: 0, 0.05 ... 0.95.</summary>
    public static IReadOnlyList<double> CurveDeltas { get; } = [.. Enumerable.Range(0, 20).Select(i => i / 20.0)];

    /// <summary>The summary's thresholds, each from 0 to less than 1.</summary>
    public IReadOnlyList<double> Deltas { get; init; } = [0, 0.25, 0.5];

    /// <summary>The thresholds of the records' columns, ascending: <see cref="CurveDeltas"/> and <see cref="Deltas"/>.</summary>
    public IReadOnlyList<double> RecordedDeltas => recorded ?? [.. CurveDeltas.Union(Deltas).Order()];

    /// <inheritdoc/>
    public override string Name => ExperimentName;

    /// <inheritdoc/>
    public override string Title => "Localisation";

    /// <inheritdoc/>
    public override RecordSchema Schema => LocalizationRow.Schema(RecordedDeltas);

    internal override bool ReadsAnnotations => true;

    /// <summary>The place of the delta by which figures are chosen: 0.25, or the first.</summary>
    internal int FigurePlace => Math.Max(RecordedDeltas.ToList().IndexOf(FigureDelta), 0);

    internal override string ComparedBy => FormattableString.Invariant($"of Loc at δ = {RecordedDeltas[FigurePlace]:0.##}");

    internal override IReadOnlyList<(string Name, string Value)> Facts =>
        [("Classes explained", $"annotated ones among the top {Top}")];

    /// <inheritdoc/>
    public override RunSummary Summarize(RunManifest manifest, IEnumerable<PictureRow> rows)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(rows);
        return LocalizationSummary.Of(this, manifest, rows);
    }

    /// <summary>The experiment of a manifest.</summary>
    /// <exception cref="JsonException">The settings are no experiment's.</exception>
    internal static LocalizationExperiment Read(JsonObject settings) => new(Numbers(settings["deltas"]))
    {
        Deltas = Numbers(settings["table_deltas"]),
    };

    internal override JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["classes"] = "top5",
        ["deltas"] = new JsonArray([.. RecordedDeltas.Select(d => (JsonNode)d)]),
        ["table_deltas"] = new JsonArray([.. Deltas.Distinct().Select(d => (JsonNode)d)]),
    };

    internal override void Check(DataSet data)
    {
        if (Deltas.Count == 0 || Deltas.Any(d => !(d >= 0 && d < 1)))
            throw new ArgumentException("Deltas are numbers from 0 to less than 1.");
        if (!data.HasObjects)
        {
            throw new InvalidDataException($"'{data.Root}' has no boxes of objects, against which localisation is measured. " +
                "Give a data set in VOC's or COCO's layout.");
        }
    }

    // Localisation predicts nothing by itself: a session for that would be one more copy of the weights.
    internal override void Try(RunContext context) => context.Passes.Explain(
        new float[context.Batch * context.InputLength], context.InputShape(context.Batch),
        ClassRequest.Top((int)Math.Min(Top, context.Model.ClassCount)));

    internal override PictureMeasure CreateMeasure(RunContext context, CancellationToken cancellationToken) =>
        new LocalizationMeasure(this, context, cancellationToken);

    internal override double Compared(MeasuredRow row) => ((LocalizationRow)row).Objects.Loc(FigurePlace);

    internal override FigureNotes Notes(MeasuredRow row) =>
        new("", FormattableString.Invariant($"Loc {Compared(row):0.00}"), "");

    internal override void Report(ReportPage page, ReportMaterial material, RunSummary summary) =>
        new LocalizationReport(this, material, (LocalizationSummary)summary).Write(page);

    private static double[] Numbers(JsonNode? list) =>
        [.. (list as JsonArray ?? throw new JsonException("the deltas are missing.")).Select(d => d!.GetValue<double>())];
}
