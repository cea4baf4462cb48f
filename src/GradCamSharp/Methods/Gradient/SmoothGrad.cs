namespace GradCamSharp.Methods;

/// <summary>SmoothGrad: the mean gradient of noisy inputs (Smilkov et al., arXiv 1706.03825).</summary>
public sealed record SmoothGrad : NoisyGradients
{
    /// <inheritdoc/>
    public override string Name => "smoothgrad";

    /// <inheritdoc/>
    public override string Title => "SmoothGrad";

    /// <inheritdoc/>
    public override string Equation => "mean_s dS/dx at x + sigma e_s";

    /// <inheritdoc/>
    public override string Summary => "The gradient with its noise averaged away. Signed.";

    /// <inheritdoc/>
    public override string Peers =>
        "captum's noise has an absolute deviation of 1 and 5 samples by default; PAIR's squares by default; zennit's last sample has no " +
        "noise.";

    /// <inheritdoc/>
    protected override double Value(double mean, double variance) => mean;
}

/// <summary>SmoothGrad-squared: the mean square of the gradients of noisy inputs (Hooker et al., arXiv 1806.10758).</summary>
public sealed record SmoothGradSquared : NoisyGradients
{
    /// <inheritdoc/>
    public override string Name => "smoothgrad-squared";

    /// <inheritdoc/>
    public override string Title => "SmoothGrad-squared";

    /// <inheritdoc/>
    public override string Equation => "mean_s g_s g_s, g_s = dS/dx at x + sigma e_s";

    /// <inheritdoc/>
    public override string Summary => "SmoothGrad of squared gradients: which pixels matter at all, whatever the sign.";

    /// <inheritdoc/>
    protected override double Value(double mean, double variance) => (mean * mean) + variance;
}

/// <summary>VarGrad: the variance of the gradients of noisy inputs (Adebayo et al., arXiv 1810.03307).</summary>
public sealed record VarGrad : NoisyGradients
{
    /// <inheritdoc/>
    public override string Name => "vargrad";

    /// <inheritdoc/>
    public override string Title => "VarGrad";

    /// <inheritdoc/>
    public override string Equation => "mean_s (g_s - mean g) (g_s - mean g), g_s = dS/dx at x + sigma e_s";

    /// <inheritdoc/>
    public override string Summary => "Where the gradient changes most when the picture changes a little.";

    /// <inheritdoc/>
    public override string Peers => "captum subtracts squares, which cancels; xplique divides by the number of samples less one.";

    /// <inheritdoc/>
    protected override double Value(double mean, double variance) => variance;
}
