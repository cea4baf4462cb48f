using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>How much of the score passes through each channel of the layer: the sum over positions of c A. [N, K].</summary>
internal sealed record ChannelRelevance : GraphMethod
{
    public override string Name => "channel-relevance";

    public override string Title => "Relevance of channels";

    public override string Equation => "R_k = sum_ij c A^k, c the coefficient of the score at the layer";

    public override string Summary => "How much of the score passes through each channel of a layer.";

    public override MethodFamily Family => MethodFamily.Concept;

    public override Tensor Map(MapContext context) => context.MakeOnce(Name, () => new Made(Relevance(context))).Value;

    private static Tensor Relevance(MapContext context)
    {
        var shares = context.LayerCoefficient * context.LayerValue;
        long[] positions = [.. Enumerable.Range(1, shares.Rank - 1).Where(a => a != context.ChannelAxis).Select(a => (long)a)];
        return shares.Sum(positions, keep: false);
    }

    private sealed record Made(Tensor Value);
}

/// <summary>The channels of largest relevance, the largest first: [N, M], their indices.</summary>
/// <param name="Count">M.</param>
internal sealed record StrongestChannels(int Count) : GraphMethod
{
    public override string Name => "strongest-channels";

    public override string Title => "Strongest channels";

    public override string Equation => "the k of the largest R_k";

    public override string Summary => "The channels that most of the score passes through.";

    public override MethodFamily Family => MethodFamily.Concept;

    public override Tensor Map(MapContext context) => Indices(context).Cast(ElementType.Float);

    internal Tensor Indices(MapContext context)
    {
        var relevance = new ChannelRelevance().Map(context);
        return relevance.TopIndices(Math.Min(Count, relevance.Shape[1].Value), axis: 1);
    }
}

/// <summary>
/// Concept relevance propagation (Achtibat et al., arXiv 2206.03208): what reaches the input through single channels of the layer. The
/// forward pass is shared; the channels are one more axis of the backward part. [N, M, C, spatial...].
/// </summary>
/// <param name="Count">M, where the strongest channels are taken.</param>
/// <param name="Channels">The channels; empty for the strongest.</param>
internal sealed record ConditionalMaps(int Count, NumberList Channels) : GraphMethod
{
    public override string Name => "conditional-maps";

    public override string Title => "Conditional maps";

    public override string Equation => "x c, with c at the layer set to 0 but for one channel";

    public override string Summary => "What reaches the input through single channels of a layer.";

    public override MethodFamily Family => MethodFamily.Concept;

    public override bool IsPixelSpace => true;

    // The channels take the axis that classes would.
    internal override bool TakesOneClass => true;

    public override Tensor Map(MapContext context)
    {
        var value = context.LayerValue;
        long channels = value.Shape[context.ChannelAxis].Value;
        // [M, N, K] or [M, 1, K]
        var masks = Channels.Count > 0
            ? value.Graph.Constant([.. Channels.Select(c => (long)c)]).OneHot(channels, 1, value.Type).Unsqueeze(1)
            : new StrongestChannels(Count).Indices(context).OneHot(channels, 2, value.Type).Transpose([1, 0, 2]);
        long[] positions = [.. Enumerable.Range(1, value.Rank - 1).Where(a => a != context.ChannelAxis).Select(a => (long)a)];
        var coefficients = context.LayerCoefficient * masks.Map().Unsqueeze(positions);
        return (context.Input * context.InputGradientFromLayer(coefficients)).Unmap(1);
    }
}

/// <summary>Where each channel of the layer is excited most: [N, 2, K], the largest value and its position.</summary>
internal sealed record ChannelPeaks : GraphMethod
{
    public override string Name => "channel-peaks";

    public override string Title => "Peaks of channels";

    public override string Equation => "max_ij A^k, and where";

    public override string Summary => "Where each channel of a layer is excited most.";

    public override MethodFamily Family => MethodFamily.Concept;

    public override string Cost => "F";

    public override Tensor Map(MapContext context)
    {
        var activation = context.Activation;
        var flat = activation.Reshape(new Shape(activation.Shape[0], activation.Shape[1], activation.Shape.Product(2, activation.Rank)));
        var (peaks, places) = (flat.Max([2], keep: false), flat.ArgMax(2).Squeeze(2).Cast(activation.Type));
        return Tensor.Concat(1, peaks.Unsqueeze(1), places.Unsqueeze(1));
    }
}
