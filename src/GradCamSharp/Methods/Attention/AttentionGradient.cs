using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>Attention times its gradient in one block: Grad-CAM on the attention matrix.</summary>
public sealed record AttentionGradient : AttentionBlockMethod
{
    /// <inheritdoc/>
    public override string Name => "attention-gradient";

    /// <inheritdoc/>
    public override string Title => "Attention gradient";

    /// <inheritdoc/>
    public override string Equation => "the class token's row of mean_h relu(A * dS/dA), A the last block's attention";

    /// <inheritdoc/>
    public override string Summary => "What the last block of a vision transformer looks at in favour of the class.";

    private protected override Tensor Row(MapContext context, AttentionLayers layers)
    {
        AttentionMatrix[] block = [Chosen(layers)];
        var weighted = OverHeads((Matrices(context, layers, block)[0] * Gradients(context, layers, block)[0]).Relu());
        return layers.Row(weighted.Type).MatMul(weighted);
    }
}
