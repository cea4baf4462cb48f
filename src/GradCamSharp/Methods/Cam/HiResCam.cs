using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>HiResCAM: every position by its own gradient (Draelos and Carin, arXiv 2011.08891).</summary>
/// <remarks>Signed: the map keeps the evidence against the class. Its sum over positions is the sum of g A.</remarks>
public sealed record HiResCam : GradientCam
{
    /// <inheritdoc/>
    public override string Name => "hirescam";

    /// <inheritdoc/>
    public override string Title => "HiResCAM";

    /// <inheritdoc/>
    public override string Equation => "L = sum_k g_k A^k";

    /// <inheritdoc/>
    public override string Summary =>
        "Every position by its own gradient, and not by the channel's mean: shows what the score used, also where channels serve many " +
        "things.";

    /// <inheritdoc/>
    public override bool ShowsPositivePart => true;

    /// <inheritdoc/>
    protected override Tensor Terms(Tensor A, Tensor g) => g * A;
}
