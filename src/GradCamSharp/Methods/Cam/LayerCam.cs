using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>LayerCAM: every position by its own positive gradient (Jiang et al., arXiv 2106.09879).</summary>
public sealed record LayerCam : GradientCam
{
    /// <inheritdoc/>
    public override string Name => "layercam";

    /// <inheritdoc/>
    public override string Title => "LayerCAM";

    /// <inheritdoc/>
    public override string Equation => "L = relu(sum_k relu(g_k) A^k)";

    /// <inheritdoc/>
    public override string Summary => "Every position by its own positive gradient. The one to use at early layers, whose maps are fine.";

    /// <inheritdoc/>
    protected override Tensor Terms(Tensor A, Tensor g) => g.Relu() * A;

    /// <inheritdoc/>
    protected override Tensor Map(Tensor A, Tensor g) => Terms(A, g).SumChannels().Relu();
}
