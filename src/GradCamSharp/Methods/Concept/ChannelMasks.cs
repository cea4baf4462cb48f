using GradCamSharp.Errors;
using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>
/// Channel masks: what of the picture reaches the class through each of a layer's strongest channels alone, the conditional maps of concept
/// relevance propagation (Achtibat et al., arXiv 2206.03208).
/// </summary>
/// <remarks>
/// A channel's relevance is sum c A over positions, c the coefficient of the score at the layer; the strongest have the largest. On the way
/// back the coefficient at the layer is kept in one channel alone: L_k = sum over the input's channels of x times what arrives. The maps of
/// all channels add up to the map of the rule, by the gradient to gradient x input, where the picture reaches the scores through the layer
/// alone. Signed. The forward pass is shared: the channels are one more axis of the way back.
/// </remarks>
public sealed record ChannelMasks : GraphMethod
{
    private const string Gradient = "gradient";

    private static readonly MethodParameter[] Own =
    [
        MethodParameter.Integer<ChannelMasks>(
            "channels", m => m.Channels, (m, v) => m with { Channels = (int)v }, 1, 1000, "how many of the layer's strongest channels"),
        MethodParameter.OneOf<ChannelMasks>(
            "rule", [Gradient, .. RelevanceMethods.All.Select(m => m.Name)], m => m.Rule?.Name ?? Gradient,
            (m, name) => m with { Rule = RelevanceMethods.All.FirstOrDefault(r => r.Name == name) },
            "the rules by which the score is shared out"),
    ];

    /// <summary>How many of the layer's strongest channels, 1 to 1000.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>The rules by which the score is shared out; null for the gradient's own.</summary>
    public LayerwiseRelevance? Rule { get; init; }

    /// <summary>Channels of one's own choice, in their order, in place of the strongest; empty without.</summary>
    internal NumberList Chosen { get; init; }

    /// <inheritdoc/>
    public override string Name => "channel-masks";

    /// <inheritdoc/>
    public override string Title => "Channel masks";

    /// <inheritdoc/>
    public override string Equation =>
        "L_k = x (dA/dx) c_k, c_k the gradient or relevance / A at the layer in channel k alone;  k those of the largest sum c A";

    /// <inheritdoc/>
    public override string Summary =>
        "What of the picture speaks for the class through each of the layer's strongest channels: a map a channel, at the picture's size.";

    /// <inheritdoc/>
    public override MethodFamily Family => MethodFamily.Concept;

    /// <inheritdoc/>
    public override string Cost => "F + B, and B of the whole network a channel";

    /// <inheritdoc/>
    public override string Peers => "CRP propagates by LRP's rules alone; here the gradient is the rule where none is named.";

    /// <inheritdoc/>
    public override bool ShowsPositivePart => true;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => Own;

    // The channels take the axis that classes would.
    internal override bool TakesOneClass => true;

    /// <inheritdoc/>
    public override Tensor Map(MapContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (value, coefficient) = (context.LayerValue, context.CoefficientAtLayer(Rule));
        long channels = value.Shape[context.ChannelAxis].Value;
        if (Chosen.Count == 0 && Channels > channels)
        {
            throw new ExplanationException(
                ExplanationError.UnsuitableMethod, $"'{Name}.channels' is {Channels}; the layer has {channels} channels.",
                "Set fewer channels, or choose another layer.");
        }

        if (coefficient.IsMapped)
        {
            throw new ExplanationException(
                ExplanationError.UnsuitableMethod, $"The method '{Name}' explains one target at a time.", "Name one target.");
        }

        // [M, N, K] or [M, 1, K]: 1 at each channel, which rides on the mapped axis of the way back.
        var masks = Chosen.Count > 0
            ? value.Graph.Constant([.. Chosen.Select(c => (long)c)]).OneHot(channels, 1, value.Type).Unsqueeze(1)
            : new StrongestChannels(Channels, Rule).Indices(context).OneHot(channels, 2, value.Type).Transpose([1, 0, 2]);
        long[] positions = [.. Enumerable.Range(1, value.Rank - 1).Where(a => a != context.ChannelAxis).Select(a => (long)a)];
        return context.SharesOfInput(coefficient * masks.Map().Unsqueeze(positions), Rule).SumChannels().Unmap(1);
    }
}
