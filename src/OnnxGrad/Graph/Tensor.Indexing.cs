namespace OnnxGrad;

public readonly partial struct Tensor
{
    /// <summary>The slices at <paramref name="indices"/> along an axis: the axis is replaced by the axes of the indices.</summary>
    /// <param name="indices">Integers; mapped ones pick other slices for each position of the mapped axis.</param>
    /// <param name="axis">The axis.</param>
    public Tensor Gather(Tensor indices, long axis)
    {
        int at = Shape.Axis(axis);
        var shape = new Shape([.. Shape.Slice(0, at), .. indices.Shape, .. Shape.Slice(at + 1, Rank - at - 1)]);
        if (!indices.IsMapped)
            return Raw("Gather", [this, indices], Type, shape, IsMapped, ("axis", Placed(axis)));
        if (IsMapped)
            throw new InvalidOperationException("Gathering from a mapped tensor at mapped indices is not supported.");
        // The mapped axis of the indices lands at `at`; it belongs in front.
        var plain = Raw("Gather", [this, indices], Type,
            new Shape([.. shape.Slice(0, at), MappedLength, .. shape.Slice(at, shape.Rank - at)]), mapped: false, ("axis", (long)at));
        long[] order = [at, .. Enumerable.Range(0, shape.Rank + 1).Where(i => i != at).Select(i => (long)i)];
        return plain.Transpose(order).Map();
    }

    /// <summary>For each index the element at that position along an axis (ONNX's GatherElements).</summary>
    public Tensor GatherElements(Tensor indices, long axis)
    {
        bool mapped = IsMapped || indices.IsMapped;
        var data = mapped ? MappedAs(indices) : this;
        var at = mapped ? indices.MappedAs(this) : indices;
        return Raw("GatherElements", [data, at], Type, indices.Shape, mapped, ("axis", data.Placed(axis)));
    }

    /// <summary>
    /// The tensor with <paramref name="updates"/> written to (or added at) positions along an axis (ONNX's ScatterElements).
    /// </summary>
    /// <param name="indices">Where to, of the updates' shape.</param>
    /// <param name="updates">What.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="reduction">How an update meets what is there: add, mul, max, min, or none to replace it.</param>
    public Tensor ScatterElements(Tensor indices, Tensor updates, long axis, string reduction = "add")
    {
        var model = IsMapped ? this : updates;
        var data = MappedAs(model);
        return Raw("ScatterElements", [data, indices.MappedAs(model), updates.MappedAs(model)], Type, Shape, model.IsMapped,
            ("axis", data.Placed(axis)), ("reduction", reduction));
    }

    /// <summary>
    /// The tensor with <paramref name="updates"/> written to (or added at) the slices that index tuples name (ONNX's ScatterND).
    /// </summary>
    /// <param name="indices">[..., depth] integers, not mapped.</param>
    /// <param name="updates">[..., rest]: one slice a tuple.</param>
    /// <param name="reduction">How an update meets what is there: add, mul, max, min, or none to replace it.</param>
    public Tensor ScatterND(Tensor indices, Tensor updates, string reduction = "add")
    {
        if (!IsMapped && !updates.IsMapped)
            return Raw("ScatterND", [this, indices, updates], Type, Shape, mapped: false, ("reduction", reduction));
        // Tuples name leading axes, so the mapped axis rides along as the last one.
        var data = MappedAs(updates).MappedLast();
        var change = updates.MappedAs(this).MappedLast();
        var last = Raw("ScatterND", [data, indices, change], Type, data.Shape, mapped: false, ("reduction", reduction));
        return last.MappedFirst();
    }

    /// <summary>The slices that index tuples name (ONNX's GatherND).</summary>
    /// <param name="indices">[batch..., ..., depth] integers, not mapped.</param>
    /// <param name="batchAxes">How many leading axes indices and data share.</param>
    public Tensor GatherND(Tensor indices, long batchAxes = 0)
    {
        int from = (int)(batchAxes + indices.Shape[-1].Value);
        var shape = new Shape([.. indices.Shape.Slice(0, indices.Rank - 1), .. Shape.Slice(from, Rank - from)]);
        return Raw("GatherND", [this, indices.MappedAs(this)], Type, shape, IsMapped, ("batch_dims", batchAxes + (IsMapped ? 1 : 0)));
    }

    /// <summary>1 at each index along a new axis, 0 elsewhere.</summary>
    /// <param name="depth">The new axis's length.</param>
    /// <param name="axis">Where the new axis stands in the result.</param>
    /// <param name="type">The element type of the result.</param>
    public Tensor OneHot(long depth, long axis, ElementType type)
    {
        int at = (int)(axis < 0 ? axis + Rank + 1 : axis);
        var shape = new Shape([.. Shape.Slice(0, at), depth, .. Shape.Slice(at, Rank - at)]);
        return Raw("OneHot", [this, Graph.Scalar(depth), Graph.Constant(type, new Shape(2), 0, 1)],
            type, shape, IsMapped, ("axis", (long)at + (IsMapped ? 1 : 0)));
    }

    /// <summary>
    /// The elements reversed along one axis, for each position of another axis as far as a length says (ONNX's ReverseSequence).
    /// </summary>
    /// <param name="lengths">For each position of <paramref name="batchAxis"/>, how many elements; integers.</param>
    /// <param name="batchAxis">0 or 1.</param>
    /// <param name="timeAxis">1 or 0.</param>
    public Tensor ReverseSequence(Tensor lengths, long batchAxis, long timeAxis)
    {
        var plain = IsMapped ? MappedLast() : this;
        var reversed = Raw("ReverseSequence", [plain, lengths], Type, plain.Shape, mapped: false,
            ("batch_axis", batchAxis), ("time_axis", timeAxis));
        return IsMapped ? reversed.MappedFirst() : reversed;
    }

    /// <summary>The last axis of a plain tensor as the mapped one; undoes <see cref="MappedLast"/>.</summary>
    private Tensor MappedFirst() => Transpose([Rank - 1, .. Enumerable.Range(0, Rank - 1).Select(i => (long)i)]).Map();

    /// <summary>The mapped axis as an ordinary one behind all others, for operators whose axes are fixed at the front.</summary>
    private Tensor MappedLast()
    {
        var plain = new Tensor(Graph, Name, Type, new Shape([MappedLength, .. Shape]));
        return plain.Transpose([.. Enumerable.Range(1, Rank).Select(i => (long)i), 0]);
    }
}
