using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>Raw attention: what the score's token attends to in one block.</summary>
public sealed record AttentionRaw : AttentionBlockMethod
{
    /// <inheritdoc/>
    public override string Name => "attention-raw";

    /// <inheritdoc/>
    public override string Title => "Raw attention";

    /// <inheritdoc/>
    public override string Equation => "the class token's row of mean_h A, the last block's attention";

    /// <inheritdoc/>
    public override string Summary => "What the last block of a vision transformer looks at. The same for every class.";

    /// <inheritdoc/>
    public override string Cost => "F";

    private protected override Tensor Row(MapContext context, AttentionLayers layers)
    {
        var matrix = OverHeads(Matrices(context, layers, [Chosen(layers)])[0]);
        return layers.Row(matrix.Type).MatMul(matrix);
    }
}
