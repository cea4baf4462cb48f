using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>Grad-CAM++ without the rectifier on the gradient (Eq. 13, 14 of arXiv 1710.11063: the ablation of section 6.1).</summary>
public sealed record GradCamPlusPlusNoRelu : WeightedCam
{
    /// <inheritdoc/>
    public override string Name => "gradcam++-no-relu";

    /// <inheritdoc/>
    public override string Title => "Grad-CAM++ without ReLU";

    /// <inheritdoc/>
    public override string Equation => "a_ij as Grad-CAM++;  w_k = sum_ij a_ij g_ij;  L = relu(sum_k w_k A^k)";

    /// <inheritdoc/>
    public override string Summary => "The paper's ablation: negative gradients count too.";

    /// <inheritdoc/>
    protected override Tensor Weights(Tensor A, Tensor g) =>
        (GradientWeights.Alpha(A, g) * g).SumSpatial();             // Eq. 13
}
