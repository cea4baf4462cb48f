using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>
/// Grad-CAM++ as in its authors' published code: each channel's alpha is divided by its sum over the positions of positive
/// gradient. The paper does not say so.
/// </summary>
public sealed record GradCamPlusPlusAuthors : WeightedCam
{
    /// <inheritdoc/>
    public override string Name => "gradcam++-authors";

    /// <inheritdoc/>
    public override string Title => "Grad-CAM++ (authors' code)";

    /// <inheritdoc/>
    public override string Equation => "a_ij as Grad-CAM++;  w_k = sum_ij a_ij relu(g_ij) / sum_(g>0) a_ij;  L = relu(sum_k w_k A^k)";

    /// <inheritdoc/>
    public override string Summary =>
        "Grad-CAM++ with each channel's weights normalised, as its authors' code has it. For comparison with tools that follow that code.";

    /// <inheritdoc/>
    protected override Tensor Weights(Tensor A, Tensor g)
    {
        var alpha = GradientWeights.Alpha(A, g);
        var total = Tensor.Where(g > 0, alpha, 0).SumSpatial();
        var share = Tensor.Where(total.NotZero(), alpha / total, 0);
        return (share * g.Relu()).SumSpatial();
    }
}
