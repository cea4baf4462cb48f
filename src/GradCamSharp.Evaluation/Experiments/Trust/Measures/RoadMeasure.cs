using GradCamSharp.Evaluation.Experiments.Trust.Measuring;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Experiments.Trust.Measures;

/// <summary>What ROAD says of a map.</summary>
/// <param name="Probability">Y, the class's probability on the whole picture.</param>
/// <param name="Morf">At each percentage the probability with the pixels of most evidence removed.</param>
/// <param name="Lerf">At each percentage the probability with those of least evidence removed.</param>
/// <param name="MorfKept">At each percentage whether the class is still the predicted one, of MoRF.</param>
/// <param name="LerfKept">At each percentage whether it is, of LeRF.</param>
public sealed record RoadScore(
    double Probability, IReadOnlyList<double> Morf, IReadOnlyList<double> Lerf, IReadOnlyList<bool> MorfKept,
    IReadOnlyList<bool> LerfKept) : MeasureScore
{
    /// <summary>mean LeRF - mean MoRF, -1 to 1: the symmetric relevance gain.</summary>
    public double Road => Lerf.Average() - Morf.Average();

    /// <summary>Y - mean MoRF.</summary>
    public double Comprehensiveness => Probability - Morf.Average();

    /// <summary>Y - mean LeRF.</summary>
    public double Sufficiency => Probability - Lerf.Average();
}

/// <summary>Remove and debias: <see cref="Road"/>.</summary>
public sealed record RoadMeasure : Measure
{
    /// <inheritdoc/>
    public override string Name => "road";

    /// <inheritdoc/>
    public override string Title => "ROAD";

    /// <inheritdoc/>
    public override string Question => "Does the map point at what the network used?";

    /// <inheritdoc/>
    public override string Limits => "It favours blurred maps, and says nothing of whether a map is of the class that was asked for.";

    /// <inheritdoc/>
    public override IReadOnlyList<Figure> Figures { get; } =
    [
        Figure.From<RoadScore>("road", Better.Higher, s => s.Road),
        Figure.From<RoadScore>("comprehensiveness", Better.Higher, s => s.Comprehensiveness),
        Figure.From<RoadScore>("sufficiency", Better.Lower, s => s.Sufficiency),
    ];

    /// <inheritdoc/>
    public override MeasureCost Cost => new(PredictionsAMethod: 2 * Road.Percentages.Count, Imputations: 2 * Road.Percentages.Count);

    internal override IReadOnlyList<MeasureColumn> Columns { get; } =
    [
        .. Road.Percentages.Select((p, i) => MeasureColumn.Of<RoadScore>("morf_" + Percent(p), ColumnType.Double, s => s.Morf[i])),
        .. Road.Percentages.Select((p, i) => MeasureColumn.Of<RoadScore>("lerf_" + Percent(p), ColumnType.Double, s => s.Lerf[i])),
        .. Road.Percentages.Select((p, i) => MeasureColumn.Of<RoadScore>("morf_kept_" + Percent(p), ColumnType.Flag, s => s.MorfKept[i])),
        .. Road.Percentages.Select((p, i) => MeasureColumn.Of<RoadScore>("lerf_kept_" + Percent(p), ColumnType.Flag, s => s.LerfKept[i])),
        MeasureColumn.Of<RoadScore>("road", ColumnType.Double, s => s.Road),
        MeasureColumn.Of<RoadScore>("comprehensiveness", ColumnType.Double, s => s.Comprehensiveness),
        MeasureColumn.Of<RoadScore>("sufficiency", ColumnType.Double, s => s.Sufficiency),
    ];

    private protected override IReadOnlyList<MeasureScore> Score(Trial trial)
    {
        int[] ties = trial.Draws("ties").Order(trial.Pixels);
        float[] noise = NoiseOf(trial);
        return [.. Enumerable.Range(0, trial.Count).Select(method => Score(trial, trial.Falling(method, ties), noise))];
    }

    internal override MeasureScore Read(RowReader values) => new RoadScore(
        values.Double("probability"), [.. Road.Percentages.Select(p => values.Double("morf_" + Percent(p)))],
        [.. Road.Percentages.Select(p => values.Double("lerf_" + Percent(p)))],
        [.. Road.Percentages.Select(p => values.Flag("morf_kept_" + Percent(p)))],
        [.. Road.Percentages.Select(p => values.Flag("lerf_kept_" + Percent(p)))]);

    // The noise is the picture's, whatever is removed of it.
    private static float[] NoiseOf(Trial trial)
    {
        float[] noise = new float[trial.Input.Length];
        trial.Draws("road").FillNormal(noise);
        for (int i = 0; i < noise.Length; i++)
            noise[i] = (float)(Road.Noise * trial.Space.Range[i / trial.Pixels] * noise[i]);
        return noise;
    }

    private static RoadScore Score(Trial trial, int[] falling, float[] noise)
    {
        var morf = Remove(trial, falling, noise, "MoRF");
        int[] rising = [.. falling.AsEnumerable().Reverse()];
        var lerf = Remove(trial, rising, noise, "LeRF");
        return new RoadScore(trial.Probability, morf.Probabilities, lerf.Probabilities, morf.Kept, lerf.Kept);
    }

    // From the largest share down: what is removed at one lies within what was removed before, and is near its solution.
    private static Answers Remove(Trial trial, int[] order, float[] noise, string what)
    {
        int steps = Road.Percentages.Count, pixels = trial.Pixels;
        float[] filled = trial.Input.ToArray();
        bool[] removed = new bool[pixels];
        Array.Fill(removed, true);
        int left = pixels;
        var answers = trial.Predict(steps, Write, $"the picture while pixels are removed ({what})");
        return new Answers([.. answers.Probabilities.Reverse()], [.. answers.Kept.Reverse()]);

        void Write(int item, Span<float> planes)
        {
            int count = Road.Count(pixels, Road.Percentages[steps - 1 - item]);
            for (int i = count; i < left; i++)
            {
                removed[order[i]] = false;
                for (int at = order[i]; at < filled.Length; at += pixels)
                    filled[at] = trial.Input[at];
            }

            left = count;
            trial.Imputation.Fill(filled, removed);
            filled.CopyTo(planes);
            for (int i = 0; i < count; i++)
            {
                for (int at = order[i]; at < planes.Length; at += pixels)
                    planes[at] += noise[at];
            }
        }
    }
}
