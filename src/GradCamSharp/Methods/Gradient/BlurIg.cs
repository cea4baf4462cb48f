using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>Blur IG: gradients along the path from the blurred picture to the sharp one (Xu et al., arXiv 2004.03383).</summary>
/// <remarks>The values sum to S(x) less the score of the most blurred picture; by how much they do not is reported.</remarks>
public sealed record BlurIg : WholeRunMethod
{
    private static readonly MethodParameter[] Own =
    [
        MethodParameter.Number<BlurIg>(
            "max_sigma", m => m.MaxSigma, (m, v) => m with { MaxSigma = v }, 1e-6, 10_000, "the strongest blur's standard deviation, in " +
            "pixels"),
        MethodParameter.Integer<BlurIg>("steps", m => m.Steps, (m, v) => m with { Steps = (int)v }, 1, 10_000, "how many steps of blur"),
    ];

    /// <summary>The strongest blur's standard deviation, in pixels.</summary>
    public double MaxSigma { get; init; } = 50;

    /// <summary>How many steps of blur.</summary>
    public int Steps { get; init; } = 100;

    /// <inheritdoc/>
    public override string Name => "blur-ig";

    /// <inheritdoc/>
    public override string Title => "Blur IG";

    /// <inheritdoc/>
    public override string Equation => "sum_i (g_i + g_j) / 2 (L_i - L_j), j = i + 1, L_i the picture blurred by i steps";

    /// <inheritdoc/>
    public override string Summary =>
        "Integrated gradients from blurred to sharp: needs no baseline colour, and shows at which scales evidence lies.";

    /// <inheritdoc/>
    public override MethodFamily Family => MethodFamily.Gradient;

    /// <inheritdoc/>
    public override string Cost => "101 (F + B), of the whole network";

    /// <inheritdoc/>
    public override string Peers => "PAIR's code takes a left sum with a numerical derivative: its sum is farther off on ReLU networks.";

    /// <inheritdoc/>
    public override bool IsPixelSpace => true;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => Own;

    /// <inheritdoc/>
    public override RawMap Map(RunContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        double[] x = [.. context.Input.ToArray()], shares = new double[x.Length], level = [], before = [], slope = new double[x.Length];
        var shape = context.InputShape;
        context.Maps(
            new Saliency(), Steps + 1, (run, input) => Round(Blurred(x, shape, MaxSigma * run / Steps), input),
            (run, gradient) =>
            {
                (before, level) = (level, Blurred(x, shape, MaxSigma * run / Steps));
                for (int i = 0; i < shares.Length; i++)
                {
                    if (run > 0)
                        shares[i] += (slope[i] + gradient[i]) / 2 * (before[i] - level[i]);
                    slope[i] = gradient[i];
                }
            });
        double blurred = context.Scores(1, (_, input) => Round(level, input))[0, context.ClassPlace, ScoreKind.Logit];
        return MapArithmetic.Map(shape, shares, PathIntegral.Residual(shares, context.Score(ScoreKind.Logit) - blurred));
    }

    private static void Round(double[] values, Span<float> into)
    {
        for (int i = 0; i < into.Length; i++)
            into[i] = (float)values[i];
    }

    /// <summary>Separable, along the last two axes; 0 outside the picture.</summary>
    private static double[] Blurred(double[] values, Shape shape, double sigma)
    {
        if (sigma == 0)
            return values;
        int radius = (int)((4 * sigma) + 0.5);
        double[] taps = [.. Enumerable.Range(-radius, (2 * radius) + 1).Select(k => Math.Exp(-(double)k * k / (2 * sigma * sigma)))];
        double sum = taps.Sum();
        int stride = 1;
        double[] blurred = values;
        for (int axis = shape.Rank - 1; axis >= Math.Max(1, shape.Rank - 2); axis--)
        {
            int length = (int)shape[axis];
            double[] next = new double[values.Length];
            for (int i = 0; i < next.Length; i++)
            {
                int at = i / stride % length, low = Math.Max(-radius, -at), high = Math.Min(radius, length - 1 - at);
                double total = 0;
                for (int k = low; k <= high; k++)
                    total += taps[k + radius] * blurred[i + (k * stride)];
                next[i] = total / sum;
            }

            blurred = next;
            stride *= length;
        }

        return blurred;
    }
}
