using GradCamSharp.Evaluation.Experiments.Trust.Measuring;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Experiments.Trust.Measures;

/// <summary>How a map's parts overlap the class's boxes; null where the class has none in the picture.</summary>
/// <param name="Value">The overlaps at each threshold.</param>
public sealed record BoxScore(BoxAccuracy? Value) : MeasureScore;

/// <summary>Whether a map has the object's extent: <see cref="BoxAccuracy"/>.</summary>
public sealed record BoxMeasure : Measure
{
    /// <inheritdoc/>
    public override string Name => "maxboxacc";

    /// <inheritdoc/>
    public override string Title => "MaxBoxAcc V2";

    /// <inheritdoc/>
    public override string Question => "Does it have the object's extent?";

    /// <inheritdoc/>
    public override string Limits => "The best threshold is chosen on the data that is measured, and boxes reward extent.";

    /// <inheritdoc/>
    public override IReadOnlyList<Figure> Figures { get; } =
    [
        new Figure("maxboxacc_v2", Better.Higher, _ => null) { OfAll = scores => Best(scores, b => b.Any) },
        new Figure("maxboxacc_v2_largest", Better.Higher, _ => null) { OfAll = scores => Best(scores, b => b.Largest) },
    ];

    /// <inheritdoc/>
    public override MeasureCost Cost => default;

    /// <inheritdoc/>
    public override bool NeedsObjects => true;

    internal override IReadOnlyList<MeasureColumn> Columns { get; } =
    [
        .. BoxAccuracy.Taus.Select((t, i) => MeasureColumn.Of<BoxScore>(ColumnName("iou", t), ColumnType.Double, s => s.Value?.Any[i])),
        .. BoxAccuracy.Taus.Select((t, i) =>
            MeasureColumn.Of<BoxScore>(ColumnName("iou_largest", t), ColumnType.Double, s => s.Value?.Largest[i])),
    ];

    private protected override IReadOnlyList<MeasureScore> Score(Trial trial) =>
        [.. Enumerable.Range(0, trial.Count).Select(method => new BoxScore(
            trial.Boxes is { Count: > 0 } boxes ? BoxAccuracy.Of(trial.OnPicture(method), trial.Original, boxes) : null))];

    internal override MeasureScore Read(RowReader values)
    {
        double?[] any = [.. BoxAccuracy.Taus.Select(t => values.DoubleOrNull(ColumnName("iou", t)))];
        double?[] largest = [.. BoxAccuracy.Taus.Select(t => values.DoubleOrNull(ColumnName("iou_largest", t)))];
        return new BoxScore(any.Contains(null) || largest.Contains(null) ? null
            : new BoxAccuracy([.. any.Select(v => v!.Value)], [.. largest.Select(v => v!.Value)]));
    }

    private static string ColumnName(string name, double tau) => FormattableString.Invariant($"{name}_{100 * tau:0}");

    private static double? Best(IReadOnlyList<MeasureScore> scores, Func<BoxAccuracy, IReadOnlyList<double>> overlaps)
    {
        IReadOnlyList<double>[] known = [.. scores.Select(s => ((BoxScore)s).Value).OfType<BoxAccuracy>().Select(overlaps)];
        return known.Length == 0 ? null : BoxAccuracy.MaxBoxAccV2(known);
    }
}
