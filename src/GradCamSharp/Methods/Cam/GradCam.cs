using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>Grad-CAM: weights are the means of the gradients (Eq. 3, 4 of arXiv 1710.11063; Selvaraju et al., arXiv 1610.02391).</summary>
public sealed record GradCam : WeightedCam
{
    /// <inheritdoc/>
    public override string Name => "gradcam";

    /// <inheritdoc/>
    public override string Title => "Grad-CAM";

    /// <inheritdoc/>
    public override string Equation => "w_k = mean_ij g;  L = relu(sum_k w_k A^k)";

    /// <inheritdoc/>
    public override string Summary =>
        "Channels weighted by their mean gradient. The common baseline; may miss all but one of several objects.";

    /// <inheritdoc/>
    protected override Tensor Weights(Tensor A, Tensor g) =>
        g.MeanSpatial();                                        // Eq. 3
}
