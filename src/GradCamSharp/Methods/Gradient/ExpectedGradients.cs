namespace GradCamSharp.Methods;

/// <summary>Expected gradients: integrated gradients averaged over baselines (Erion et al., arXiv 1906.10670; GradientSHAP).</summary>
/// <remarks>The baselines are noise between -1 and 1.</remarks>
public sealed record ExpectedGradients : WholeRunMethod
{
    private static readonly MethodParameter[] Own =
    [
        MethodParameter.Integer<ExpectedGradients>(
            "baselines", m => m.Baselines, (m, v) => m with { Baselines = (int)v }, 1, 10_000, "how many baselines of noise from -1 to 1"),
        MethodParameter.Integer<ExpectedGradients>(
            "baseline_seed", m => m.BaselineSeed, (m, v) => m with { BaselineSeed = v }, 0, long.MaxValue, "the baselines' seed"),
        MethodParameter.Integer<ExpectedGradients>(
            "samples", m => m.Samples, (m, v) => m with { Samples = (int)v }, 1, 100_000, "how many gradients"),
        MethodParameter.Integer<ExpectedGradients>(
            "seed", m => m.Seed, (m, v) => m with { Seed = v }, 0, long.MaxValue, "the random numbers' seed"),
    ];

    /// <summary>How many baselines.</summary>
    public int Baselines { get; init; } = 10;

    /// <summary>The baselines' seed.</summary>
    public long BaselineSeed { get; init; } = 2;

    /// <summary>How many gradients.</summary>
    public int Samples { get; init; } = 100;

    /// <summary>The random numbers' seed.</summary>
    public long Seed { get; init; } = 1;

    /// <inheritdoc/>
    public override string Name => "expected-gradients";

    /// <inheritdoc/>
    public override string Title => "Expected gradients";

    /// <inheritdoc/>
    public override string Equation => "mean_s (x - b_s) dS/dx at b_s + a_s (x - b_s), b_s one of several baselines, a_s from 0 to 1";

    /// <inheritdoc/>
    public override string Summary => "Integrated gradients without the choice of one baseline: averaged over several.";

    /// <inheritdoc/>
    public override MethodFamily Family => MethodFamily.Gradient;

    /// <inheritdoc/>
    public override string Cost => "100 (F + B), of the whole network";

    /// <inheritdoc/>
    public override bool IsPixelSpace => true;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => Own;

    /// <inheritdoc/>
    public override RawMap Map(RunContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        float[] x = context.Input.ToArray();
        double[] shares = new double[x.Length];
        float[] baseline = new float[x.Length];
        context.Maps(
            new Saliency(), Samples,
            (run, input) =>
            {
                var draws = new RandomNumbers((ulong)Seed)[run];
                Draw(run, baseline);
                PathIntegral.Between(baseline, x, draws.Uniform(1), input);
            },
            (run, gradient) =>
            {
                Draw(run, baseline);
                for (int i = 0; i < shares.Length; i++)
                    shares[i] += ((double)x[i] - baseline[i]) * gradient[i] / Samples;
            });
        return MapArithmetic.Map(context.InputShape, shares);
    }

    private void Draw(int sample, float[] baseline)
    {
        var numbers = new RandomNumbers((ulong)BaselineSeed)[(int)(new RandomNumbers((ulong)Seed)[sample].Uniform(0) * Baselines)];
        for (int i = 0; i < baseline.Length; i++)
            baseline[i] = (2 * numbers.Uniform(i)) - 1;
    }
}
