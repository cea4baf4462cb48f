using GradCamSharp.Evaluation.Experiments.Trust.Measuring;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Experiments.Trust.Measures;

/// <summary>How concentrated a map is.</summary>
/// <param name="Value">Gini's index and entropy.</param>
public sealed record SparsenessScore(Sparseness Value) : MeasureScore;

/// <summary>How concentrated a map is: <see cref="Sparseness"/>.</summary>
public sealed record SparsenessMeasure : Measure
{
    /// <inheritdoc/>
    public override string Name => "gini";

    /// <inheritdoc/>
    public override string Title => "Gini and entropy";

    /// <inheritdoc/>
    public override string Question => "How concentrated is it?";

    /// <inheritdoc/>
    public override string Limits => "Neither end is good: it tells why other figures differ, as large masks lose less.";

    /// <inheritdoc/>
    public override IReadOnlyList<Figure> Figures { get; } =
    [
        Figure.From<SparsenessScore>("gini", Better.Neither, s => s.Value.Gini),
        Figure.From<SparsenessScore>("entropy", Better.Neither, s => s.Value.Entropy),
    ];

    /// <inheritdoc/>
    public override MeasureCost Cost => default;

    internal override IReadOnlyList<MeasureColumn> Columns { get; } =
    [
        MeasureColumn.Of<SparsenessScore>("gini", ColumnType.Double, s => s.Value.Gini),
        MeasureColumn.Of<SparsenessScore>("entropy", ColumnType.Double, s => s.Value.Entropy),
    ];

    private protected override IReadOnlyList<MeasureScore> Score(Trial trial) =>
        [.. Enumerable.Range(0, trial.Count).Select(method => new SparsenessScore(Sparseness.Of(trial.Map(method))))];

    internal override MeasureScore Read(RowReader values) =>
        new SparsenessScore(new Sparseness(values.DoubleOrNull("gini"), values.DoubleOrNull("entropy")));
}
