namespace GradCamSharp.Methods;

/// <summary>Integrated gradients along the straight path from a baseline (Sundararajan et al., arXiv 1703.01365, Eq. 1).</summary>
/// <remarks>
/// The values sum to S(x) - S(x'), x' the baseline; by how much they do not is reported. Where the number of steps is left open, 32 are
/// taken, and twice as many again while the sum is off by more than 5 %, up to 256.
/// </remarks>
public sealed record IntegratedGradients : WholeRunMethod
{
    private const int FirstSteps = 32, MostSteps = 256;

    private const double Enough = 0.05;

    private static readonly MethodParameter[] Own =
    [
        MethodParameter.Numbers<IntegratedGradients>(
            "baseline", m => m.BaselineValue, (m, v) => m with { BaselineValue = v }, Baseline.Range, Baseline.Meaning),
        MethodParameter.Choice<IntegratedGradients, QuadratureRule>(
            "rule", m => m.Rule, (m, v) => m with { Rule = v }, "how the integral is taken"),
        MethodParameter.NumberOr<IntegratedGradients>(
            "steps", "auto", m => m.Steps, (m, v) => m with { Steps = (int?)v }, 1, 10_000,
            "how many gradients; auto: 32, and more while the sum is off by over 5 %", whole: true),
    ];

    /// <summary>The input that stands for no evidence, as the network sees it: one number, or one a channel.</summary>
    public NumberList BaselineValue { get; init; } = new(0);

    /// <summary>How the integral is taken.</summary>
    public QuadratureRule Rule { get; init; }

    /// <summary>How many gradients; null for as many as the sum needs.</summary>
    public int? Steps { get; init; }

    /// <inheritdoc/>
    public override string Name => "integrated-gradients";

    /// <inheritdoc/>
    public override string Title => "Integrated gradients";

    /// <inheritdoc/>
    public override string Equation => "(x - x') times the mean of dS/dx from the baseline x' to x";

    /// <inheritdoc/>
    public override string Summary =>
        "How much of the score's change from a baseline each pixel makes; the shares sum to it. The method of choice where sums matter.";

    /// <inheritdoc/>
    public override MethodFamily Family => MethodFamily.Gradient;

    /// <inheritdoc/>
    public override string Cost => "32 (F + B) + 2 F, of the whole network";

    /// <inheritdoc/>
    public override string Peers =>
        "captum's trapezoid rule weights n points by 1/n, too little by (n - 1)/n; PAIR's averages all points; zennit's is a right sum.";

    /// <inheritdoc/>
    public override bool IsPixelSpace => true;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => Own;

    /// <inheritdoc/>
    public override RawMap Map(RunContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        float[] x = context.Input.ToArray(), baseline = Baseline.Of(BaselineValue, context.InputShape, Name);
        double change = context.Score(ScoreKind.Logit)
            - context.Scores(1, (_, input) => baseline.CopyTo(input))[0, context.ClassPlace, ScoreKind.Logit];
        for (int steps = Steps ?? FirstSteps; ; steps *= 2)
        {
            double[] shares = Integral(context, x, baseline, Quadrature.Of(Rule, steps));
            double residual = PathIntegral.Residual(shares, change);
            if (Steps is not null || residual <= Enough || steps >= MostSteps)
                return MapArithmetic.Map(context.InputShape, shares, residual);
        }
    }

    private static double[] Integral(RunContext context, float[] x, float[] baseline, (double At, double Weight)[] nodes)
    {
        double[] shares = new double[x.Length];
        context.Maps(
            new Saliency(), nodes.Length, (run, input) => PathIntegral.Between(baseline, x, nodes[run].At, input),
            (run, gradient) =>
            {
                for (int i = 0; i < shares.Length; i++)
                    shares[i] += nodes[run].Weight * gradient[i];
            });
        for (int i = 0; i < shares.Length; i++)
            shares[i] *= (double)x[i] - baseline[i];
        return shares;
    }
}
