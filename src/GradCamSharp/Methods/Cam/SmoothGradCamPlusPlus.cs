namespace GradCamSharp.Methods;

/// <summary>Smooth Grad-CAM++: Grad-CAM++'s weights from the mean powers of noisy gradients (Omeiza et al., arXiv 1908.01224).</summary>
public sealed record SmoothGradCamPlusPlus : WholeRunMethod
{
    private static readonly MethodParameter[] Own =
    [
        MethodParameter.Integer<SmoothGradCamPlusPlus>(
            "samples", m => m.Samples, (m, v) => m with { Samples = (int)v }, 1, 100_000, "how many noisy pictures"),
        MethodParameter.Number<SmoothGradCamPlusPlus>(
            "spread", m => m.Spread, (m, v) => m with { Spread = v }, 0, 100, "the noise's standard deviation, as a share of the " +
            "input's range"),
        MethodParameter.Integer<SmoothGradCamPlusPlus>(
            "seed", m => m.Seed, (m, v) => m with { Seed = v }, 0, long.MaxValue, "the random numbers' seed"),
        MethodParameter.Flag<SmoothGradCamPlusPlus>(
            "eigen_smooth", m => m.EigenSmooth, (m, v) => m with { EigenSmooth = v }, CamMethod.SmoothMeaning),
        AugmentedCam.Parameter,
    ];

    /// <summary>
    /// Whether the map is the first principal component of the weighted channels, centred over positions, instead of their rectified sum
    /// (pytorch-grad-cam's eigen_smooth). Signed.
    /// </summary>
    public bool EigenSmooth { get; init; }

    /// <inheritdoc/>
    public override bool ShowsPositivePart => EigenSmooth;

    /// <summary>How many noisy pictures.</summary>
    public int Samples { get; init; } = 25;

    /// <summary>The noise's standard deviation, as a share of the input's range.</summary>
    public double Spread { get; init; } = 0.15;

    /// <summary>The random numbers' seed.</summary>
    public long Seed { get; init; } = 1;

    /// <inheritdoc/>
    public override string Name => "smoothgradcam++";

    /// <inheritdoc/>
    public override string Title => "Smooth Grad-CAM++";

    /// <inheritdoc/>
    public override string Equation =>
        "G_p = mean of g^p over noisy inputs;  w_k = sum_ij relu(G_1) G_2 / (2 G_2 + G_3 sum_ab A_ab);  L = relu(sum_k w_k A^k)";

    /// <inheritdoc/>
    public override string Summary => "Grad-CAM++ from the gradients of noisy pictures: less dependent on single pixels.";

    /// <inheritdoc/>
    public override MethodFamily Family => MethodFamily.Cam;

    /// <inheritdoc/>
    public override string Cost => "25 (F + B) + F";

    /// <inheritdoc/>
    public override string Peers =>
        "torchcam takes the activation and the first power from the last noisy sample alone, and sum G_3 A for G_3 sum A: another map.";

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => Own;

    /// <inheritdoc/>
    public override RawMap Map(RunContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        double[] first = new double[context.Activation.Length], second = new double[first.Length], third = new double[first.Length];
        context.Maps(new LayerGradientMethod(), Samples, NoisyInputs.Writer(context, Spread, Seed), (_, gradient) =>
        {
            for (int i = 0; i < first.Length; i++)
            {
                double g = gradient[i];
                first[i] += g / Samples;
                second[i] += g * g / Samples;
                third[i] += g * g * g / Samples;
            }
        });
        int channels = (int)context.LayerShape[0], positions = first.Length / channels;
        double[] weights = new double[channels];
        for (int k = 0; k < channels; k++)
        {
            double sum = 0;
            foreach (float a in context.Activation.Slice(k * positions, positions))
                sum += a;
            for (int i = k * positions; i < (k + 1) * positions; i++)
            {
                double denominator = (2 * second[i]) + (third[i] * sum);
                weights[k] += denominator == 0 ? 0 : second[i] / denominator * Math.Max(0, first[i]);
            }
        }

        return MapArithmetic.Weighted(context.Activation, context.LayerShape, weights, EigenSmooth);
    }
}
