using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GradCamSharp.Evaluation.Baselines;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments.Trust;
using GradCamSharp.Evaluation.Experiments.Trust.Measures;
using GradCamSharp.Evaluation.Experiments.Trust.Measuring;
using GradCamSharp.Evaluation.Pages;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Targets;

namespace GradCamSharp.Evaluation.Experiments.Comparing;

/// <summary>
/// Which of several candidates, methods at layers, to believe for a model: what decides is measured on all pictures, of candidates that
/// passed the gates; gates and further measures on some of the pictures, which are spread over all.
/// </summary>
public sealed record CompareExperiment : Experiment
{
    /// <summary>Its name in the manifest and in folders' names.</summary>
    public const string ExperimentName = "compare";

    /// <summary>What names the groups of pictures that are drawn together, where they are those of one folder.</summary>
    public const string ByFolder = "folder";

    /// <summary>The measures of the gates: is it specific, is it sane.</summary>
    public static IReadOnlyList<Measure> Gates { get; } =
        [new RandomLogitMeasure(), new RandomisationMeasure(), new BetweenPicturesMeasure()];

    /// <summary>What is measured on every picture: the measure that decides, then the one that may disagree.</summary>
    public required IReadOnlyList<Measure> Deciding { get; init; }

    /// <summary>What else is measured, on <see cref="First"/>.</summary>
    public IReadOnlyList<Measure> Further { get; init; } = [];

    /// <summary>The places in the run of the pictures on which the gates and the further measures are measured, ascending.</summary>
    public required IReadOnlyList<int> First { get; init; }

    /// <summary>The names of the candidates that did not pass the gates: nothing but these is measured of them.</summary>
    public IReadOnlyList<string> Failing { get; init; } = [];

    /// <summary>For a candidate's name those of others whose maps are the same: they are measured as one.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Same { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary><see cref="ByFolder"/> where the pictures of one folder are drawn together; null where each stands for itself.</summary>
    public string? GroupBy { get; init; }

    /// <summary>The seed of all random draws.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>For a candidate's name what a map costs, in forward passes; timed on the machine that began the run.</summary>
    public IReadOnlyDictionary<string, double> Costs { get; init; } = new Dictionary<string, double>();

    /// <summary>About how long one more picture takes, in seconds, on the machine that began the run.</summary>
    public double SecondsAPicture { get; init; }

    /// <summary>All measures: those that decide, the gates', the further ones.</summary>
    public IReadOnlyList<Measure> All => [.. Deciding, .. Gates, .. Further];

    /// <inheritdoc/>
    public override string Name => ExperimentName;

    /// <inheritdoc/>
    public override string Title => "Comparison";

    /// <inheritdoc/>
    public override RecordSchema Schema => new(
        [
            RecordSchema.Class, RecordSchema.Label, RecordSchema.Method,
            RecordColumn.Of<CompareRow>("probability", ColumnType.Double, r => r.Probability),
            RecordSchema.Score, RecordSchema.Empty,
            .. All.SelectMany((measure, place) => measure.Columns.Select(column => RecordColumn.Of<CompareRow>(
                column.Name, column.Type, r => r.Scores[place] is { } score ? column.Get(score) : null))),
        ],
        (of, values) => new CompareRow(of, values.Double("probability"),
            [.. All.Select((m, place) => IsMeasured(place, of.Index, of.Method) ? m.Read(values) : null)]));

    internal override bool ReadsAnnotations => All.Any(m => m.NeedsObjects);

    internal override bool IsBatched => false;

    internal override IReadOnlyList<string> Beside => [CentreBaseline.Name, RandomBaseline.Name];

    internal override bool TakesLayers => true;

    internal override string ComparedBy => $"of {Deciding[0].Title}";

    internal override IReadOnlyList<(string Name, string Value)> Facts =>
    [
        ("Classes explained", "the predicted one"),
        ("Decides", Deciding[0].Title),
        ("On every picture", string.Join(", ", Deciding.Select(m => m.Title))),
        ($"On {Counted.Of(First.Count, "picture")}", string.Join(", ", Gates.Concat(Further).Select(m => m.Title))),
        ("Drawn anew", GroupBy == ByFolder ? "folders of pictures" : "pictures"),
        ("Seed", Seed.ToString(CultureInfo.InvariantCulture)),
    ];

    /// <summary>What the gates measured, by picture and candidate: these rows have it too.</summary>
    internal IReadOnlyDictionary<(string Picture, string Candidate), TrustRow> Gated { get; init; } =
        new Dictionary<(string, string), TrustRow>();

    /// <inheritdoc/>
    public override RunSummary Summarize(RunManifest manifest, IEnumerable<PictureRow> rows)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(rows);
        return CompareTable.Read(this, manifest, rows).Summary();
    }

    /// <summary>The experiment of a manifest.</summary>
    /// <exception cref="JsonException">The settings are no experiment's.</exception>
    internal static CompareExperiment Read(JsonObject settings)
    {
        var deciding = Measures("deciding");
        return deciding.Count == 2 ? new CompareExperiment
        {
            Deciding = deciding,
            Further = Measures("further"),
            First = [.. Array("first").Select(i => i!.GetValue<int>())],
            Failing = [.. Array("failing").Select(n => n!.GetValue<string>())],
            Same = Object("same").ToDictionary(
                s => s.Key, s => (IReadOnlyList<string>)[.. s.Value!.AsArray().Select(n => n!.GetValue<string>())]),
            GroupBy = settings["group_by"]?.GetValue<string>(),
            Seed = settings["draws"]?.GetValue<ulong>() ?? 1,
            Costs = Object("costs").ToDictionary(c => c.Key, c => c.Value!.GetValue<double>()),
            SecondsAPicture = settings["seconds_a_picture"]?.GetValue<double>() ?? 0,
        } : throw new JsonException("two measures have to decide.");

        JsonArray Array(string name) => settings[name] as JsonArray ?? throw new JsonException($"'{name}' is missing.");
        JsonObject Object(string name) => settings[name] as JsonObject ?? throw new JsonException($"'{name}' is missing.");
        IReadOnlyList<Measure> Measures(string name) =>
            [.. Array(name).Select(m => TrustExperiment.ReadMeasure(m!.GetValue<string>()))];
    }

    internal override JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["deciding"] = new JsonArray([.. Deciding.Select(m => (JsonNode)TrustExperiment.Written(m))]),
        ["further"] = new JsonArray([.. Further.Select(m => (JsonNode)TrustExperiment.Written(m))]),
        ["first"] = new JsonArray([.. First.Select(i => (JsonNode)i)]),
        ["failing"] = new JsonArray([.. Failing.Select(n => (JsonNode)n)]),
        ["same"] = new JsonObject(Same.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => KeyValuePair.Create(
            s.Key, (JsonNode?)new JsonArray([.. s.Value.Select(n => (JsonNode)n)])))),
        ["group_by"] = GroupBy,
        ["draws"] = Seed,
        ["costs"] = new JsonObject(Costs.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => KeyValuePair.Create(
            c.Key, (JsonNode?)c.Value))),
        ["seconds_a_picture"] = SecondsAPicture,
    };

    internal override void Check(DataSet data)
    {
        if (Deciding.Count != 2 || All.DistinctBy(m => m.Name).Count() < All.Count)
            throw new ArgumentException("Two measures decide, and each measure is named once.");
        if (ReadsAnnotations && !data.HasObjects)
        {
            string what = string.Join(", ", All.Where(m => m.NeedsObjects).Select(m => m.Title));
            throw new InvalidDataException(
                $"'{data.Root}' has no boxes of objects, which {what} {(what.Contains(',') ? "need" : "needs")}. " +
                "Give a data set in VOC's or COCO's layout.");
        }
    }

    internal override void Try(RunContext context)
    {
        if (Measurer(context, default) is not { } measurer)
            return;
        measurer.Explain(new float[context.InputLength], [ClassRequest.Top1], measurer.Whole);
    }

    internal override PictureMeasure CreateMeasure(RunContext context, CancellationToken cancellationToken) =>
        new CompareMeasure(this, context, Measurer(context, cancellationToken), cancellationToken);

    internal override double Compared(MeasuredRow row) =>
        ((CompareRow)row).Scores[0] is { } score ? Deciding[0].Figures[0].Of(score) ?? 0 : 0;

    internal override FigureNotes Notes(MeasuredRow row) =>
        new("", FormattableString.Invariant($"{Deciding[0].Title} {Compared(row):0.00}"), "");

    internal override void Report(ReportPage page, ReportMaterial material, RunSummary summary) =>
        new CompareSections(this, (CompareSummary)summary).Write(page, material);

    /// <summary>The names of the candidates that are measured on, and of the baselines.</summary>
    internal IReadOnlyList<string> Measured(IEnumerable<string> names) => [.. names.Where(n => !Failing.Contains(n))];

    /// <summary>Whether a measure is measured on a map.</summary>
    internal bool IsMeasured(int measure, int picture, string candidate) =>
        measure < Deciding.Count ? !Failing.Contains(candidate)
        : IsFirst(picture) && (measure < Deciding.Count + Gates.Count || !Failing.Contains(candidate));

    /// <summary>Whether a picture is one of those on which everything is measured.</summary>
    internal bool IsFirst(int picture) => First.ToList().BinarySearch(picture) >= 0;

    /// <summary>For each picture the group with which it is drawn; null where each stands for itself.</summary>
    internal IReadOnlyList<string>? Groups(IReadOnlyList<string> pictures) => GroupBy != ByFolder ? null
        : [.. pictures.Select(id => id.LastIndexOf('/') is >= 0 and var end ? id[..end] : "")];

    // Null where no candidate has passed: then there is nothing to measure.
    private MapMeasurer? Measurer(RunContext context, CancellationToken cancellationToken)
    {
        var names = Measured(context.Methods.Names);
        return names.All(n => Beside.Contains(n)) ? null : new MapMeasurer(
            context.Model, InputSpace.Of(context.Explainer.Preprocessing, context.Explainer.Channels),
            new MeasuredMethods(names, takesAll: true), Seed, cancellationToken);
    }
}
