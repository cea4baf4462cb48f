using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>How much of the score passes through each channel of the layer: the sum over positions of c A. [N, K].</summary>
/// <param name="Rule">The rules that the coefficient c comes by; null for the gradient.</param>
internal sealed record ChannelRelevance(LayerwiseRelevance? Rule = null) : GraphMethod
{
    public override string Name => "channel-relevance";

    public override string Title => "Relevance of channels";

    public override string Equation => "R_k = sum_ij c A^k, c the coefficient of the score at the layer";

    public override string Summary => "How much of the score passes through each channel of a layer.";

    public override MethodFamily Family => MethodFamily.Concept;

    public override Tensor Map(MapContext context)
    {
        var shares = context.CoefficientAtLayer(Rule) * context.LayerValue;
        long[] positions = [.. Enumerable.Range(1, shares.Rank - 1).Where(a => a != context.ChannelAxis).Select(a => (long)a)];
        return shares.Sum(positions, keep: false);
    }
}

/// <summary>The channels of largest relevance, the largest first: [N, M], their indices.</summary>
/// <param name="Count">M.</param>
/// <param name="Rule">The rules that relevance comes by; null for the gradient.</param>
internal sealed record StrongestChannels(int Count, LayerwiseRelevance? Rule = null) : GraphMethod
{
    public override string Name => "strongest-channels";

    public override string Title => "Strongest channels";

    public override string Equation => "the k of the largest R_k";

    public override string Summary => "The channels that most of the score passes through.";

    public override MethodFamily Family => MethodFamily.Concept;

    public override Tensor Map(MapContext context) => Indices(context).Cast(ElementType.Float);

    internal Tensor Indices(MapContext context) => new ChannelRelevance(Rule).Map(context).TopIndices(Count, axis: 1);
}
