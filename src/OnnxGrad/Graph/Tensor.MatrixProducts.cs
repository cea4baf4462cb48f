namespace OnnxGrad;

public readonly partial struct Tensor
{
    /// <summary>The matrix product of the last two axes, with broadcasting of the others (NumPy's matmul).</summary>
    public Tensor MatMul(Tensor other)
    {
        if (Rank < 2 || other.Rank < 2)
            throw new ArgumentException($"A matrix product needs matrices, not {Shape} and {other.Shape}.", nameof(other));
        var batch = Shape.Broadcast(Shape.Slice(0, Rank - 2), other.Shape.Slice(0, other.Rank - 2));
        var shape = new Shape([.. batch, Shape[-2], other.Shape[-1]]);
        return Raw("MatMul", [AlignedTo(shape.Rank), other.AlignedTo(shape.Rank)], Type, shape, IsMapped || other.IsMapped);
    }

    /// <summary>
    /// The matrix product with the other's last two axes swapped. A single matrix, such as a layer's weights, is not copied for that.
    /// </summary>
    /// <param name="other">[..., C, K]; this is [..., R, K] and the result [..., R, C].</param>
    public Tensor MatMulTransposed(Tensor other)
    {
        if (other.Rank != 2 || other.IsMapped || !other.Shape.IsStatic)
            return MatMul(other.TransposeMatrix());
        var shape = Shape.With(Rank - 1, other.Shape[0]);
        if (Rank == 2 && !IsMapped)
            return Raw("Gemm", [this, other], Type, shape, mapped: false, ("transB", 1L));

        // Gemm takes matrices only: all axes but the last one become rows.
        var leading = Shape.Slice(0, Rank - 1);
        var count = IsMapped ? MappedLength * leading.Size : leading.Size;
        var rows = Raw("Reshape", [this, Graph.Constant(-1, other.Shape[1].Value)], Type, new Shape(count, other.Shape[1]), mapped: false);
        var product = Raw("Gemm", [rows, other], Type, new Shape(count, other.Shape[0]), mapped: false, ("transB", 1L));
        int open = leading.UnknownCount + (IsMapped ? 1 : 0);
        var target = open > 1 ? Concat(0, RuntimeShape(0, Rank - 1 + (IsMapped ? 1 : 0)), Graph.Constant(other.Shape[0].Value))
            : Graph.Constant(IsMapped ? [-1, .. shape.ToArray()] : shape.ToArray(unknown: -1));
        return Raw("Reshape", [product, target], Type, shape, IsMapped);
    }
}
