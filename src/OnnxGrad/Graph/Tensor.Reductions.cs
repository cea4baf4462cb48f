namespace OnnxGrad;

public readonly partial struct Tensor
{
    /// <summary>The sum over axes; all axes where none is named.</summary>
    /// <param name="axes">The axes; negative ones count from the end.</param>
    /// <param name="keep">Whether the axes stay, with length 1.</param>
    public Tensor Sum(ReadOnlySpan<long> axes, bool keep = true) => Reduce("ReduceSum", axes, keep);

    /// <summary>The mean over axes; all axes where none is named.</summary>
    /// <param name="axes">The axes; negative ones count from the end.</param>
    /// <param name="keep">Whether the axes stay, with length 1.</param>
    public Tensor Mean(ReadOnlySpan<long> axes, bool keep = true) => Reduce("ReduceMean", axes, keep);

    /// <summary>The maximum over axes; all axes where none is named.</summary>
    /// <param name="axes">The axes; negative ones count from the end.</param>
    /// <param name="keep">Whether the axes stay, with length 1.</param>
    public Tensor Max(ReadOnlySpan<long> axes, bool keep = true) => Reduce("ReduceMax", axes, keep);

    /// <summary>The minimum over axes; all axes where none is named.</summary>
    /// <param name="axes">The axes; negative ones count from the end.</param>
    /// <param name="keep">Whether the axes stay, with length 1.</param>
    public Tensor Min(ReadOnlySpan<long> axes, bool keep = true) => Reduce("ReduceMin", axes, keep);

    /// <summary>The sum over all axes from the third on, kept with length 1: [N, K, spatial...] becomes [N, K, 1...].</summary>
    public Tensor SumSpatial() => Rank > 2 ? Sum(SpatialAxes()) : this;

    /// <summary>The mean over all axes from the third on, kept with length 1: [N, K, spatial...] becomes [N, K, 1...].</summary>
    public Tensor MeanSpatial() => Rank > 2 ? Mean(SpatialAxes()) : this;

    /// <summary>The maximum over all axes from the third on, kept with length 1: [N, K, spatial...] becomes [N, K, 1...].</summary>
    public Tensor MaxSpatial() => Rank > 2 ? Max(SpatialAxes()) : this;

    /// <summary>The sum over the second axis, which goes: [N, K, spatial...] becomes [N, spatial...].</summary>
    public Tensor SumChannels() => Sum([1], keep: false);

    /// <summary>
    /// The sum over the second axis, each channel times its weight: [N, K, spatial...] with weights [N, K, 1...] gives [N, spatial...]. One
    /// matrix product, which costs a fifth of multiplying and then summing.
    /// </summary>
    public Tensor SumChannels(Tensor weights)
    {
        var row = weights.Reshape(new Shape(weights.Shape[0], 1, Shape[1]));
        return row.MatMul(Reshape(new Shape(Shape[0], Shape[1], Shape.Product(2, Rank))))
            .Reshape(new Shape([Shape[0], .. Shape.Slice(2, Rank - 2)]));
    }

    /// <summary>
    /// One of the standard's reductions that take their axes as an input: ReduceSum, ReduceMean, ReduceMax, ReduceL2 ... All axes
    /// where none is named.
    /// </summary>
    public Tensor Reduce(string op, ReadOnlySpan<long> axes, bool keep)
    {
        if (Rank == 0)
            return this;
        long[] placed = Placed(axes.IsEmpty ? [.. Enumerable.Range(0, Rank).Select(i => (long)i)] : axes);
        return Raw(op, [this, Graph.Constant(placed)], Type, Without(placed, keep), IsMapped, ("keepdims", keep ? 1L : 0L));
    }

    /// <summary>
    /// Undoes broadcasting: sums over the axes along which a value of the given shape was repeated to give this
    /// one. The result has that shape.
    /// </summary>
    public Tensor SumTo(Shape shape)
    {
        if (Shape == shape)
            return this;
        int extra = Rank - shape.Rank;
        var repeated = new List<long>();
        for (int i = 0; i < shape.Rank; i++)
        {
            if (shape[i] == 1 && Shape[i + extra] != 1)
                repeated.Add(i + extra);
        }

        var sum = repeated.Count > 0 ? Sum([.. repeated], keep: true) : this;
        return extra == 0 ? sum : sum.Sum([.. Enumerable.Range(0, extra).Select(i => (long)i)], keep: false);
    }

    /// <summary>
    /// The tensor divided by how many elements a value has along some axes; that is worked out at run time where a length is not known.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="axes">Its axes.</param>
    internal Tensor DividedByCount(Tensor value, ReadOnlySpan<long> axes)
    {
        Dimension count = 1;
        foreach (long axis in axes)
            count *= value.Shape[value.Shape.Axis(axis)];
        return count.IsKnown
            ? this / (double)count.Value
            : this / value.ShapeAtRunTime().Gather(Graph.Constant(axes), 0).Reduce("ReduceProd", [0], keep: false).Cast(Type);
    }

    /// <summary>Softmax along an axis.</summary>
    public Tensor Softmax(long axis) => Raw("Softmax", [this], Type, Shape, IsMapped, ("axis", Placed(axis)));

    /// <summary>The sum of all elements up to each one, along an axis.</summary>
    public Tensor CumulativeSum(long axis, bool exclusive = false, bool reverse = false) => Raw(
        "CumSum", [this, Graph.Scalar(Placed(axis))], Type, Shape, IsMapped,
        ("exclusive", exclusive ? 1L : 0L), ("reverse", reverse ? 1L : 0L));

    /// <summary>The position of the largest element along an axis (the first of equals), kept with length 1; integer.</summary>
    public Tensor ArgMax(long axis) =>
        Raw("ArgMax", [this], ElementType.Int64, Shape.With(Shape.Axis(axis), 1), IsMapped, ("axis", Placed(axis)));

    /// <summary>The positions of the k largest elements along an axis, largest first; integer.</summary>
    public Tensor TopIndices(long k, long axis)
    {
        var shape = Shape.With(Shape.Axis(axis), k);
        var node = Graph.NewNode("TopK", [this, Graph.Constant(k)], [("axis", Placed(axis))], outputs: 2);
        Graph.Declare(node.Output[1], ElementType.Int64, shape);
        return new(Graph, node.Output[1], ElementType.Int64, shape, IsMapped);
    }

    private long[] SpatialAxes() => [.. Enumerable.Range(2, Rank - 2).Select(i => (long)i)];
}
