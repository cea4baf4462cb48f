using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>Grad-CAM++ without the rectifier on the gradient (Eq. 13, 14 of arXiv 1710.11063: the ablation of section 6.1).</summary>
public sealed class GradCamPlusPlusNoRelu : CamMethod
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
    public override IReadOnlyList<KeyValuePair<string, object>> Parameters => [];

    /// <inheritdoc/>
    protected override Tensor Map(Tensor A, Tensor g)
    {
        var w = (GradientWeights.Alpha(A, g) * g).SumSpatial();     // Eq. 13
        return A.SumChannels(w).Relu();                             // Eq. 14
    }
}
