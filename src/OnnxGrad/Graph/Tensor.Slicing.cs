namespace OnnxGrad;

public readonly partial struct Tensor
{
    /// <summary>
    /// A part along one axis: from <paramref name="start"/> up to <paramref name="end"/> (exclusive) in steps;
    /// ONNX's rules for negative numbers.
    /// </summary>
    public Tensor Slice(long axis, long start, long end, long step = 1) => Slice([axis], [start], [end], [step]);

    /// <summary>A part along several axes: starts, ends (exclusive) and steps as in ONNX's Slice.</summary>
    public Tensor Slice(ReadOnlySpan<long> axes, ReadOnlySpan<long> starts, ReadOnlySpan<long> ends, ReadOnlySpan<long> steps)
    {
        var shape = Shape;
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = Shape.Axis(axes[i]);
            shape = shape.With(axis, SliceLength(Shape[axis], starts[i], ends[i], steps[i]));
        }

        return Raw("Slice", [this, Graph.Constant(starts), Graph.Constant(ends), Graph.Constant(Placed(axes)), Graph.Constant(steps)],
            Type, shape, IsMapped);
    }

    /// <summary>The elements along the axes in reverse.</summary>
    public Tensor Flip(params ReadOnlySpan<long> axes)
    {
        if (axes.IsEmpty)
            return this;
        long[] starts = new long[axes.Length], ends = new long[axes.Length], steps = new long[axes.Length];
        Array.Fill(starts, -1);
        Array.Fill(ends, long.MinValue + 1);
        Array.Fill(steps, -1);
        return Raw("Slice", [this, Graph.Constant(starts), Graph.Constant(ends), Graph.Constant(Placed(axes)), Graph.Constant(steps)],
            Type, Shape, IsMapped);
    }

    /// <summary>Zeros (or another number) around the tensor; negative counts cut off.</summary>
    /// <param name="before">How many at the start of each axis.</param>
    /// <param name="after">How many at the end of each axis.</param>
    /// <param name="value">What is put there.</param>
    public Tensor Pad(ReadOnlySpan<long> before, ReadOnlySpan<long> after, double value = 0)
    {
        Dimension[] lengths = [.. Shape];
        bool none = true;
        for (int i = 0; i < Rank; i++)
        {
            none &= before[i] == 0 && after[i] == 0;
            lengths[i] += before[i] + after[i];
        }

        if (none)
            return this;
        long[] pads = IsMapped ? [0, .. before, 0, .. after] : [.. before, .. after];
        return Raw("Pad", [this, Graph.Constant(pads), Number(value)], Type, new Shape(lengths), IsMapped);
    }

    /// <summary>
    /// [N, C, spatial...] with zeros between the elements, one fewer than the stride of the axis; as many stand after the last element.
    /// </summary>
    /// <param name="strides">One a spatial axis.</param>
    public Tensor Spread(params ReadOnlySpan<long> strides)
    {
        long[] axes = new long[strides.Length];
        List<long> gaps = [0, 0];
        List<Dimension> merged = [Shape[0], Shape[1]];
        bool none = true;
        for (int i = 0; i < strides.Length; i++)
        {
            none &= strides[i] == 1;
            axes[i] = 3 + (2 * i);
            gaps.AddRange([0, strides[i] - 1]);
            merged.Add(Shape[i + 2] * strides[i]);
        }

        return none ? this : Unsqueeze(axes).Pad(new long[gaps.Count], [.. gaps]).Reshape(new Shape([.. merged]));
    }

    /// <summary>How many elements ONNX's Slice takes along an axis.</summary>
    internal static Dimension SliceLength(Dimension length, long start, long end, long step) =>
        length.IsKnown ? SliceLength(length.Value, start, end, step)
        : start == 0 && end >= int.MaxValue && step == 1 ? length
        : new Dimension($"({length})[{start}:{end}:{step}]");

    /// <summary>How many elements ONNX's Slice takes along an axis of a known length.</summary>
    internal static long SliceLength(long length, long start, long end, long step)
    {
        long first = Math.Clamp(start < 0 ? Math.Max(start + length, -1) : start, step < 0 ? -1 : 0, step < 0 ? length - 1 : length);
        long last = Math.Clamp(end < 0 ? (end < -length ? -1 : end + length) : end, step < 0 ? -1 : 0, step < 0 ? length - 1 : length);
        return step > 0 ? Math.Max(0, (last - first + step - 1) / step) : Math.Max(0, (first - last - step - 1) / -step);
    }
}
