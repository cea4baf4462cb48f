namespace GradCamSharp.Methods;

/// <summary>LIME: a linear model of the probability around the picture (Ribeiro et al., arXiv 1602.04938).</summary>
public sealed record Lime : SegmentMethod
{
    private static readonly MethodParameter[] More =
    [
        MethodParameter.Integer<Lime>(
            "samples", m => m.Samples, (m, v) => m with { Samples = (int)v }, 2, 1_000_000, "how many coalitions"),
        MethodParameter.Number<Lime>(
            "kernel_width", m => m.KernelWidth, (m, v) => m with { KernelWidth = v }, 1e-6, 1e6, "how fast coalitions far from the " +
            "picture lose weight"),
        MethodParameter.Number<Lime>("alpha", m => m.Alpha, (m, v) => m with { Alpha = v }, 0, 1e9, "the ridge regression's penalty"),
    ];

    /// <summary>How many coalitions.</summary>
    public int Samples { get; init; } = 1000;

    /// <summary>How fast coalitions far from the picture lose weight.</summary>
    public double KernelWidth { get; init; } = 0.25;

    /// <summary>The ridge regression's penalty.</summary>
    public double Alpha { get; init; } = 1;

    /// <inheritdoc/>
    public override SegmentFill Fill { get; init; }

    /// <inheritdoc/>
    public override ScoreKind Score { get; init; } = ScoreKind.Probability;

    /// <inheritdoc/>
    public override string Name => "lime";

    /// <inheritdoc/>
    public override string Title => "LIME";

    /// <inheritdoc/>
    public override string Equation => "the coefficients of a ridge regression of p_c on which parts are on, near ones weighted";

    /// <inheritdoc/>
    public override string Summary =>
        "How much each part of the picture adds to the probability, in the linear model that fits best nearby.";

    /// <inheritdoc/>
    public override string Cost => "1,000 F";

    /// <inheritdoc/>
    public override string Peers =>
        "lime cuts with quickshift; captum takes Lasso, 25 samples and the pixels' distance; xplique a wider kernel. The regression is " +
        "lime's.";

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => [.. base.Parameters, .. More];

    internal override double[] Values(RunContext context, Segments segments)
    {
        int count = segments.Count;
        var coalitions = new List<bool[]>(Samples);
        double[] weights = new double[Samples];
        for (int q = 0; q < Samples; q++)
        {
            var draws = new RandomNumbers((ulong)Seed)[q];
            coalitions.Add([.. Enumerable.Range(0, count).Select(j => q == 0 || draws.Uniform(j) < 0.5f)]);
            double distance = 1 - Math.Sqrt((double)coalitions[q].Count(on => on) / count);
            weights[q] = Math.Sqrt(Math.Exp(-distance * distance / (KernelWidth * KernelWidth)));
        }

        var scores = context.MakeOnce((this with { Score = default, KernelWidth = 1, Alpha = 0 }, "scores"), () =>
            segments.Scores(context, Fill, coalitions));
        return LinearAlgebra.Ridge(coalitions, q => scores[q, context.ClassPlace, Score], weights, Alpha);
    }
}
