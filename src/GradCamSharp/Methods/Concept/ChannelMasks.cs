using GradCamSharp.Errors;
using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>
/// Channel masks: what of the picture reaches the class through each of a layer's strongest channels alone, the conditional maps of concept
/// relevance propagation (Achtibat et al., arXiv 2206.03208) by the gradient's own rule.
/// </summary>
/// <remarks>
/// A channel's relevance is sum g A over positions; the strongest have the largest. On the way back the gradient at the layer is kept in
/// one channel alone: L_k = sum over the input's channels of x times what arrives. The maps of all channels add up to gradient x input
/// where the picture reaches the scores through the layer alone. Signed.
/// </remarks>
public sealed record ChannelMasks : GraphMethod
{
    private static readonly MethodParameter[] Own =
    [
        MethodParameter.Integer<ChannelMasks>(
            "channels", m => m.Channels, (m, v) => m with { Channels = (int)v }, 1, 64, "how many of the layer's strongest channels"),
    ];

    /// <summary>How many of the layer's strongest channels, 1 to 64.</summary>
    public int Channels { get; init; } = 3;

    /// <inheritdoc/>
    public override string Name => "channel-masks";

    /// <inheritdoc/>
    public override string Title => "Channel masks";

    /// <inheritdoc/>
    public override string Equation =>
        "L_k = x (dA/dx) g_k, g_k the gradient at the layer in channel k alone;  k those of the largest sum g A";

    /// <inheritdoc/>
    public override string Summary =>
        "What of the picture speaks for the class through each of the layer's strongest channels: a map a channel, at the picture's size.";

    /// <inheritdoc/>
    public override MethodFamily Family => MethodFamily.Concept;

    /// <inheritdoc/>
    public override string Cost => "F + B, and B of the whole network a channel";

    /// <inheritdoc/>
    public override string Peers => "CRP propagates relevance by LRP's rules from layer to layer; here the gradient's own rule does.";

    /// <inheritdoc/>
    public override bool ShowsPositivePart => true;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => Own;

    internal override bool TakesOneClass => true;

    /// <inheritdoc/>
    public override Tensor Map(MapContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (A, g) = (context.Activation, context.Gradient);
        long channels = A.Shape[1].Value;
        if (Channels > channels)
        {
            throw new ExplanationException(
                ExplanationError.UnsuitableMethod, $"'{Name}.channels' is {Channels}; the layer has {channels} channels.",
                "Set fewer channels, or choose another layer.");
        }

        if (g.IsMapped)
        {
            throw new ExplanationException(
                ExplanationError.UnsuitableMethod, $"The method '{Name}' explains one target at a time.", "Name one target.");
        }

        // [N, k]: the strongest channels; [k, N, K, 1...]: 1 at each, which rides on the mapped axis of the way back.
        var strongest = (g * A).SumSpatial().Reshape(new Shape(A.Shape[0], channels)).TopIndices(Channels, axis: 1);
        var masks = strongest.OneHot(channels, axis: 2, A.Type).Transpose([1, 0, 2]).Map()
            .Reshape(new Shape([A.Shape[0], channels, .. Enumerable.Repeat(new Dimension(1), A.Rank - 2)]));
        return (context.InputGradientOf(A, g * masks) * context.Input).SumChannels().Unmap(1);
    }
}
