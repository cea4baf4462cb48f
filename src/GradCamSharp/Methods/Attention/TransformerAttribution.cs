using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>
/// Transformer attribution: the relevance of attention times its gradient, through all blocks (Chefer et al., arXiv 2012.09838, Eq. 13 and
/// 14).
/// </summary>
public sealed record TransformerAttribution : AttentionMethod
{
    /// <inheritdoc/>
    public override string Name => "transformer-attribution";

    /// <inheritdoc/>
    public override string Title => "Transformer attribution";

    /// <inheritdoc/>
    public override string Equation => "A_l = I + mean_h relu(R_A * dS/dA), R_A the relevance of A; the class token's row of A_L ... A_1";

    /// <inheritdoc/>
    public override string Summary =>
        "What reaches the score in favour of the class, by relevance that is propagated back through the blocks of a vision transformer.";

    /// <inheritdoc/>
    public override string Cost => "F + 2 B";

    /// <inheritdoc/>
    public override string Peers =>
        "The authors' code passes relevance through sums that are normalised over the whole batch.";

    private protected override Tensor Row(MapContext context, AttentionLayers layers)
    {
        var gradients = Gradients(context, layers, layers.Matrices);
        var relevance = context.MakeOnce("attention relevance", () => context.Walk(
            [.. layers.Matrices.Select(m => m.Value)], new AttributionRules(context, layers).Set));
        var row = layers.Row(gradients[0].Type);
        for (int i = layers.Matrices.Count - 1; i >= 0; i--)
        {
            var own = layers.Matrices[i].ByHead(relevance[i], layers.Pictures);
            row += row.MatMul(OverHeads((gradients[i] * own).Relu()));
        }

        return row;
    }
}
