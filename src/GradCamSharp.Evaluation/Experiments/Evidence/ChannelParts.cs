using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Evaluation.Experiments.Evidence;

/// <summary>
/// Each channel's part of the score: r_k = sum over positions of g_k A_k, [N, K]. Exact where pooling and one linear layer follow the
/// layer: the class-wise features of Neuhaus et al., arXiv 2212.04871.
/// </summary>
internal sealed record ChannelParts : GraphMethod
{
    public override string Name => "channel-parts";

    public override string Title => "Parts of channels";

    public override string Equation => "r_k = sum_ij g A^k";

    public override string Summary => "Each channel's part of the score.";

    public override MethodFamily Family => MethodFamily.Concept;

    public override Tensor Map(MapContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var shares = context.Gradient * context.Activation;
        long[] positions = [.. Enumerable.Range(2, context.Activation.Rank - 2).Select(axis => (long)axis)];
        return shares.Sum(positions, keep: false);
    }
}
