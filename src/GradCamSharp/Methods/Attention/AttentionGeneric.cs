using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>
/// Generic attention explainability: attention times its gradient through all blocks (Chefer et al., arXiv 2103.15679, Eq. 5 and 6).
/// </summary>
public sealed record AttentionGeneric : AttentionMethod
{
    /// <inheritdoc/>
    public override string Name => "attention-generic";

    /// <inheritdoc/>
    public override string Title => "Generic attention explainability";

    /// <inheritdoc/>
    public override string Equation => "R = I; R = R + mean_h relu(A * dS/dA) R, block by block; the class token's row of R";

    /// <inheritdoc/>
    public override string Summary =>
        "What reaches the score in favour of the class through the attention of all blocks: the first choice for vision transformers.";

    private protected override Tensor Row(MapContext context, AttentionLayers layers)
    {
        var matrices = Matrices(context, layers, layers.Matrices);
        var gradients = Gradients(context, layers, layers.Matrices);
        var row = layers.Row(matrices[0].Type);
        foreach (var (matrix, gradient) in matrices.Zip(gradients).Reverse())
            row += row.MatMul(OverHeads((matrix * gradient).Relu()));
        return row;
    }
}
