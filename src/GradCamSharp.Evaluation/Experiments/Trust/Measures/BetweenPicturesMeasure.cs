using GradCamSharp.Evaluation.Experiments.Trust.Measuring;
using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Experiments.Trust.Measures;

/// <summary>How alike a picture's map and those of other pictures are.</summary>
/// <param name="Others">
/// Spearman with the maps of the next pictures of the run; null where undefined or where there is no such picture.
/// </param>
public sealed record BetweenPicturesScore(IReadOnlyList<double?> Others) : MeasureScore
{
    /// <summary>The mean of <see cref="Others"/> where it is defined.</summary>
    public double? Mean => Others.Average();
}

/// <summary>
/// What two maps of a method have in common for being its maps: Spearman(M, M of another picture), each of its own predicted class, for the
/// next three pictures of the run (after the last comes the first). Randomised weights are judged against it: data that photographers have
/// centred make all maps alike.
/// </summary>
public sealed record BetweenPicturesMeasure : Measure
{
    /// <summary>The number of other pictures.</summary>
    public const int Others = 3;

    /// <inheritdoc/>
    public override string Name => "between-pictures";

    /// <inheritdoc/>
    public override string Title => "Between pictures";

    /// <inheritdoc/>
    public override string Question => "How alike are maps of different pictures?";

    /// <inheritdoc/>
    public override string Limits => "It is a yardstick for randomised weights, and says nothing by itself.";

    /// <inheritdoc/>
    public override IReadOnlyList<Figure> Figures { get; } =
        [Figure.From<BetweenPicturesScore>("between_pictures", Better.Neither, s => s.Mean)];

    /// <inheritdoc/>
    public override MeasureCost Cost => new(Explanations: Others);

    internal override IReadOnlyList<MeasureColumn> Columns { get; } =
    [
        .. Enumerable.Range(0, Others).Select(i => MeasureColumn.Of<BetweenPicturesScore>(
            ColumnName(i), ColumnType.Double, s => s.Others[i])),
        MeasureColumn.Of<BetweenPicturesScore>("between_pictures", ColumnType.Double, s => s.Mean),
    ];

    private protected override IReadOnlyList<MeasureScore> Score(Trial trial)
    {
        var others = trial.Others(Others);
        return [.. Enumerable.Range(0, trial.Count).Select(method => new BetweenPicturesScore(
            [.. others.Select(maps => maps is null ? null : trial.Spearman(method, maps[method]))]))];
    }

    internal override MeasureScore Read(RowReader values) =>
        new BetweenPicturesScore([.. Enumerable.Range(0, Others).Select(i => values.DoubleOrNull(ColumnName(i)))]);

    private static string ColumnName(int place) => FormattableString.Invariant($"between_{place + 1}");
}
