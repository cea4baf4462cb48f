using GradCamSharp.Evaluation.Experiments.Trust.Measuring;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Experiments.Trust.Measures;

/// <summary>What consistency says of a map.</summary>
/// <param name="Changes">For each change Pearson(M, M_t); null where it is undefined.</param>
/// <param name="Kept">For each change whether the class is still the predicted one.</param>
public sealed record ConsistencyScore(IReadOnlyList<double?> Changes, IReadOnlyList<bool> Kept) : MeasureScore
{
    /// <summary>The mean over the changes on which the class is still predicted; null where there is none.</summary>
    public double? Mean => Changes.Where((c, i) => c is not null && Kept[i]).Average();
}

/// <summary>Whether a map moves with the picture: <see cref="Consistency"/>.</summary>
public sealed record ConsistencyMeasure : Measure
{
    /// <inheritdoc/>
    public override string Name => "consistency";

    /// <inheritdoc/>
    public override string Title => "Consistency";

    /// <inheritdoc/>
    public override string Question => "Does it move with the picture?";

    /// <inheritdoc/>
    public override string Limits => "A map that always looks at the centre has 0.96: it guards against unsteady maps, and is no goal.";

    /// <inheritdoc/>
    public override IReadOnlyList<Figure> Figures { get; } =
        [Figure.From<ConsistencyScore>("consistency", Better.Higher, s => s.Mean)];

    /// <inheritdoc/>
    public override MeasureCost Cost => new(Explanations: Consistency.Changes.Count);

    internal override IReadOnlyList<MeasureColumn> Columns { get; } =
    [
        .. Consistency.Changes.Select((c, i) => MeasureColumn.Of<ConsistencyScore>(NameOf(c), ColumnType.Double, s => s.Changes[i])),
        .. Consistency.Changes.Select((c, i) => MeasureColumn.Of<ConsistencyScore>(NameOf(c) + "_kept", ColumnType.Flag, s => s.Kept[i])),
        MeasureColumn.Of<ConsistencyScore>("consistency", ColumnType.Double, s => s.Mean),
    ];

    private protected override IReadOnlyList<MeasureScore> Score(Trial trial)
    {
        var size = trial.Size;
        var changed = trial.Explain(Consistency.Changes.Count, Change);
        return [.. Enumerable.Range(0, trial.Count).Select(method => new ConsistencyScore(
            [.. Consistency.Changes.Select((c, i) => Consistency.Of(trial.Map(method), changed.Maps[method][i], c, size))], changed.Kept))];

        void Change(int item, Span<float> planes)
        {
            var change = Consistency.Changes[item];
            float gain = change == PictureChange.Darker ? Consistency.Darker : 1;
            for (int y = 0; y < size.Height; y++)
            {
                for (int x = 0; x < size.Width; x++)
                {
                    var (row, column) = Consistency.Source(change, y, x, size);
                    for (int c = 0; c < trial.Space.Black.Count; c++)
                    {
                        float value = trial.Input[(c * trial.Pixels) + (row * size.Width) + column], black = trial.Space.Black[c];
                        planes[(c * trial.Pixels) + (y * size.Width) + x] = gain == 1 ? value : ((value - black) * gain) + black;
                    }
                }
            }
        }
    }

    internal override MeasureScore Read(RowReader values) => new ConsistencyScore(
        [.. Consistency.Changes.Select(c => values.DoubleOrNull(NameOf(c)))],
        [.. Consistency.Changes.Select(c => values.Flag(NameOf(c) + "_kept"))]);

    private static string NameOf(PictureChange change) => change.ToString().ToLowerInvariant();
}
