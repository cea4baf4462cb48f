namespace GradCamSharp.Methods;

/// <summary>
/// Guided IG: gradients along a path that moves the pixels of the smallest gradients first (Kapishnikov et al., arXiv 2106.09788,
/// algorithm 1).
/// </summary>
/// <remarks>
/// The values sum nearly to S(x) - S(x'), x' the baseline; by how much they do not is reported. One gradient after the other.
/// </remarks>
public sealed record GuidedIg : WholeRunMethod
{
    private static readonly MethodParameter[] Own =
    [
        MethodParameter.Numbers<GuidedIg>(
            "baseline", m => m.BaselineValue, (m, v) => m with { BaselineValue = v }, Baseline.Range, Baseline.Meaning),
        MethodParameter.Integer<GuidedIg>("steps", m => m.Steps, (m, v) => m with { Steps = (int)v }, 1, 10_000, "how many gradients"),
        MethodParameter.Number<GuidedIg>(
            "fraction", m => m.Fraction, (m, v) => m with { Fraction = v }, 0, 1, "the share of the values that move at a time"),
        MethodParameter.Number<GuidedIg>(
            "max_dist", m => m.MaxDist, (m, v) => m with { MaxDist = v }, 0, 1, "how far a value may be from the straight path, as a " +
            "share of it"),
    ];

    /// <summary>The input that stands for no evidence, as the network sees it: one number, or one a channel.</summary>
    public NumberList BaselineValue { get; init; } = new(0);

    /// <summary>How many gradients.</summary>
    public int Steps { get; init; } = 200;

    /// <summary>The share of the values that move at a time, 0 to 1.</summary>
    public double Fraction { get; init; } = 0.25;

    /// <summary>How far a value may be from the straight path, as a share of it, 0 to 1.</summary>
    public double MaxDist { get; init; } = 0.02;

    /// <inheritdoc/>
    public override string Name => "guided-ig";

    /// <inheritdoc/>
    public override string Title => "Guided IG";

    /// <inheritdoc/>
    public override string Equation => "sum of dS/dx times steps along a path on which the values of the smallest gradients move first";

    /// <inheritdoc/>
    public override string Summary =>
        "Integrated gradients along a path that avoids steep places: less noise, at the price of a path of its own.";

    /// <inheritdoc/>
    public override MethodFamily Family => MethodFamily.Gradient;

    /// <inheritdoc/>
    public override string Cost => "200 (F + B), of the whole network, one after the other";

    /// <inheritdoc/>
    public override bool IsPixelSpace => true;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => Own;

    /// <inheritdoc/>
    public override RawMap Map(RunContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        float[] baseline = Baseline.Of(BaselineValue, context.InputShape, Name);
        var path = new GuidedPath(baseline, context.Input, Fraction, MaxDist);
        for (int step = 1; step <= Steps; step++)
        {
            double[] gradient = new double[baseline.Length];
            context.Maps(
                new Saliency(), 1, (_, input) => path.Write(input),
                (_, answer) =>
                {
                    for (int i = 0; i < gradient.Length; i++)
                        gradient[i] = answer[i];
                });
            path.Move(gradient, (double)step / Steps);
        }

        double start = context.Scores(1, (_, input) => baseline.CopyTo(input))[0, context.ClassPlace, ScoreKind.Logit];
        return MapArithmetic.Map(
            context.InputShape, path.Shares, PathIntegral.Residual(path.Shares, context.Score(ScoreKind.Logit) - start));
    }
}
