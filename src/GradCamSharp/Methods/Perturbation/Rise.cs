namespace GradCamSharp.Methods;

/// <summary>
/// RISE: the mean of random masks, weighted by what the network says of the masked picture (Petsiuk et al., arXiv 1806.07421).
/// </summary>
public sealed record Rise : WholeRunMethod
{
    private static readonly MethodParameter[] Own =
    [
        MethodParameter.Integer<Rise>("masks", m => m.Masks, (m, v) => m with { Masks = (int)v }, 1, 1_000_000, "how many masks"),
        MethodParameter.Lengths<Rise>("cells", m => m.Cells, (m, v) => m with { Cells = v }, "how many cells a mask has along each axis"),
        MethodParameter.Number<Rise>("p", m => m.P, (m, v) => m with { P = v }, 1e-6, 1, "the probability that a cell is open"),
        MethodParameter.Integer<Rise>("seed", m => m.Seed, (m, v) => m with { Seed = v }, 0, long.MaxValue, "the random numbers' seed"),
        MethodParameter.Choice<Rise, ScoreKind>("score", m => m.Score, (m, v) => m with { Score = v }, "which score counts"),
    ];

    /// <summary>How many masks.</summary>
    public int Masks { get; init; } = 4000;

    /// <summary>How many cells a mask has along each axis; one number for all axes.</summary>
    public NumberList Cells { get; init; } = new(7);

    /// <summary>The probability that a cell is open, above 0.</summary>
    public double P { get; init; } = 0.5;

    /// <summary>The random numbers' seed.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Which score counts.</summary>
    public ScoreKind Score { get; init; } = ScoreKind.Probability;

    /// <inheritdoc/>
    public override string Name => "rise";

    /// <inheritdoc/>
    public override string Title => "RISE";

    /// <inheritdoc/>
    public override string Equation => "1 / (N p) sum_q p_c(x m_q) m_q, over N random masks m_q";

    /// <inheritdoc/>
    public override string Summary =>
        "Which parts raise the probability when they are seen, by thousands of random masks. Needs the network alone.";

    /// <inheritdoc/>
    public override MethodFamily Family => MethodFamily.Perturbation;

    /// <inheritdoc/>
    public override string Cost => "4,000 F";

    /// <inheritdoc/>
    public override string Peers =>
        "The authors' masks are mirrored at the edge; xplique divides by the sum of the masks at each pixel; OpenVINO XAI upsamples " +
        "cubically.";

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => Own;

    /// <inheritdoc/>
    public override RawMap Map(RunContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int[] space = MapArithmetic.Spatial(context.InputShape), cells = Cells.Lengths(space.Length, "rise.cells");
        float[] x = context.Input.ToArray();
        int positions = space.Aggregate(1, (a, b) => a * b);
        var masks = new RiseMasks(space, cells, P, Seed);
        float[] mask = new float[positions];
        var scores = context.MakeOnce((this with { Score = default }, "scores"), () => context.Scores(Masks, (run, input) =>
        {
            masks.Write(run, mask);
            MapArithmetic.Mask(x, mask, input);
        }));
        double[] sum = new double[positions], squares = new double[positions];
        for (int run = 0; run < Masks; run++)
        {
            masks.Write(run, mask);
            double share = scores[run, context.ClassPlace, Score] / (Masks * P);
            for (int p = 0; p < positions; p++)
            {
                double part = share * mask[p];
                sum[p] += part;
                squares[p] += part * part;
            }
        }

        var map = MapArithmetic.Map(context.InputShape.Slice(1, space.Length), sum);
        return new RawMap(map.Shape, map.Values) { StandardError = StandardError(sum, squares) };
    }

    // The map is a sum of N parts: its variance is N times theirs, which is estimated from them. One mask says nothing of it.
    private double? StandardError(double[] sum, double[] squares)
    {
        if (Masks < 2)
            return null;
        double mean = 0;
        for (int p = 0; p < sum.Length; p++)
            mean += Math.Max(0, squares[p] - (sum[p] * sum[p] / Masks)) * Masks / (Masks - 1) / sum.Length;
        return Math.Sqrt(mean);
    }
}
