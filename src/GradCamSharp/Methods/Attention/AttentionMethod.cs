using GradCamSharp.Errors;
using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>
/// A map of the tokens that the score's token attends to: for networks in which every block sees all tokens, as vision transformers do.
/// </summary>
public abstract record AttentionMethod : GraphMethod
{
    private protected const double MostHeads = 255, MostBlocks = 1023;

    private static readonly MethodParameter Heads = MethodParameter.NumberOr<AttentionMethod>(
        "head", "all", m => m.Head, (m, v) => m with { Head = (long?)v }, 0, MostHeads,
        "one head alone, counted from 0, instead of the mean over all", whole: true);

    /// <summary>One head alone, from 0; null for the mean over all.</summary>
    public long? Head { get; init; }

    /// <inheritdoc/>
    public sealed override MethodFamily Family => MethodFamily.Attention;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => [Heads];

    /// <inheritdoc/>
    public sealed override Tensor Map(MapContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var layers = AttentionLayers.Of(context, this);
        return layers.Map(Row(context, layers));
    }

    /// <summary>What the score's token attends to.</summary>
    /// <returns>[N, 1, T].</returns>
    private protected abstract Tensor Row(MapContext context, AttentionLayers layers);

    /// <summary>The attention matrices of some blocks, [N, heads, T, T].</summary>
    private protected static IReadOnlyList<Tensor> Matrices(
        MapContext context, AttentionLayers layers, IReadOnlyList<AttentionMatrix> blocks) =>
        [.. blocks.Select(b => b.ByHead(context.Graph[b.Value], layers.Pictures))];

    /// <summary>The gradients of the score at the attention matrices of some blocks, [N, heads, T, T].</summary>
    private protected static IReadOnlyList<Tensor> Gradients(
        MapContext context, AttentionLayers layers, IReadOnlyList<AttentionMatrix> blocks)
    {
        string[] names = [.. blocks.Select(b => b.Value)];
        var found = context.MakeOnce(
            $"attention gradients {string.Join(' ', names)}", () => context.GradientsAt(names));
        return [.. blocks.Zip(found, (b, g) => b.ByHead(g, layers.Pictures))];
    }

    /// <summary>The mean over heads, or one of them.</summary>
    /// <param name="byHead">[N, heads, T, T].</param>
    /// <returns>[N, T, T].</returns>
    private protected Tensor OverHeads(Tensor byHead)
    {
        if (Head is not { } head)
            return byHead.Mean([1], keep: false);
        long heads = byHead.Shape[1].Value;
        return head < heads ? byHead.Slice(1, head, head + 1).Squeeze(1) : throw new ExplanationException(
            ExplanationError.UnsuitableMethod, $"'{Name}' is to show head {head}, and the blocks have {heads}, 0 to {heads - 1}.",
            "Choose one of them, or all.");
    }
}

/// <summary>An attention method that looks at one block.</summary>
public abstract record AttentionBlockMethod : AttentionMethod
{
    private static readonly MethodParameter Blocks = MethodParameter.NumberOr<AttentionBlockMethod>(
        "layer", "last", m => m.Block, (m, v) => m with { Block = (long?)v }, 0, MostBlocks, "which block, counted from 0", whole: true);

    /// <summary>Which block, from 0; null for the last.</summary>
    public long? Block { get; init; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<MethodParameter> Parameters => [Blocks, .. base.Parameters];

    /// <summary>The block.</summary>
    private protected AttentionMatrix Chosen(AttentionLayers layers)
    {
        int count = layers.Matrices.Count;
        return Block is not { } block ? layers.Matrices[^1]
            : block < count ? layers.Matrices[(int)block]
            : throw new ExplanationException(
                ExplanationError.UnsuitableMethod, $"'{Name}' is to show block {block}, and the network has {count}, 0 to {count - 1}.",
                "Choose one of them, or the last.");
    }
}
