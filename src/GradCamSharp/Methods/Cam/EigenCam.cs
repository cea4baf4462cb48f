using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>Eigen-CAM: the first principal component of the activation (Bany Muhammad and Yeasin, arXiv 2008.00299).</summary>
/// <remarks>The same for every class. Signed; the strongest value is positive.</remarks>
public sealed record EigenCam : CamMethod
{
    private static readonly MethodParameter Centring = MethodParameter.Flag<EigenCam>(
        "centred", m => m.Centred, (m, v) => m with { Centred = v },
        "whether each channel's mean over positions is subtracted first: another map, pytorch-grad-cam's");

    /// <summary>Whether each channel's mean over positions is subtracted first; the paper does not.</summary>
    public bool Centred { get; init; }

    /// <inheritdoc/>
    public override string Name => "eigencam";

    /// <inheritdoc/>
    public override string Title => "Eigen-CAM";

    /// <inheritdoc/>
    public override string Equation => "X = A as positions by channels;  L = X v, v the first right singular vector of X";

    /// <inheritdoc/>
    public override string Summary =>
        "What the layer's channels say together, whatever the class. Needs no gradient; good for a first look.";

    /// <inheritdoc/>
    public override string Cost => "F up to the layer, and ten matrix products of the smaller of channels and positions";

    /// <inheritdoc/>
    public override string Peers =>
        "pytorch-grad-cam centres (centred=true here), keeps the sign that LAPACK happens to give and cuts at 0: object and background " +
        "may be exchanged.";

    /// <inheritdoc/>
    public override bool ShowsPositivePart => true;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => [Centring, .. base.Parameters];

    /// <inheritdoc/>
    protected override Tensor Terms(MapContext context) => context.Activation;

    /// <inheritdoc/>
    protected override Tensor Sum(MapContext context) => PrincipalComponent.Of(Terms(context), Centred);
}
