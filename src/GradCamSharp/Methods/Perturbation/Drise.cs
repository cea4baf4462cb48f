namespace GradCamSharp.Methods;

/// <summary>
/// D-RISE: RISE for detections. A mask counts by how much of the target is still detected under it (Petsiuk et al., arXiv 2006.03204).
/// </summary>
public sealed record Drise : WholeRunMethod
{
    private static readonly MethodParameter[] Own =
    [
        MethodParameter.Integer<Drise>("masks", m => m.Masks, (m, v) => m with { Masks = (int)v }, 1, 1_000_000, "how many masks"),
        MethodParameter.Lengths<Drise>("cells", m => m.Cells, (m, v) => m with { Cells = v }, "how many cells a mask has along each axis"),
        MethodParameter.Number<Drise>("p", m => m.P, (m, v) => m with { P = v }, 1e-6, 1, "the probability that a cell is open"),
        MethodParameter.Integer<Drise>("seed", m => m.Seed, (m, v) => m with { Seed = v }, 0, long.MaxValue, "the random numbers' seed"),
    ];

    /// <summary>How many masks.</summary>
    public int Masks { get; init; } = 2000;

    /// <summary>How many cells a mask has along each axis; one number for all axes.</summary>
    public NumberList Cells { get; init; } = new(16);

    /// <summary>The probability that a cell is open, above 0.</summary>
    public double P { get; init; } = 0.5;

    /// <summary>The random numbers' seed.</summary>
    public long Seed { get; init; } = 1;

    /// <inheritdoc/>
    public override string Name => "drise";

    /// <inheritdoc/>
    public override string Title => "D-RISE";

    /// <inheritdoc/>
    public override string Equation =>
        "1 / (N p) sum_q s(x m_q) m_q;  s = max_j IoU(L, L_j) cos(P, P_j) O_j over the detections j of the masked picture";

    /// <inheritdoc/>
    public override string Summary =>
        "Which parts a detection needs to be found again, by thousands of random masks. Needs the network alone; of classes it is RISE.";

    /// <inheritdoc/>
    public override MethodFamily Family => MethodFamily.Perturbation;

    /// <inheritdoc/>
    public override string Cost => "2,000 F";

    /// <inheritdoc/>
    public override string Peers => "The authors draw 5,000 masks.";

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => Own;

    /// <inheritdoc/>
    public override RawMap Map(RunContext context) => new Rise { Masks = Masks, Cells = Cells, P = P, Seed = Seed }.Map(context);
}
