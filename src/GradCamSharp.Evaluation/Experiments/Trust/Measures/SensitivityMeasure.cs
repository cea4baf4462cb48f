using GradCamSharp.Evaluation.Experiments.Trust.Measuring;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Experiments.Trust.Measures;

/// <summary>What max-sensitivity says of a map.</summary>
/// <param name="Value">How far it moves.</param>
public sealed record SensitivityScore(Sensitivity Value) : MeasureScore;

/// <summary>How steady a map is under noise that nobody sees: <see cref="Sensitivity"/>.</summary>
public sealed record SensitivityMeasure : Measure
{
    /// <inheritdoc/>
    public override string Name => "max-sensitivity";

    /// <inheritdoc/>
    public override string Title => "Max-sensitivity";

    /// <inheritdoc/>
    public override string Question => "Is it steady under noise that nobody sees?";

    /// <inheritdoc/>
    public override string Limits => "A map that ignores the picture has 0: it guards against unsteady maps, and is no goal.";

    /// <inheritdoc/>
    public override IReadOnlyList<Figure> Figures { get; } =
    [
        Figure.From<SensitivityScore>("max_sensitivity", Better.Lower, s => s.Value.Max),
        Figure.From<SensitivityScore>("mean_sensitivity", Better.Lower, s => s.Value.Mean),
    ];

    /// <inheritdoc/>
    public override MeasureCost Cost => new(Explanations: Sensitivity.Copies);

    internal override IReadOnlyList<MeasureColumn> Columns { get; } =
    [
        MeasureColumn.Of<SensitivityScore>("max_sensitivity", ColumnType.Double, s => s.Value.Max),
        MeasureColumn.Of<SensitivityScore>("mean_sensitivity", ColumnType.Double, s => s.Value.Mean),
    ];

    private protected override IReadOnlyList<MeasureScore> Score(Trial trial)
    {
        var changed = trial.Explain(Sensitivity.Copies, Disturb);
        return [.. Enumerable.Range(0, trial.Count)
            .Select(method => new SensitivityScore(Sensitivity.Of(trial.Map(method), changed.Maps[method])))];

        // x + 0.02 R (2 u - 1), u uniform from 0 to 1.
        void Disturb(int copy, Span<float> planes)
        {
            var random = trial.Draws("max-sensitivity", copy);
            for (int i = 0; i < planes.Length; i++)
            {
                double range = trial.Space.Range[i / trial.Pixels];
                planes[i] = (float)(trial.Input[i] + (Sensitivity.Radius * range * ((2.0 * random.Uniform(i)) - 1)));
            }
        }
    }

    internal override MeasureScore Read(RowReader values) => new SensitivityScore(
        new Sensitivity(values.DoubleOrNull("max_sensitivity"), values.DoubleOrNull("mean_sensitivity")));
}
