using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>Attention rollout: attention through all blocks (Abnar and Zuidema, arXiv 2005.00928).</summary>
public sealed record AttentionRollout : AttentionMethod
{
    /// <inheritdoc/>
    public override string Name => "attention-rollout";

    /// <inheritdoc/>
    public override string Title => "Attention rollout";

    /// <inheritdoc/>
    public override string Equation => "A_l = (mean_h A + I) / 2; the class token's row of A_L ... A_1";

    /// <inheritdoc/>
    public override string Summary =>
        "What reaches the score through the attention of all blocks of a vision transformer. The same for every class.";

    /// <inheritdoc/>
    public override string Cost => "F";

    private protected override Tensor Row(MapContext context, AttentionLayers layers)
    {
        var matrices = Matrices(context, layers, layers.Matrices);
        var row = layers.Row(matrices[0].Type);
        // From the score's side a row suffices, and no product of matrices is needed.
        foreach (var matrix in matrices.Reverse())
            row = (row + row.MatMul(OverHeads(matrix))) * 0.5;
        return row;
    }
}
