using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>
/// FEM, feature explanation method: where channels are unusually active (Fuad et al., IPTA 2020). The same for every class.
/// </summary>
/// <remarks>
/// sigma is the population's. A value can be above mean + 2 sigma only among more than 5 positions: smaller maps are always empty.
/// </remarks>
public sealed record Fem : CamMethod
{
    private static readonly MethodParameter Sigmas = MethodParameter.Number<Fem>(
        "k", m => m.K, (m, v) => m with { K = v }, 0, 100, "how many standard deviations above its channel's mean a value counts");

    /// <summary>How many standard deviations above its channel's mean a value counts, 0 to 100.</summary>
    public double K { get; init; } = 2;

    /// <inheritdoc/>
    public override string Name => "fem";

    /// <inheritdoc/>
    public override string Title => "FEM";

    /// <inheritdoc/>
    public override string Equation => "L = sum_k mean_ij(A^k) [A^k > mean_ij(A^k) + 2 sigma_k]";

    /// <inheritdoc/>
    public override string Summary =>
        "Where channels are unusually active. Needs no gradient and no class: what the network looks at, not why.";

    /// <inheritdoc/>
    public override string Cost => "F up to the layer";

    /// <inheritdoc/>
    public override string Peers =>
        "pytorch-grad-cam weights by the share of positions above the threshold and sums A itself, another map. xplique takes >= for >, " +
        "which turns constant channels on.";

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => [Sigmas, .. base.Parameters];

    /// <inheritdoc/>
    protected override Tensor Terms(MapContext context)
    {
        var A = context.Activation;
        var mean = A.MeanSpatial();
        var threshold = mean + ((A - mean).Square().MeanSpatial().Sqrt() * K);
        // The rounding of its mean must not turn a constant channel on.
        var unusual = (A > threshold) & (A.MaxSpatial() > -(-A).MaxSpatial());
        return Tensor.Where(unusual, mean, 0);
    }
}
