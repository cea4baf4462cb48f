using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>Grad-CAM position by position, of each channel its positive part alone (pytorch-grad-cam; no paper).</summary>
public sealed record ElementwiseCam : GradientCam
{
    /// <inheritdoc/>
    public override string Name => "elementwise";

    /// <inheritdoc/>
    public override string Title => "Elementwise Grad-CAM";

    /// <inheritdoc/>
    public override string Equation => "L = sum_k relu(g_k A^k)";

    /// <inheritdoc/>
    public override string Summary => "HiResCAM without what speaks against the class: channels cannot cancel each other.";

    /// <inheritdoc/>
    protected override Tensor Terms(Tensor A, Tensor g) => (g * A).Relu();
}
