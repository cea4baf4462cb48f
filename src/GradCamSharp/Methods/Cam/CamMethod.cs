using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>A class activation map: terms of a layer's channels, summed over the channels.</summary>
public abstract record CamMethod : GraphMethod
{
    internal const string SmoothMeaning =
        "the first principal component of the channels' terms instead of their sum: smoother, and signed";

    private static readonly MethodParameter Smooth = MethodParameter.Flag<CamMethod>(
        "eigen_smooth", m => m.EigenSmooth, (m, v) => m with { EigenSmooth = v },
        SmoothMeaning);

    /// <summary>
    /// Whether the map is the first principal component of the channels' terms, centred over positions, instead of their sum
    /// (pytorch-grad-cam's eigen_smooth). Signed.
    /// </summary>
    public bool EigenSmooth { get; init; }

    /// <inheritdoc/>
    public sealed override MethodFamily Family => MethodFamily.Cam;

    /// <inheritdoc/>
    public override bool ShowsPositivePart => EigenSmooth;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => [Smooth, AugmentedCam.Parameter];

    /// <inheritdoc/>
    public sealed override Tensor Map(MapContext context) =>
        EigenSmooth ? PrincipalComponent.Of(Terms(context), centred: true) : Sum(context);

    /// <summary>What is summed.</summary>
    /// <param name="context">What the method draws on.</param>
    /// <returns>[N, K, spatial...].</returns>
    protected abstract Tensor Terms(MapContext context);

    /// <summary>The map: the sum of the terms over channels, and what is done with it.</summary>
    /// <param name="context">What the method draws on.</param>
    /// <returns>[N, spatial...], not normalised.</returns>
    protected virtual Tensor Sum(MapContext context) => Terms(context).SumChannels();
}
