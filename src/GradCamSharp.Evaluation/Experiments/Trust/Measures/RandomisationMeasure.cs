using System.Globalization;
using GradCamSharp.Evaluation.Experiments.Trust.Measuring;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Experiments.Trust.Measures;

/// <summary>What the randomisation of the network's weights does to a map.</summary>
/// <param name="Stages">
/// Spearman with the map of the network whose last 1/4, 2/4, 3/4 and all layers are randomised; null where undefined.
/// </param>
/// <param name="Full">The same with all layers, for each seed.</param>
/// <param name="Rises">The relative rise of the histogram's entropy, for each seed.</param>
public sealed record RandomisationScore(IReadOnlyList<double?> Stages, IReadOnlyList<double?> Full, IReadOnlyList<double?> Rises)
    : MeasureScore
{
    /// <summary>The mean of <see cref="Full"/> where it is defined.</summary>
    public double? MeanFull => Full.Average();

    /// <summary>The mean of <see cref="Rises"/> where it is defined.</summary>
    public double? MeanRise => Rises.Average();
}

/// <summary>Whether a map looks at the trained network at all: <see cref="Randomisation"/>.</summary>
public sealed record RandomisationMeasure : Measure
{
    /// <inheritdoc/>
    public override string Name => "mprt";

    /// <inheritdoc/>
    public override string Title => "Randomised weights (MPRT)";

    /// <inheritdoc/>
    public override string Question => "Does it look at the trained network at all?";

    /// <inheritdoc/>
    public override string Limits =>
        "Passed or failed, no rank: early layers keep the picture's edges, so that methods which pass through them stay more alike.";

    /// <inheritdoc/>
    public override IReadOnlyList<Figure> Figures { get; } =
    [
        Figure.From<RandomisationScore>("mprt_full", Better.Lower, s => s.MeanFull),
        .. Randomisation.Stages.Select((q, i) => Figure.From<RandomisationScore>(StageName(q), Better.Lower, s => s.Stages[i])),
        Figure.From<RandomisationScore>("emprt", Better.Neither, s => s.MeanRise),
    ];

    /// <inheritdoc/>
    public override MeasureCost Cost => new(Explanations: Networks.Count);

    internal override IReadOnlyList<MeasureColumn> Columns { get; } =
    [
        .. Randomisation.Stages.Select((q, i) =>
            MeasureColumn.Of<RandomisationScore>(StageName(q), ColumnType.Double, s => s.Stages[i])),
        .. Randomisation.Seeds.Select((seed, i) =>
            MeasureColumn.Of<RandomisationScore>(SeedName("mprt_seed", seed), ColumnType.Double, s => s.Full[i])),
        .. Randomisation.Seeds.Select((seed, i) =>
            MeasureColumn.Of<RandomisationScore>(SeedName("emprt_seed", seed), ColumnType.Double, s => s.Rises[i])),
        MeasureColumn.Of<RandomisationScore>("mprt_full", ColumnType.Double, s => s.MeanFull),
    ];

    // The stages of the first seed, the last of which is all layers; then all layers by the other seeds.
    private static IReadOnlyList<(ulong Seed, double Share)> Networks { get; } =
    [
        .. Randomisation.Stages.Select(share => (Randomisation.Seeds[0], share)),
        .. Randomisation.Seeds.Skip(1).Select(seed => (seed, 1.0)),
    ];

    private protected override IReadOnlyList<MeasureScore> Score(Trial trial)
    {
        ChangedMaps[] random = [.. Networks.Select(n => trial.Explain(1, trial.WriteInput, trial.Randomised(n.Seed, n.Share)))];
        int stages = Randomisation.Stages.Count;
        return [.. Enumerable.Range(0, trial.Count).Select(method =>
        {
            double?[] alike = [.. random.Select(maps => trial.Spearman(method, maps.Maps[method][0]))];
            double?[] rises = [.. random.Select(maps => Randomisation.Rise(trial.Map(method), maps.Maps[method][0]))];
            return new RandomisationScore(alike[..stages], alike[(stages - 1)..], rises[(stages - 1)..]);
        })];
    }

    internal override MeasureScore Read(RowReader values) => new RandomisationScore(
        [.. Randomisation.Stages.Select(q => values.DoubleOrNull(StageName(q)))],
        [.. Randomisation.Seeds.Select(seed => values.DoubleOrNull(SeedName("mprt_seed", seed)))],
        [.. Randomisation.Seeds.Select(seed => values.DoubleOrNull(SeedName("emprt_seed", seed)))]);

    private static string StageName(double share) => string.Create(CultureInfo.InvariantCulture, $"mprt_{100 * share:0}");

    private static string SeedName(string name, ulong seed) => string.Create(CultureInfo.InvariantCulture, $"{name}{seed}");
}

/// <summary>What smooth MPRT says of a map.</summary>
/// <param name="Alike">Spearman of the mean maps of noisy copies, by the network and by the randomised one; null where undefined.</param>
public sealed record SmoothRandomisationScore(double? Alike) : MeasureScore;

/// <summary>The same on maps that are averaged over noisy copies of the picture.</summary>
public sealed record SmoothRandomisationMeasure : Measure
{
    /// <inheritdoc/>
    public override string Name => "smprt";

    /// <inheritdoc/>
    public override string Title => "Randomised weights, smooth (sMPRT)";

    /// <inheritdoc/>
    public override string Question => "Does it look at the trained network at all, once its noise is averaged out?";

    /// <inheritdoc/>
    public override string Limits => "For class activation maps, which have little noise, it says what MPRT says.";

    /// <inheritdoc/>
    public override IReadOnlyList<Figure> Figures { get; } =
        [Figure.From<SmoothRandomisationScore>("smprt", Better.Lower, s => s.Alike)];

    /// <inheritdoc/>
    public override MeasureCost Cost => new(Explanations: 2 * Randomisation.SmoothCopies);

    internal override IReadOnlyList<MeasureColumn> Columns { get; } =
        [MeasureColumn.Of<SmoothRandomisationScore>("smprt", ColumnType.Double, s => s.Alike)];

    private protected override IReadOnlyList<MeasureScore> Score(Trial trial)
    {
        var own = trial.Explain(Randomisation.SmoothCopies, Disturb);
        var random = trial.Explain(Randomisation.SmoothCopies, Disturb, trial.Randomised(Randomisation.Seeds[0], 1));
        return [.. Enumerable.Range(0, trial.Count).Select(method => new SmoothRandomisationScore(
            Correlation.Spearman<double>(Mean(own.Maps[method]), Mean(random.Maps[method]))))];

        // x + 0.1 R n, n standard normal.
        void Disturb(int copy, Span<float> planes)
        {
            trial.Draws("smooth", copy).FillNormal(planes);
            for (int i = 0; i < planes.Length; i++)
                planes[i] = (float)(trial.Input[i] + (Randomisation.SmoothNoise * trial.Space.Range[i / trial.Pixels] * planes[i]));
        }
    }

    internal override MeasureScore Read(RowReader values) => new SmoothRandomisationScore(values.DoubleOrNull("smprt"));

    private static double[] Mean(IReadOnlyList<float[]> maps)
    {
        double[] mean = new double[maps[0].Length];
        foreach (float[] map in maps)
        {
            for (int i = 0; i < mean.Length; i++)
                mean[i] += map[i] / (double)maps.Count;
        }

        return mean;
    }
}
