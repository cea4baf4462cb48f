using GradCamSharp.Evaluation.Experiments.Trust.Measuring;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Experiments.Trust.Measures;

/// <summary>What ADCC says of a map, by its parts.</summary>
/// <param name="Masked">O, the class's probability on the explanation map E = M o x.</param>
/// <param name="AverageDrop">max(0, Y - O) / Y, 0 to 1.</param>
/// <param name="Coherency">How alike M and the map of E are, 0 to 1.</param>
/// <param name="Complexity">The mean of M, 0 to 1.</param>
public sealed record AdccScore(double Masked, double AverageDrop, double Coherency, double Complexity) : MeasureScore
{
    /// <summary>The harmonic mean of coherency, 1 - complexity and 1 - drop.</summary>
    public double Adcc => Metrics.Adcc.Harmonic(Coherency, 1 - Complexity, 1 - AverageDrop);

    /// <summary>The same with ROAD in the place of the drop.</summary>
    /// <param name="road">ROAD of the same map.</param>
    public double Arcc(double road) => Metrics.Adcc.Harmonic(Coherency, 1 - Complexity, Math.Clamp(road, 0, 1));
}

/// <summary>Average drop, coherency and complexity: <see cref="Metrics.Adcc"/>.</summary>
public sealed record AdccMeasure : Measure
{
    /// <inheritdoc/>
    public override string Name => "adcc";

    /// <inheritdoc/>
    public override string Title => "ADCC";

    /// <inheritdoc/>
    public override string Question => "What do papers on class activation maps report?";

    /// <inheritdoc/>
    public override string Limits =>
        "A map that never looks at the picture is wholly coherent, and a large one drops little: centre often has the best ADCC. " +
        "It is there for comparison with papers; decide by another.";

    /// <inheritdoc/>
    public override IReadOnlyList<Figure> Figures { get; } =
    [
        Figure.From<AdccScore>("adcc", Better.Higher, s => s.Adcc),
        Figure.From<AdccScore>("average_drop", Better.Lower, s => s.AverageDrop),
        Figure.From<AdccScore>("coherency", Better.Higher, s => s.Coherency),
        Figure.From<AdccScore>("complexity", Better.Lower, s => s.Complexity),
    ];

    /// <inheritdoc/>
    public override MeasureCost Cost => new(PredictionsAMethod: 1, ExplanationsAMethod: 1);

    internal override IReadOnlyList<MeasureColumn> Columns { get; } =
    [
        MeasureColumn.Of<AdccScore>("masked", ColumnType.Double, s => s.Masked),
        MeasureColumn.Of<AdccScore>("average_drop", ColumnType.Double, s => s.AverageDrop),
        MeasureColumn.Of<AdccScore>("coherency", ColumnType.Double, s => s.Coherency),
        MeasureColumn.Of<AdccScore>("complexity", ColumnType.Double, s => s.Complexity),
        MeasureColumn.Of<AdccScore>("adcc", ColumnType.Double, s => s.Adcc),
    ];

    private protected override IReadOnlyList<MeasureScore> Score(Trial trial)
    {
        var answers = trial.Predict(trial.Count, (method, planes) => Mask(trial, method, planes), "an explanation map");
        return [.. Enumerable.Range(0, trial.Count).Select(method =>
        {
            float[] map = trial.Map(method);
            float[] ofMasked = trial.IsBaseline(method) ? map
                : trial.ExplainOne(method, (_, planes) => Mask(trial, method, planes));
            double masked = answers.Probabilities[method];
            return new AdccScore(
                masked, ConfidenceDrop.Drop(trial.Probability, masked), Adcc.Coherency(map, ofMasked), Adcc.Complexity(map));
        })];
    }

    internal override MeasureScore Read(RowReader values) => new AdccScore(
        values.Double("masked"), values.Double("average_drop"), values.Double("coherency"), values.Double("complexity"));

    // E = M o x, in pixels.
    private static void Mask(Trial trial, int method, Span<float> planes)
    {
        float[] map = trial.Map(method);
        for (int c = 0; c < trial.Space.Black.Count; c++)
        {
            float black = trial.Space.Black[c];
            for (int i = 0, at = c * trial.Pixels; i < map.Length; i++, at++)
                planes[at] = ((trial.Input[at] - black) * map[i]) + black;
        }
    }
}

/// <summary>What ARCC says of a map.</summary>
/// <param name="Arcc">The harmonic mean of coherency, 1 - complexity and ROAD.</param>
public sealed record ArccScore(double Arcc) : MeasureScore;

/// <summary>ADCC with ROAD in the place of the drop: <see cref="Metrics.Adcc"/>.</summary>
public sealed record ArccMeasure : Measure
{
    private static readonly RoadMeasure Road = new();
    private static readonly AdccMeasure Adcc = new();

    /// <inheritdoc/>
    public override string Name => "arcc";

    /// <inheritdoc/>
    public override string Title => "ARCC";

    /// <inheritdoc/>
    public override string Question => "What do papers report, with a removal that leaves no black holes?";

    /// <inheritdoc/>
    public override string Limits => "Its parts are of different kinds, and a mean of them hides which one failed.";

    /// <inheritdoc/>
    public override IReadOnlyList<Figure> Figures { get; } = [Figure.From<ArccScore>("arcc", Better.Higher, s => s.Arcc)];

    /// <inheritdoc/>
    public override MeasureCost Cost => new(
        PredictionsAMethod: Road.Cost.PredictionsAMethod + Adcc.Cost.PredictionsAMethod,
        ExplanationsAMethod: Adcc.Cost.ExplanationsAMethod, Imputations: Road.Cost.Imputations);

    internal override IReadOnlyList<MeasureColumn> Columns { get; } =
        [MeasureColumn.Of<ArccScore>("arcc", ColumnType.Double, s => s.Arcc)];

    private protected override IReadOnlyList<MeasureScore> Score(Trial trial) => [.. Adcc.ScoresOn(trial).Cast<AdccScore>()
        .Zip(Road.ScoresOn(trial).Cast<RoadScore>(), (adcc, road) => new ArccScore(adcc.Arcc(road.Road)))];

    internal override MeasureScore Read(RowReader values) => new ArccScore(values.Double("arcc"));
}
