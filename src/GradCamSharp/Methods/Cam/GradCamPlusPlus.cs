using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>Grad-CAM++: weights are gradient-weighted sums of positive gradients (Eq. 5, 9, 10 of arXiv 1710.11063).</summary>
/// <remarks>Y = exp(S): the factor exp(S) is left out; it cancels in the normalised map and overflows in a raw one.</remarks>
public sealed record GradCamPlusPlus : WeightedCam
{
    /// <inheritdoc/>
    public override string Name => "gradcam++";

    /// <inheritdoc/>
    public override string Title => "Grad-CAM++";

    /// <inheritdoc/>
    public override string Equation => "a_ij = 1 / (2 + g_ij sum_ab A_ab);  w_k = sum_ij a_ij relu(g_ij);  L = relu(sum_k w_k A^k)";

    /// <inheritdoc/>
    public override string Summary =>
        "Channels weighted by their positive gradients, each position by its own share. " +
        "Tends to mark whole objects, and several of a class.";

    /// <inheritdoc/>
    protected override Tensor Weights(Tensor A, Tensor g)
    {
        var positive = g.Relu();
        return (GradientWeights.Alpha(A, positive) * positive).SumSpatial();    // Eq. 5
    }
}
