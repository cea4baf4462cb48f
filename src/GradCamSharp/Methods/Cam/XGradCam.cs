using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>XGrad-CAM: gradients averaged by each position's share of the activation (Fu et al., arXiv 2008.02312).</summary>
/// <remarks>A dead channel has the weight 0. The paper assumes features that are not negative: elsewhere sum A may come near 0.</remarks>
public sealed record XGradCam : WeightedCam
{
    /// <inheritdoc/>
    public override string Name => "xgradcam";

    /// <inheritdoc/>
    public override string Title => "XGrad-CAM";

    /// <inheritdoc/>
    public override string Equation => "w_k = sum_ij g A^k / sum_ij A^k;  L = relu(sum_k w_k A^k)";

    /// <inheritdoc/>
    public override string Summary =>
        "Grad-CAM with gradients weighted by where the channel is active, so that the map's sum comes near the score.";

    /// <inheritdoc/>
    public override string Peers =>
        "pytorch-grad-cam adds 1e-7, the authors 1e-6 and torchcam 1e-8 to sum A, which matters where activations are that small.";

    /// <inheritdoc/>
    protected override Tensor Weights(Tensor A, Tensor g)
    {
        var total = A.SumSpatial();
        return Tensor.Where(total.NotZero(), (g * A).SumSpatial() / total, 0);
    }
}
