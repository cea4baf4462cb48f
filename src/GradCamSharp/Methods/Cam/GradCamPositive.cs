using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>Grad-CAM with positive gradients only (Lerma and Lucas, arXiv 2205.10838): the honest baseline for Grad-CAM++.</summary>
public sealed record GradCamPositive : WeightedCam
{
    /// <inheritdoc/>
    public override string Name => "gradcam-positive";

    /// <inheritdoc/>
    public override string Title => "Grad-CAM, positive gradients";

    /// <inheritdoc/>
    public override string Equation => "w_k = mean_ij relu(g);  L = relu(sum_k w_k A^k)";

    /// <inheritdoc/>
    public override string Summary =>
        "Grad-CAM on positive gradients alone: what of Grad-CAM++ is due to its rectifier, and what to its weights.";

    /// <inheritdoc/>
    protected override Tensor Weights(Tensor A, Tensor g) => g.Relu().MeanSpatial();
}
