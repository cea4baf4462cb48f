using System.Runtime.CompilerServices;

namespace GradCamSharp.Methods;

/// <summary>ReciproCAM: the score where the layer keeps one position alone (Byun and Lee, arXiv 2209.14074).</summary>
/// <remarks>Signed, and shown from its least value to its largest.</remarks>
public sealed record ReciproCam : TailRunMethod
{
    private static readonly MethodParameter[] Own =
    [
        MethodParameter.Choice<ReciproCam, ScoreKind>("score", m => m.Score, (m, v) => m with { Score = v }, "which score counts"),
        MethodParameter.Flag<ReciproCam>(
            "gaussian", m => m.Gaussian, (m, v) => m with { Gaussian = v },
            "whether the neighbours stay as well, under [1/4, 1/2, 1/4] along each axis"),
        AugmentedCam.Parameter,
    ];

    /// <summary>Which score counts; the authors' code takes the probability.</summary>
    public ScoreKind Score { get; init; } = ScoreKind.Probability;

    /// <summary>Whether the neighbours stay as well, under [1/4, 1/2, 1/4] along each axis, cut at the border.</summary>
    public bool Gaussian { get; init; }

    /// <inheritdoc/>
    public override string Name => "reciprocam";

    /// <inheritdoc/>
    public override string Title => "ReciproCAM";

    /// <inheritdoc/>
    public override string Equation => "L_ij = p(A with all positions but ij set to 0)";

    /// <inheritdoc/>
    public override string Summary =>
        "What the network says of each position of the layer alone. No gradient; the tail runs once a position.";

    /// <inheritdoc/>
    public override MethodFamily Family => MethodFamily.Cam;

    /// <inheritdoc/>
    public override string Cost => "F + P H, P the number of positions; F + B where the tail is linear and score=logit";

    /// <inheritdoc/>
    public override string Peers =>
        "The authors' code spreads one position's channels over its neighbours in place of weighting the neighbours' own, and as shipped " +
        "does without.";

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => Own;

    /// <inheritdoc/>
    public override RawMap Map(TailContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int[] lengths = MapArithmetic.Spatial(context.LayerShape);
        int positions = lengths.Aggregate(1, (a, b) => a * b);
        var scores = context.Scores(
            ("one position", Gaussian), positions, Score,
            new LayerChange(LayerAxis.Positions, (run, factors) => Keep(run, factors, lengths)));
        double[] map = new double[positions];
        for (int p = 0; p < positions; p++)
            map[p] = scores[p, context.ClassPlace, Score];
        return MapArithmetic.Map(context.LayerShape.Slice(1, lengths.Length), map);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Keep(int position, Span<float> factors, int[] lengths)
    {
        factors[position] = 1;
        if (!Gaussian)
            return;
        int stride = 1;
        for (int d = lengths.Length - 1; d >= 0; d--)
        {
            float[] before = factors.ToArray();
            for (int p = 0; p < factors.Length; p++)
            {
                int at = p / stride % lengths[d];
                factors[p] = (before[p] / 2) + (at > 0 ? before[p - stride] / 4 : 0) + (at < lengths[d] - 1 ? before[p + stride] / 4 : 0);
            }

            stride *= lengths[d];
        }
    }
}
