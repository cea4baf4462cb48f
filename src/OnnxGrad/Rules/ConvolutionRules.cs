namespace OnnxGrad.Rules;

/// <summary>Convolutions of any number of axes, and transposed ones.</summary>
internal static class ConvolutionRules
{
    public static readonly Dictionary<string, VjpRule> Table = new()
    {
        ["Conv"] = static c =>
        {
            var weight = c.X(1);
            var window = SlidingWindow.Of(c, SlidingWindow.Spatial(weight.Shape), c.X(0).Shape, c.Y().Shape);
            return
            [
                c.Needs(0) ? InputGradient(c.Dy, weight, window, c.Int("group", 1)) : null,
                c.Needs(1) ? WeightGradient(c.X(0), c.Dy, window, c.Int("group", 1)) : null,
                c.Needs(2) ? BiasGradient(c.Dy) : null,
            ];
        },

        // A transposed convolution is the adjoint of a convolution: that one is its derivative, with x and y in each other's place.
        ["ConvTranspose"] = static c =>
        {
            var weight = c.X(1);
            var window = Transposed(c, SlidingWindow.Of(c, SlidingWindow.Spatial(weight.Shape), c.Y().Shape, c.X(0).Shape));
            return
            [
                c.Needs(0) ? Convolve(c.Dy, weight, window, c.Int("group", 1)) : null,
                c.Needs(1) ? WeightGradient(c.Dy, c.X(0), window, c.Int("group", 1)) : null,
                c.Needs(2) ? BiasGradient(c.Dy) : null,
            ];
        },
    };

    private static Tensor InputGradient(Tensor dy, Tensor weight, SlidingWindow window, long group)
    {
        if (!window.IsDense)
        {
            var forward = new Window(window.Strides, window.Dilations, Pads(window));
            return dy.ConvTranspose(weight, forward, window.Input, group);
        }

        // Of windows that move by one, the adjoint is a convolution with turned and transposed kernels, which is faster than ConvTranspose.
        long[] before = [.. Enumerable.Range(0, window.Axes).Select(i => window.Extent(i) - 1 - window.Before[i])];
        return Convolve(dy, Turned(weight, group), window.Reversed(before), group);
    }

    /// <summary>
    /// [O, C / group, kernel...] as the kernels of the adjoint, [C, O / group, kernel...]; ONNX Runtime folds it
    /// where the weights are constant.
    /// </summary>
    private static Tensor Turned(Tensor weight, long group)
    {
        var shape = weight.Shape;
        long[] spatial = SlidingWindow.Spatial(shape);
        long[] axes = [.. Enumerable.Range(2, spatial.Length).Where(i => shape[i] != 1).Select(i => (long)i)];
        var flipped = weight.Flip(axes);
        if (group == 1)
            return flipped.Transpose([1, 0, .. Enumerable.Range(2, spatial.Length).Select(i => (long)i)]);
        long inputs = shape[1].Value, outputs = shape[0].Value / group;
        return flipped.Reshape(new Shape([group, outputs, inputs, .. spatial]))
            .Transpose([0, 2, 1, .. Enumerable.Range(3, spatial.Length).Select(i => (long)i)])
            .Reshape(new Shape([group * inputs, outputs, .. spatial]));
    }

    /// <summary>The convolution of the window; a negative pad cuts off.</summary>
    private static Tensor Convolve(Tensor x, Tensor weight, SlidingWindow window, long group)
    {
        long[] before = [.. window.Before.Select(b => Math.Min(b, 0))];
        // Elements left over at the end that do not make a window more need no cutting.
        long[] after = [.. Enumerable.Range(0, window.Axes).Select(i => -window.After(i) >= window.Strides[i] ? window.After(i) : 0)];
        var cut = x.Pad([0, 0, .. before], [0, 0, .. after]);
        return cut.Conv(weight, null, new Window(window.Strides, window.Dilations, Pads(window)), group);
    }

    /// <summary>
    /// [O, C / group, kernel...]: at each offset t of the window, the products of what the windows see there and what they make, summed.
    /// </summary>
    private static Tensor WeightGradient(Tensor wide, Tensor narrow, SlidingWindow window, long group)
    {
        long inputs = wide.Shape[1].Value, outputs = narrow.Shape[1].Value, windows = window.Output.Aggregate(1L, (a, b) => a * b);
        var rows = narrow.Reshape(new Shape(narrow.Shape[0], group, outputs / group, windows));
        var padded = window.Padded(wide);
        Tensor[] products =
        [
            .. window.Offsets.Select(offset =>
            {
                var columns = window.At(padded, offset).Reshape(new Shape(wide.Shape[0], group, inputs / group, windows));
                return rows.MatMul(columns.TransposeMatrix()).Sum([0], keep: false).Unsqueeze(3);
            }),
        ];
        return Tensor.Concat(3, products).Reshape(new Shape([outputs, inputs / group, .. window.Kernel]));
    }

    private static Tensor BiasGradient(Tensor dy) => dy.Sum([0, .. Enumerable.Range(2, dy.Rank - 2).Select(i => (long)i)], keep: false);

    private static long[] Pads(SlidingWindow window) =>
        [.. window.Before.Select(b => Math.Max(b, 0)), .. Enumerable.Range(0, window.Axes).Select(i => Math.Max(window.After(i), 0))];

    /// <summary>Where a transposed convolution is given the shape it makes, its padding follows from that shape.</summary>
    private static SlidingWindow Transposed(VjpContext c, SlidingWindow window)
    {
        string auto = c.Text("auto_pad", "NOTSET");
        if (c.Ints("output_shape") is null && auto is "NOTSET" or "VALID")
            return window;
        long[] extra = c.Ints("output_padding") ?? new long[window.Axes];
        long[] before = new long[window.Axes];
        for (int i = 0; i < before.Length; i++)
        {
            long total = Math.Max(0, window.After(i) + window.Before[i] + extra[i]);
            before[i] = auto == "SAME_UPPER" ? total / 2 : total - (total / 2);
        }

        return window.PaddedBy(before);
    }
}
