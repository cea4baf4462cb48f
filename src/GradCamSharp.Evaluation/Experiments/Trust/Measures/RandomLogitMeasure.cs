using GradCamSharp.Evaluation.Experiments.Trust.Measuring;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Experiments.Trust.Measures;

/// <summary>How alike a picture's maps of different classes are.</summary>
/// <param name="Others">Spearman with the map of each drawn class; null where undefined, fewer where the model has fewer classes.</param>
/// <param name="RunnerUp">Spearman with the map of the second class; null where undefined.</param>
public sealed record RandomLogitScore(IReadOnlyList<double?> Others, double? RunnerUp) : MeasureScore
{
    /// <summary>The mean of <see cref="Others"/> where it is defined.</summary>
    public double? Mean => Others.Average();
}

/// <summary>Whether a map looks at the class that was asked for: <see cref="RandomLogit"/>.</summary>
public sealed record RandomLogitMeasure : Measure
{
    /// <inheritdoc/>
    public override string Name => "random-logit";

    /// <inheritdoc/>
    public override string Title => "Random logit";

    /// <inheritdoc/>
    public override string Question => "Does it look at the class asked for?";

    /// <inheritdoc/>
    public override string Limits => "Two classes may rightly share evidence; it needs classes that are really elsewhere.";

    /// <inheritdoc/>
    public override IReadOnlyList<Figure> Figures { get; } =
    [
        Figure.From<RandomLogitScore>("random_logit", Better.Lower, s => s.Mean),
        Figure.From<RandomLogitScore>("runner_up", Better.Lower, s => s.RunnerUp),
    ];

    /// <inheritdoc/>
    public override MeasureCost Cost => new(Explanations: 1);

    internal override IReadOnlyList<MeasureColumn> Columns { get; } =
    [
        .. Enumerable.Range(0, RandomLogit.Drawn).Select(i => MeasureColumn.Of<RandomLogitScore>(
            ColumnName(i), ColumnType.Double, s => i < s.Others.Count ? s.Others[i] : null)),
        MeasureColumn.Of<RandomLogitScore>("runner_up", ColumnType.Double, s => s.RunnerUp),
        MeasureColumn.Of<RandomLogitScore>("random_logit", ColumnType.Double, s => s.Mean),
    ];

    private protected override IReadOnlyList<MeasureScore> Score(Trial trial)
    {
        var drawn = RandomLogit.Others(trial.Seed, trial.Id, trial.Class, trial.Scores.Length);
        if (RandomLogit.RunnerUp(trial.Scores.AsSpan(), trial.Class) is not { } second)
            return [.. Enumerable.Repeat(new RandomLogitScore([], null), trial.Count)];
        var maps = trial.ExplainOthers([.. drawn, second]);
        return [.. Enumerable.Range(0, trial.Count).Select(method =>
        {
            double?[] alike = [.. maps[method].Select(map => trial.Spearman(method, map))];
            return new RandomLogitScore(alike[..^1], alike[^1]);
        })];
    }

    internal override MeasureScore Read(RowReader values) => new RandomLogitScore(
        [.. Enumerable.Range(0, RandomLogit.Drawn).Select(i => values.DoubleOrNull(ColumnName(i)))], values.DoubleOrNull("runner_up"));

    private static string ColumnName(int place) => FormattableString.Invariant($"logit_{place + 1}");
}
