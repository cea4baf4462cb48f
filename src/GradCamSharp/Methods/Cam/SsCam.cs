namespace GradCamSharp.Methods;

/// <summary>SS-CAM: Score-CAM with noise on the mask or on the masked picture (Wang et al., arXiv 2006.14255).</summary>
public sealed record SsCam : MaskedCam
{
    private static readonly MethodParameter[] Own =
    [
        MethodParameter.Integer<SsCam>(
            "samples", m => m.Samples, (m, v) => m with { Samples = (int)v }, 1, 10_000, "how many noisy pictures a channel has"),
        MethodParameter.Number<SsCam>(
            "sigma", m => m.Sigma, (m, v) => m with { Sigma = v }, 0, 1000, "the noise's standard deviation; masks are from 0 to 1"),
        MethodParameter.Choice<SsCam, MaskNoise>(
            "noise", m => m.Noise, (m, v) => m with { Noise = v }, "what the noise is added to: SS-CAM (1) the mask, SS-CAM (2) the input"),
        MethodParameter.Integer<SsCam>("seed", m => m.Seed, (m, v) => m with { Seed = v }, 0, long.MaxValue, "the random numbers' seed"),
    ];

    /// <summary>How many noisy pictures a channel has.</summary>
    public int Samples { get; init; } = 35;

    /// <summary>The noise's standard deviation. The paper's 2 is mostly noise; 0.1 to 0.5 is usable.</summary>
    public double Sigma { get; init; } = 2;

    /// <summary>What the noise is added to.</summary>
    public MaskNoise Noise { get; init; }

    /// <summary>The random numbers' seed.</summary>
    public long Seed { get; init; } = 1;

    /// <inheritdoc/>
    public override string Name => "sscam";

    /// <inheritdoc/>
    public override string Title => "SS-CAM";

    /// <inheritdoc/>
    public override string Equation => "w_k = softmax over k of mean_q S(x (M_k + sigma e_q));  L = relu(sum_k w_k A^k)";

    /// <inheritdoc/>
    public override string Summary => "Score-CAM averaged over noisy masks. Smoother, at 35 times the cost.";

    /// <inheritdoc/>
    public override string Cost => "35 K F, K the number of channels";

    /// <inheritdoc/>
    public override string Peers => "Published code adds noise to masks before they are normalised, and takes probabilities.";

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => [.. Own, .. base.Parameters];

    internal override MaskedRuns Runs => new(new NumberList(1), Samples, Sigma, Noise, Seed);
}
