namespace OnnxGrad;

public readonly partial struct Tensor
{
    /// <summary>A convolution: [N, C, spatial...] with weights [O, C / group, kernel...] gives [N, O, spatial...].</summary>
    /// <param name="weight">The kernels; not mapped.</param>
    /// <param name="bias">[O], or null.</param>
    /// <param name="window">Strides, dilations and pads.</param>
    /// <param name="group">The number of groups of channels.</param>
    public Tensor Conv(Tensor weight, Tensor? bias, Window window, long group = 1)
    {
        var spatial = window.OutputLengths(Shape, weight.Shape.Slice(2, weight.Rank - 2));
        var folded = Fold();
        var shape = new Shape([folded.Shape[0], weight.Shape[0], .. spatial]);
        return Unfold(Raw("Conv", [folded, weight, bias], Type, shape, mapped: false,
            ("dilations", window.Dilations.ToArray()), ("group", group),
            ("pads", window.Pads.ToArray()), ("strides", window.Strides.ToArray())));
    }

    /// <summary>
    /// A transposed convolution, the adjoint of <see cref="Conv"/>: [N, O, spatial...] with weights
    /// [O, C / group, kernel...] gives [N, C, spatial...].
    /// </summary>
    /// <param name="weight">The kernels; not mapped.</param>
    /// <param name="window">Strides, dilations and pads of the convolution it is the adjoint of.</param>
    /// <param name="spatial">The lengths of the result's spatial axes.</param>
    /// <param name="group">The number of groups of channels.</param>
    public Tensor ConvTranspose(Tensor weight, Window window, ReadOnlySpan<long> spatial, long group = 1)
    {
        int axes = Rank - 2;
        long[] extra = new long[axes];
        for (int i = 0; i < axes; i++)
            extra[i] = spatial[i] - window.AdjointLength(i, Shape[i + 2].Value, weight.Shape[i + 2].Value);
        var folded = Fold();
        var shape = new Shape([folded.Shape[0], weight.Shape[1] * group, .. new Shape(spatial)]);
        return Unfold(Raw("ConvTranspose", [folded, weight], Type, shape, mapped: false,
            ("dilations", window.Dilations.ToArray()), ("group", group), ("output_padding", extra),
            ("pads", window.Pads.ToArray()), ("strides", window.Strides.ToArray())));
    }

    /// <summary>The maximum in each window of [N, C, spatial...].</summary>
    public Tensor MaxPool(ReadOnlySpan<long> kernel, Window window) =>
        Pool("MaxPool", kernel, window, ("dilations", window.Dilations.ToArray()));

    /// <summary>The mean in each window of [N, C, spatial...], of undilated windows.</summary>
    /// <param name="kernel">The window's lengths.</param>
    /// <param name="window">Strides and pads.</param>
    /// <param name="countPadding">Whether padding counts as zeros; else it does not count.</param>
    public Tensor AveragePool(ReadOnlySpan<long> kernel, Window window, bool countPadding = false) =>
        Pool("AveragePool", kernel, window, ("count_include_pad", countPadding ? 1L : 0L));

    /// <summary>Bilinear (linear, trilinear) resizing of [N, C, spatial...]: half-pixel centres, edges clamped, no antialiasing.</summary>
    /// <param name="spatial">The new lengths of the spatial axes.</param>
    public Tensor ResizeLinear(Shape spatial)
    {
        var folded = Fold();
        var shape = new Shape([folded.Shape[0], Shape[1], .. spatial]);
        long[] axes = [.. Enumerable.Range(2, spatial.Rank).Select(i => (long)i)];
        return Unfold(Raw("Resize", [folded, null, null, Graph.Constant(spatial.ToArray())], Type, shape, mapped: false,
            ("axes", axes), ("coordinate_transformation_mode", "half_pixel"), ("mode", "linear")));
    }

    private Tensor Pool(string op, ReadOnlySpan<long> kernel, Window window, (string, object) option)
    {
        var spatial = window.OutputLengths(Shape, new Shape(kernel));
        var folded = Fold();
        var shape = new Shape([folded.Shape[0], Shape[1], .. spatial]);
        return Unfold(Raw(op, [folded], Type, shape, mapped: false,
            option, ("kernel_shape", kernel.ToArray()), ("pads", window.Pads.ToArray()), ("strides", window.Strides.ToArray())));
    }
}
