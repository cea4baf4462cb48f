using GradCamSharp.Evaluation.Experiments.Trust.Measuring;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Experiments.Trust.Measures;

/// <summary>What mu-fidelity says of a map.</summary>
/// <param name="Value">Its correlations.</param>
public sealed record MuFidelityScore(MuFidelity Value) : MeasureScore;

/// <summary>Whether more evidence means more effect: <see cref="MuFidelity"/>.</summary>
public sealed record MuFidelityMeasure : Measure
{
    /// <summary>The number of random sets of cells, 2 or more.</summary>
    public int Sets { get; init; } = 128;

    /// <inheritdoc/>
    public override string Name => "mu-fidelity";

    /// <inheritdoc/>
    public override string Title => "mu-fidelity";

    /// <inheritdoc/>
    public override string Question => "Does more evidence mean more effect?";

    /// <inheritdoc/>
    public override string Limits =>
        "It sees cells of a ninth of the side, not the map's own detail, and painted cells are nothing that the network was trained on.";

    /// <inheritdoc/>
    public override IReadOnlyList<Figure> Figures { get; } =
    [
        Figure.From<MuFidelityScore>("mu_fidelity", Better.Higher, s => s.Value.Rank),
        Figure.From<MuFidelityScore>("faithfulness_correlation", Better.Higher, s => s.Value.Linear),
        Figure.From<MuFidelityScore>("infidelity", Better.Neither, s => s.Value.Infidelity),
    ];

    /// <inheritdoc/>
    public override MeasureCost Cost => new(Predictions: Sets);

    internal override string Parameters => FormattableString.Invariant($"sets={Sets}");

    internal override IReadOnlyList<MeasureColumn> Columns { get; } =
    [
        MeasureColumn.Of<MuFidelityScore>("mu_fidelity", ColumnType.Double, s => s.Value.Rank),
        MeasureColumn.Of<MuFidelityScore>("faithfulness_correlation", ColumnType.Double, s => s.Value.Linear),
        MeasureColumn.Of<MuFidelityScore>("infidelity", ColumnType.Double, s => s.Value.Infidelity),
    ];

    private protected override IReadOnlyList<MeasureScore> Score(Trial trial)
    {
        var size = trial.Size;
        bool[][] sets = [.. Enumerable.Range(0, Sets).Select(i => MuFidelity.Painted(trial.Seed, trial.Id, i))];
        float[] colours = MeanColours(trial);
        var answers = trial.Predict(Sets, Paint, "the picture with cells painted over");
        double[] drops = [.. answers.Probabilities.Select(o => trial.Probability - o)];
        return [.. Enumerable.Range(0, trial.Count).Select(method => new MuFidelityScore(
            MuFidelity.Of(MuFidelity.Evidence(trial.Map(method), size, sets), drops)))];

        void Paint(int set, Span<float> planes)
        {
            trial.Input.CopyTo(planes);
            for (int y = 0; y < size.Height; y++)
            {
                for (int x = 0; x < size.Width; x++)
                {
                    if (!sets[set][MuFidelity.CellOf(y, x, size)])
                        continue;
                    for (int c = 0, at = (y * size.Width) + x; c < colours.Length; c++, at += trial.Pixels)
                        planes[at] = colours[c];
                }
            }
        }
    }

    internal override MeasureScore Read(RowReader values) => new MuFidelityScore(new MuFidelity(
        values.DoubleOrNull("mu_fidelity"), values.DoubleOrNull("faithfulness_correlation"), values.DoubleOrNull("infidelity")));

    private static float[] MeanColours(Trial trial)
    {
        float[] colours = new float[trial.Space.Range.Count];
        for (int c = 0; c < colours.Length; c++)
        {
            double sum = 0;
            foreach (float value in trial.Input.Slice(c * trial.Pixels, trial.Pixels))
                sum += value;
            colours[c] = (float)(sum / trial.Pixels);
        }

        return colours;
    }
}
