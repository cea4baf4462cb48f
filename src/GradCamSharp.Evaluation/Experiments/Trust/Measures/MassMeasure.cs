using GradCamSharp.Evaluation.Experiments.Trust.Measuring;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Experiments.Trust.Measures;

/// <summary>What of a map lies on the object.</summary>
/// <param name="Value">Mass, rank and area.</param>
public sealed record MassScore(MassAndRank Value) : MeasureScore;

/// <summary>Whether a map lies on the object: <see cref="MassAndRank"/>.</summary>
public sealed record MassMeasure : Measure
{
    /// <inheritdoc/>
    public override string Name => "mass";

    /// <inheritdoc/>
    public override string Title => "Mass and rank";

    /// <inheritdoc/>
    public override string Question => "Does it lie on the object?";

    /// <inheritdoc/>
    public override string Limits =>
        "Where the object is, is not where the network looked: plausible, not faithful. Read it beside area and centre.";

    /// <inheritdoc/>
    public override IReadOnlyList<Figure> Figures { get; } =
    [
        Figure.From<MassScore>("mass", Better.Higher, s => s.Value.Mass),
        Figure.From<MassScore>("rank", Better.Higher, s => s.Value.Rank),
        Figure.From<MassScore>("area", Better.Neither, s => s.Value.Area),
    ];

    /// <inheritdoc/>
    public override MeasureCost Cost => default;

    /// <inheritdoc/>
    public override bool NeedsObjects => true;

    internal override IReadOnlyList<MeasureColumn> Columns { get; } =
    [
        MeasureColumn.Of<MassScore>("mass", ColumnType.Double, s => s.Value.Mass),
        MeasureColumn.Of<MassScore>("mass_rank", ColumnType.Double, s => s.Value.Rank),
        MeasureColumn.Of<MassScore>("area", ColumnType.Double, s => s.Value.Area),
    ];

    private protected override IReadOnlyList<MeasureScore> Score(Trial trial) => [.. Enumerable.Range(0, trial.Count).Select(method =>
        new MassScore(trial.OnObjects(method)))];

    internal override MeasureScore Read(RowReader values) => new MassScore(
        new MassAndRank(values.DoubleOrNull("mass"), values.DoubleOrNull("mass_rank"), values.Double("area")));
}
