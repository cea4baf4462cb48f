using System.Text.Json;
using System.Text.Json.Nodes;
using GradCamSharp.Evaluation.Baselines;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments.Trust.Measures;
using GradCamSharp.Evaluation.Pages;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Targets;

namespace GradCamSharp.Evaluation.Experiments.Trust;

/// <summary>Which classes of a picture are explained.</summary>
public enum TrustClasses
{
    /// <summary>The one that the model predicts.</summary>
    Predicted,

    /// <summary>Those of the picture's annotated objects that are among the model's top 5.</summary>
    Annotated,
}

/// <summary>
/// How far maps can be trusted, by any of <see cref="AllMeasures"/>. All methods see the same pictures, classes, random draws and changed
/// pictures; <c>centre</c> and <c>random</c> are always measured beside them.
/// </summary>
public sealed record TrustExperiment : Experiment
{
    /// <summary>Its name in commands, in the manifest and in folders' names.</summary>
    public const string ExperimentName = "trust";

    /// <summary>The number of predictions among which an annotated class has to be.</summary>
    internal const int Top = 5;

    /// <summary>What is measured; at least one, each once.</summary>
    public required IReadOnlyList<Measure> Measures { get; init; }

    /// <summary>Which classes are explained.</summary>
    public TrustClasses Classes { get; init; } = TrustClasses.Predicted;

    /// <summary>The seed of all random draws.</summary>
    public ulong Seed { get; init; } = 1;

    /// <inheritdoc/>
    public override string Name => ExperimentName;

    /// <inheritdoc/>
    public override string Title => "Trust";

    /// <inheritdoc/>
    public override RecordSchema Schema => TrustRow.Schema(Measures);

    internal override bool ReadsAnnotations => Classes == TrustClasses.Annotated || Measures.Any(m => m.NeedsObjects);

    // Pictures are changed and measured one by one, each in batches of its own.
    internal override bool IsBatched => false;

    internal override IReadOnlyList<string> Beside => [CentreBaseline.Name, RandomBaseline.Name];

    internal override bool TakesLayers => true;

    internal override string ComparedBy => $"of {Measures[0].Title}";

    internal override IReadOnlyList<(string Name, string Value)> Facts =>
    [
        ("Classes explained", Classes == TrustClasses.Predicted ? "the predicted one" : $"annotated ones among the top {Top}"),
        ("Measures", string.Join(", ", Measures.Select(m => m.Title))),
        ("Seed", Seed.ToString(System.Globalization.CultureInfo.InvariantCulture)),
    ];

    /// <inheritdoc/>
    public override RunSummary Summarize(RunManifest manifest, IEnumerable<PictureRow> rows)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(rows);
        return TrustSummary.Of(this, manifest, rows);
    }

    /// <summary>The experiment of a manifest.</summary>
    /// <exception cref="JsonException">The settings are no experiment's.</exception>
    internal static TrustExperiment Read(JsonObject settings)
    {
        var names = settings["measures"] as JsonArray ?? throw new JsonException("the measures are missing.");
        return new TrustExperiment
        {
            Measures = [.. names.Select(n => ReadMeasure(n!.GetValue<string>()))],
            Classes = settings["classes"]?.GetValue<string>() == "annotated" ? TrustClasses.Annotated : TrustClasses.Predicted,
            Seed = settings["draws"]?.GetValue<ulong>() ?? 1,
        };
    }

    internal override JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["classes"] = Classes == TrustClasses.Annotated ? "annotated" : "predicted",
        ["measures"] = new JsonArray([.. Measures.Select(m => (JsonNode)Written(m))]),
        ["draws"] = Seed,
    };

    internal override void Check(DataSet data)
    {
        if (Measures.Count == 0 || Measures.DistinctBy(m => m.Name).Count() < Measures.Count)
            throw new ArgumentException("Name at least one measure, and each once.");
        if (ReadsAnnotations && !data.HasObjects)
        {
            string what = string.Join(
                ", ", Measures.Where(m => m.NeedsObjects).Select(m => m.Title).DefaultIfEmpty("the annotated classes"));
            throw new InvalidDataException(
                $"'{data.Root}' has no boxes of objects, which {what} {(what.Contains(',') ? "need" : "needs")}. " +
                "Give a data set in VOC's or COCO's layout.");
        }
    }

    internal override void Try(RunContext context)
    {
        var measurer = Measurer(context, default);
        float[] nothing = new float[context.InputLength];
        measurer.Explain(nothing, Requests(context), measurer.Whole);
    }

    internal override PictureMeasure CreateMeasure(RunContext context, CancellationToken cancellationToken) =>
        new TrustMeasure(this, context, cancellationToken);

    internal override double Compared(MeasuredRow row) => FigureOf(row) ?? 0;

    internal override FigureNotes Notes(MeasuredRow row) => new(
        "", FigureOf(row) is { } value ? FormattableString.Invariant($"{Measures[0].Title} {value:0.00}") : "undefined", "");

    internal override void Report(ReportPage page, ReportMaterial material, RunSummary summary) =>
        new TrustReport(this, material, (TrustSummary)summary).Write(page);

    /// <summary>The classes that are asked of the network.</summary>
    internal IReadOnlyList<ClassRequest> Requests(RunContext context) => Classes == TrustClasses.Predicted
        ? [ClassRequest.Top1] : ClassRequest.Top((int)Math.Min(Top, context.Model.ClassCount));

    /// <summary>What a worker of a run measures with.</summary>
    internal MapMeasurer Measurer(RunContext context, CancellationToken cancellationToken) => new(
        context.Model, Measuring.InputSpace.Of(context.Explainer.Preprocessing, context.Explainer.Channels), context.Methods, Seed,
        cancellationToken);

    private double? FigureOf(MeasuredRow row) => Measures[0].Figures[0].Of(((TrustRow)row).Scores[0]);

    /// <summary>A measure as manifests have it: its name, with the parameters that are not the defaults.</summary>
    internal static string Written(Measure measure) =>
        measure.Parameters.Length > 0 ? $"{measure.Name}({measure.Parameters})" : measure.Name;

    /// <summary>Reads a measure of a manifest.</summary>
    /// <exception cref="JsonException">There is no such measure.</exception>
    internal static Measure ReadMeasure(string text)
    {
        int bracket = text.IndexOf('(', StringComparison.Ordinal);
        try
        {
            var measure = AllMeasures.Find(bracket < 0 ? text : text[..bracket]);
            // One measure alone has a parameter so far.
            return measure is MuFidelityMeasure fidelity && bracket > 0
                && text[bracket..].Split('=', ')') is [_, var count, ..] && int.TryParse(count, out int sets)
                    ? fidelity with { Sets = sets } : measure;
        }
        catch (ArgumentException e)
        {
            throw new JsonException(e.Message, e);
        }
    }
}
