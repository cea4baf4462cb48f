using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>EigenGrad-CAM: the first principal component of activation times gradient (pytorch-grad-cam; no paper).</summary>
/// <remarks>Signed; the strongest value is positive.</remarks>
public sealed record EigenGradCam : GradientCam
{
    private static readonly MethodParameter Centring = MethodParameter.Flag<EigenGradCam>(
        "centred", m => m.Centred, (m, v) => m with { Centred = v },
        "whether each channel's mean over positions is subtracted first: another map, pytorch-grad-cam's");

    /// <summary>Whether each channel's mean over positions is subtracted first.</summary>
    public bool Centred { get; init; }

    /// <inheritdoc/>
    public override string Name => "eigengradcam";

    /// <inheritdoc/>
    public override string Title => "EigenGrad-CAM";

    /// <inheritdoc/>
    public override string Equation => "X = g A as positions by channels;  L = X v, v the first right singular vector of X";

    /// <inheritdoc/>
    public override string Summary => "Eigen-CAM of gradient times activation, and so of the class. Smooth.";

    /// <inheritdoc/>
    public override string Cost => "F + B, and ten matrix products of the smaller of channels and positions";

    /// <inheritdoc/>
    public override string Peers =>
        "pytorch-grad-cam centres (centred=true here), keeps the sign that LAPACK happens to give and cuts at 0.";

    /// <inheritdoc/>
    public override bool ShowsPositivePart => true;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => [Centring, .. base.Parameters];

    /// <inheritdoc/>
    protected override Tensor Terms(Tensor A, Tensor g) => g * A;

    /// <inheritdoc/>
    protected override Tensor Map(Tensor A, Tensor g) => PrincipalComponent.Of(Terms(A, g), Centred);
}
