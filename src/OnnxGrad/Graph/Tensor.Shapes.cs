using OnnxGrad.Protobuf;

namespace OnnxGrad;

public readonly partial struct Tensor
{
    /// <summary>The same elements in another shape.</summary>
    /// <param name="shape">
    /// The new shape. One length that is not known is worked out at run time; further ones must stand where this tensor has the same.
    /// </param>
    /// <exception cref="ArgumentException">The lengths that are not known cannot be worked out.</exception>
    public Tensor Reshape(Shape shape)
    {
        if (shape == Shape)
            return this;
        // For ONNX 0 is the length that the axis has already, and -1 the one that is left over.
        long[] target = shape.ToArray(unknown: -1);
        for (int i = 0, unknown = shape.UnknownCount; i < target.Length && unknown > 1; i++)
        {
            if (target[i] == -1 && i < Rank && Shape[i] == shape[i])
                (target[i], unknown) = (0, unknown - 1);
        }

        if (target.Count(l => l == -1) > 1)
            throw new ArgumentException($"{shape} leaves more than one length open; reshape to a value's shape instead.", nameof(shape));
        return Raw("Reshape", [this, Graph.Constant(IsMapped ? [0, .. target] : target)], Type, shape, IsMapped);
    }

    /// <summary>The same elements along one axis.</summary>
    public Tensor Flatten() => Reshape(new Shape(Shape.Size));

    /// <summary>The same elements in the shape of another value, which need not be known before the run.</summary>
    public Tensor ReshapeLike(Tensor other)
    {
        if (other.Shape == Shape)
            return this;
        if (other.Shape.UnknownCount <= 1)
            return Reshape(other.Shape);
        var lengths = other.RuntimeShape(other.IsMapped ? 1 : 0);
        var target = IsMapped ? Concat(0, Graph.Constant(0), lengths) : lengths;
        return Raw("Reshape", [this, target], Type, other.Shape, IsMapped);
    }

    /// <summary>The tensor repeated to another value's shape, by the rules of broadcasting.</summary>
    public Tensor ExpandLike(Tensor other)
    {
        if (Shape == other.Shape)
            return this;
        var aligned = AlignedTo(other.Rank);
        if (ExpansionTo(aligned.Shape, other.Shape) is { } known)
            return aligned.Expand(other.Shape, Graph.Constant(IsMapped ? [1, .. known] : known));
        var lengths = other.RuntimeShape(other.IsMapped ? 1 : 0);
        return aligned.Expand(other.Shape, IsMapped ? Concat(0, Graph.Constant(1), lengths) : lengths);
    }

    /// <summary>The tensor repeated to a shape, by the rules of broadcasting. A length open in the shape must be open here too.</summary>
    public Tensor ExpandTo(Shape shape)
    {
        if (Shape == shape)
            return this;
        var aligned = AlignedTo(shape.Rank);
        long[] lengths = ExpansionTo(aligned.Shape, shape)
            ?? throw new ArgumentException($"{Shape} cannot be repeated to {shape}: a length is not known.", nameof(shape));
        return aligned.Expand(shape, Graph.Constant(IsMapped ? [1, .. lengths] : lengths));
    }

    /// <summary>The axes in another order: axis i of the result is axis <c>order[i]</c> of this.</summary>
    public Tensor Transpose(ReadOnlySpan<long> order)
    {
        var lengths = new Dimension[Rank];
        bool same = true;
        for (int i = 0; i < Rank; i++)
        {
            lengths[i] = Shape[(int)order[i]];
            same &= order[i] == i;
        }

        if (same)
            return this;
        long[] placed = IsMapped ? [0, .. Placed(order)] : order.ToArray();
        return Raw("Transpose", [this], Type, new Shape(lengths), IsMapped, ("perm", placed));
    }

    /// <summary>Swaps the last two axes.</summary>
    public Tensor TransposeMatrix() =>
        Transpose([.. Enumerable.Range(0, Rank - 2).Select(i => (long)i), Rank - 1, Rank - 2]);

    /// <summary>Puts axes of length 1 where <paramref name="axes"/> say, counted in the result.</summary>
    public Tensor Unsqueeze(params ReadOnlySpan<long> axes)
    {
        if (axes.IsEmpty)
            return this;
        int rank = Rank + axes.Length;
        long[] places = Array.ConvertAll(axes.ToArray(), a => a < 0 ? a + rank : a);
        var lengths = new List<Dimension>();
        for (int i = 0, own = 0; i < rank; i++)
            lengths.Add(Array.IndexOf(places, i) >= 0 ? 1 : Shape[own++]);
        int shift = IsMapped ? 1 : 0;
        long[] placed = Array.ConvertAll(places, a => a + shift);
        return Raw("Unsqueeze", [this, Graph.Constant(placed)], Type, new Shape([.. lengths]), IsMapped);
    }

    /// <summary>Removes axes of length 1.</summary>
    public Tensor Squeeze(params ReadOnlySpan<long> axes)
    {
        if (axes.IsEmpty)
            return this;
        long[] placed = Placed(axes);
        return Raw("Squeeze", [this, Graph.Constant(placed)], Type, Without(placed, keep: false), IsMapped);
    }

    /// <summary>Tensors one after the other along an axis.</summary>
    public static Tensor Concat(long axis, params ReadOnlySpan<Tensor> parts)
    {
        if (parts.Length == 1)
            return parts[0];
        bool mapped = false;
        Tensor model = parts[0];
        foreach (var part in parts)
        {
            if (part.IsMapped && !mapped)
                (mapped, model) = (true, part);
        }

        int place = model.Shape.Axis(axis);
        var inputs = new Tensor?[parts.Length];
        Dimension length = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            inputs[i] = mapped ? parts[i].MappedAs(model) : parts[i];
            length += parts[i].Shape[place];
        }

        return Raw("Concat", inputs, model.Type, model.Shape.With(place, length), mapped, ("axis", model.Placed(axis)));
    }

    /// <summary>Cuts the tensor along an axis into parts of the given lengths.</summary>
    public Tensor[] Split(long axis, ReadOnlySpan<long> lengths)
    {
        var node = Graph.NewNode("Split", [this, Graph.Constant(lengths)], [("axis", Placed(axis))], outputs: lengths.Length);
        var parts = new Tensor[lengths.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            var shape = Shape.With(Shape.Axis(axis), lengths[i]);
            Graph.Declare(node.Output[i], Type, shape);
            parts[i] = new(Graph, node.Output[i], Type, shape, IsMapped);
        }

        return parts;
    }

    /// <summary>
    /// Cuts the tensor along an axis into parts as long as those of other tensors, which need not be known before the run.
    /// </summary>
    public Tensor[] SplitLike(long axis, ReadOnlySpan<Tensor> parts)
    {
        int place = Shape.Axis(axis);
        var lengths = new Tensor[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            int own = place + (parts[i].IsMapped ? 1 : 0);
            lengths[i] = parts[i].RuntimeShape(own, own + 1);
        }

        var node = Graph.NewNode("Split", [this, Concat(0, lengths)], [("axis", Placed(axis))], outputs: parts.Length);
        var result = new Tensor[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            var shape = Shape.With(place, parts[i].Shape[place]);
            Graph.Declare(node.Output[i], Type, shape);
            result[i] = new(Graph, node.Output[i], Type, shape, IsMapped);
        }

        return result;
    }

    /// <summary>The tensor's shape as a vector of integers at run time, the mapped axis left out.</summary>
    public Tensor ShapeAtRunTime() => RuntimeShape(IsMapped ? 1 : 0);

    /// <summary>
    /// The same value for every position of the mapped axis of <paramref name="other"/>; unchanged if it is
    /// mapped already or the other is not.
    /// </summary>
    public Tensor MappedAs(Tensor other)
    {
        if (IsMapped || !other.IsMapped)
            return this;
        Tensor[] lengths = [other.RuntimeShape(0, 1), .. Enumerable.Repeat(Graph.Constant(1), Rank)];
        return Raw("Expand", [this, Concat(0, lengths)], Type, Shape, mapped: true);
    }

    /// <summary>Zeros of the shape of the tensor, mapped if it is.</summary>
    /// <param name="type">Their element type; the tensor's own where it is not given.</param>
    public Tensor ZerosLike(ElementType? type = null)
    {
        var own = type ?? Type;
        return IsMapped || !Shape.IsStatic
            ? Raw("ConstantOfShape", [RuntimeShape(0)], own, Shape, IsMapped, ("value", TensorData.Number("", own, new Shape(1), 0)))
            : Graph.Constant(0, own).ExpandTo(Shape);
    }

    /// <summary>The elements below (or above) a diagonal of the last two axes set to 0.</summary>
    /// <param name="upper">Whether the upper triangle is kept; else the lower one.</param>
    /// <param name="diagonal">Which diagonal bounds what is kept: 0 the main one, positive ones lie above it.</param>
    public Tensor Triangle(bool upper, long diagonal) =>
        Raw("Trilu", [this, Graph.Scalar(diagonal)], Type, Shape, IsMapped, ("upper", upper ? 1L : 0L));

    /// <summary>0, 1, 2 ... up to the length of an axis, as a vector of integers.</summary>
    public Tensor Positions(int axis)
    {
        int own = axis + (IsMapped ? 1 : 0);
        var length = RuntimeShape(own, own + 1).Squeeze(0);
        return Raw("Range", [Graph.Scalar(0), length, Graph.Scalar(1)], ElementType.Int64, new Shape(Shape[axis]), mapped: false);
    }

    /// <summary>The lengths to hand to Expand, 1 where nothing is repeated; null if a length to repeat to is not known.</summary>
    private static long[]? ExpansionTo(Shape from, Shape to)
    {
        long[] lengths = new long[to.Rank];
        for (int i = 1; i <= to.Rank; i++)
        {
            Dimension own = i <= from.Rank ? from[-i] : 1;
            if (own == to[-i])
                lengths[^i] = 1;
            else if (!to[-i].IsKnown)
                return null;
            else
                lengths[^i] = to[-i].Value;
        }

        return lengths;
    }

    private Tensor Expand(Shape shape, Tensor lengths) => Raw("Expand", [this, lengths], Type, shape, IsMapped);
}
