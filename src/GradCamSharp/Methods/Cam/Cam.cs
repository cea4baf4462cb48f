using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>CAM: channels weighted by the classifier's own weights (Eq. 1, 2 of arXiv 1710.11063; Zhou et al., arXiv 1512.04150).</summary>
/// <remarks>Defined only where pooling and one linear layer follow the explained layer, in either order.</remarks>
public sealed record Cam : CamMethod
{
    /// <inheritdoc/>
    public override string Name => "cam";

    /// <inheritdoc/>
    public override string Title => "CAM";

    /// <inheritdoc/>
    public override string Equation => "w_k = the classifier's weight of channel k;  L = sum_k w_k A^k";

    /// <inheritdoc/>
    public override string Summary =>
        "The classifier's own weights. Only for networks that end in pooling and one linear layer; needs no gradient.";

    /// <inheritdoc/>
    public override string Cost => "F";

    /// <inheritdoc/>
    protected override Tensor Terms(MapContext context) => context.ClassWeights * context.Activation;

    /// <inheritdoc/>
    protected override Tensor Sum(MapContext context) => context.Activation.SumChannels(context.ClassWeights);
}
