namespace OnnxGrad.Rules;

/// <summary>
/// How the windows of one convolution or pooling lie on its input: window o of an axis sees the elements o stride + t dilation - before,
/// t from 0 to the kernel's length. What the node's auto_pad and ceil_mode mean is settled here, by the lengths that the node really makes.
/// </summary>
internal sealed class SlidingWindow
{
    private SlidingWindow(long[] kernel, long[] strides, long[] dilations, long[] before, long[] input, long[] output)
    {
        Kernel = kernel;
        Strides = strides;
        Dilations = dilations;
        Before = before;
        Input = input;
        Output = output;
    }

    /// <summary>The window's lengths.</summary>
    public long[] Kernel { get; }

    /// <summary>Steps of the window.</summary>
    public long[] Strides { get; }

    /// <summary>Distances between the window's elements.</summary>
    public long[] Dilations { get; }

    /// <summary>Padding at the start of each axis; negative where elements at the start are left out.</summary>
    public long[] Before { get; }

    /// <summary>The lengths of the axes that the windows move over.</summary>
    public long[] Input { get; }

    /// <summary>How many windows there are along each axis.</summary>
    public long[] Output { get; }

    /// <summary>The number of spatial axes.</summary>
    public int Axes => Kernel.Length;

    /// <summary>The number of elements in a window.</summary>
    public long Size => Kernel.Aggregate(1L, (a, b) => a * b);

    /// <summary>Whether an element may lie in several windows.</summary>
    public bool Overlaps => Enumerable.Range(0, Axes).Any(i => Extent(i) > Strides[i]);

    /// <summary>Whether every window moves by one.</summary>
    public bool IsDense => Strides.All(s => s == 1);

    /// <summary>Whether a window's elements lie side by side.</summary>
    public bool IsUndilated => Enumerable.Range(0, Axes).All(i => Dilations[i] == 1 || Kernel[i] == 1);

    /// <summary>The offsets within a window, row by row.</summary>
    public IEnumerable<long[]> Offsets
    {
        get
        {
            for (long k = 0; k < Size; k++)
            {
                long[] offset = new long[Axes];
                long rest = k;
                for (int i = Axes - 1; i >= 0; i--)
                    (rest, offset[i]) = Math.DivRem(rest, Kernel[i]);
                yield return offset;
            }
        }
    }

    /// <summary>The windows of a Conv or pooling node.</summary>
    /// <param name="c">The node.</param>
    /// <param name="kernel">The window's lengths.</param>
    /// <param name="input">[N, C, spatial...] of what the windows move over.</param>
    /// <param name="output">[N, C, spatial...] of what there is one element a window of.</param>
    public static SlidingWindow Of(VjpContext c, long[] kernel, Shape input, Shape output)
    {
        int axes = kernel.Length;
        var window = new SlidingWindow(kernel, c.Ints("strides") ?? Filled(axes, 1), c.Ints("dilations") ?? Filled(axes, 1),
            c.Ints("pads")?[..axes] ?? new long[axes], Spatial(input), Spatial(output));
        string auto = c.Text("auto_pad", "NOTSET");
        for (int i = 0; i < axes && auto != "NOTSET"; i++)
        {
            long total = Math.Max(0, ((window.Output[i] - 1) * window.Strides[i]) + window.Extent(i) - window.Input[i]);
            window.Before[i] = auto switch { "SAME_UPPER" => total / 2, "SAME_LOWER" => total - (total / 2), _ => 0 };
        }

        return window;
    }

    /// <summary>The same windows with other padding at the start of each axis.</summary>
    public SlidingWindow PaddedBy(long[] before) => new(Kernel, Strides, Dilations, before, Input, Output);

    /// <summary>Windows of the same kind that move over what there is one element a window of.</summary>
    /// <param name="before">Their padding at the start of each axis.</param>
    public SlidingWindow Reversed(long[] before) => new(Kernel, Strides, Dilations, before, Output, Input);

    /// <summary>The lengths of the axes from the third on.</summary>
    public static long[] Spatial(Shape shape) => shape.Slice(2, shape.Rank - 2).ToArray();

    /// <summary>How far a window reaches along an axis.</summary>
    public long Extent(int axis) => (Dilations[axis] * (Kernel[axis] - 1)) + 1;

    /// <summary>How far the last window reaches past the end of an axis; negative where elements at the end are left over.</summary>
    public long After(int axis) => ((Output[axis] - 1) * Strides[axis]) + Extent(axis) - Input[axis] - Before[axis];

    /// <summary>The input padded (and what no window reaches at its end cut off) so that the first window starts at 0.</summary>
    /// <param name="x">[N, C, spatial...].</param>
    /// <param name="value">What is put around it.</param>
    public Tensor Padded(Tensor x, double value = 0) =>
        x.Pad([0, 0, .. Before], [0, 0, .. Enumerable.Range(0, Axes).Select(After)], value);

    /// <summary>What every window sees at one offset.</summary>
    /// <param name="padded">The input as <see cref="Padded"/> makes it.</param>
    /// <param name="offset">The position within the window.</param>
    public Tensor At(Tensor padded, long[] offset)
    {
        long[] axes = [.. Enumerable.Range(2, Axes).Select(i => (long)i)];
        long[] starts = [.. offset.Select((o, i) => o * Dilations[i])];
        long[] ends = [.. starts.Select((s, i) => s + ((Output[i] - 1) * Strides[i]) + 1)];
        return padded.Slice(axes, starts, ends, Strides);
    }

    /// <summary>
    /// The adjoint of <see cref="Padded"/> followed by <see cref="At"/>: one element a window, put where the window
    /// has that offset; zeros elsewhere.
    /// </summary>
    public Tensor Place(Tensor dy, long[] offset)
    {
        long[] before = [.. offset.Select((o, i) => (o * Dilations[i]) - Before[i])];
        return dy.Spread(Strides).Pad([0, 0, .. before], [0, 0, .. before.Select((b, i) => Input[i] - b - (Output[i] * Strides[i]))]);
    }

    /// <summary>The part of the window along one axis: on the others a window of one element each.</summary>
    public SlidingWindow Along(int axis)
    {
        long[] ones = Filled(Axes, 1);
        return new(With(ones, Kernel[axis]), With(ones, Strides[axis]), With(ones, Dilations[axis]), With(new long[Axes], Before[axis]),
            [.. Input.Select((n, i) => i < axis ? Input[i] : i == axis ? n : Output[i])],
            [.. Output.Select((n, i) => i < axis ? Input[i] : n)]);

        long[] With(long[] values, long value) => [.. values.Select((v, i) => i == axis ? value : v)];
    }

    private static long[] Filled(int count, long value)
    {
        long[] filled = new long[count];
        Array.Fill(filled, value);
        return filled;
    }
}
