namespace OnnxGrad.Rules;

/// <summary>Maxima, means and norms over windows and over all positions.</summary>
internal static class PoolingRules
{
    public static readonly Dictionary<string, VjpRule> Table = new()
    {
        ["GlobalAveragePool"] = static c => [c.Dy.DividedByCount(c.X(), SpatialAxes(c.X()))],
        ["GlobalMaxPool"] = static c => [GlobalMax(c)],
        ["GlobalLpPool"] = static c => [PowerGradient(c, c.Dy, c.Y())],
        ["AveragePool"] = static c => [AverageGradient(c)],
        ["MaxPool"] = static c => [MaxGradient(c)],
        ["LpPool"] = static c => [LpGradient(c)],
        ["MaxUnpool"] = static c => [c.Dy.Flatten().GatherElements(c.X(1).Flatten(), 0).ReshapeLike(c.X())],
    };

    private static long[] SpatialAxes(Tensor x) => [.. Enumerable.Range(2, x.Rank - 2).Select(i => (long)i)];

    /// <summary>One position takes the whole gradient, as in PyTorch: the first of equal maxima.</summary>
    private static Tensor GlobalMax(VjpContext c)
    {
        var x = c.X();
        var positions = x.Shape.Product(2, x.Rank);
        var flat = x.Reshape(new Shape(x.Shape[0], x.Shape[1], positions));
        var first = flat.ArgMax(2).Squeeze(2).OneHot(positions.Value, 2, x.Type);
        return (c.Dy.Reshape(new Shape(x.Shape[0], x.Shape[1], 1)) * first).ReshapeLike(x);
    }

    /// <summary>sign(x) |x|^(p-1) times dy / y^(p-1), for y the p-norm of x; 0 where the norm is.</summary>
    private static Tensor PowerGradient(VjpContext c, Tensor dy, Tensor y) => PowerOfInput(c) * OverPowerOfNorm(c, dy, y);

    private static Tensor PowerOfInput(VjpContext c) => c.Int("p", 2) switch
    {
        1 => c.X().Sign(),
        2 => c.X(),
        long p => c.X().Sign() * c.X().Abs().Pow(p - 1),
    };

    private static Tensor OverPowerOfNorm(VjpContext c, Tensor dy, Tensor y) => c.Int("p", 2) switch
    {
        1 => dy,
        long p => Tensor.Where(y > 0, dy / (p == 2 ? y : y.Pow(p - 1)), 0),
    };

    private static Tensor LpGradient(VjpContext c) =>
        PowerOfInput(c) * Spread(OverPowerOfNorm(c, c.Dy, c.Y()), SlidingWindow.Of(c, c.Ints("kernel_shape")!, c.X().Shape, c.Y().Shape));

    private static Tensor AverageGradient(VjpContext c)
    {
        var window = SlidingWindow.Of(c, c.Ints("kernel_shape")!, c.X().Shape, c.Y().Shape);
        long[]? pads = c.Ints("pads");
        bool countPadding = c.Int("count_include_pad", 0) != 0;
        double[] counts = [1];
        for (int i = 0; i < window.Axes; i++)
        {
            // The padding that counts is what the node names; what ceil_mode adds beyond it does not.
            long end = !countPadding ? window.Input[i]
                : c.Text("auto_pad", "NOTSET") == "NOTSET" ? window.Input[i] + (pads?[window.Axes + i] ?? 0)
                : window.Input[i] + Math.Max(0, window.After(i));
            long start = countPadding ? -window.Before[i] : 0;
            counts = [.. counts.SelectMany(before => Enumerable.Range(0, (int)window.Output[i]).Select(o =>
                before * Enumerable.Range(0, (int)window.Kernel[i]).Count(t =>
                    (o * window.Strides[i]) + (t * window.Dilations[i]) - window.Before[i] is long at && at >= start && at < end)))];
        }

        var share = counts.All(n => n == counts[0]) ? c.Dy / counts[0]
            : c.Dy / c.Graph.Constant(c.Dy.Type, new Shape([1, 1, .. window.Output]), counts);
        return Spread(share, window);
    }

    /// <summary>The adjoint of the sum over windows: every element gets the sum of what the windows that see it carry.</summary>
    private static Tensor Spread(Tensor dy, SlidingWindow window)
    {
        if (!window.Overlaps && window.IsUndilated)
            return Repeated(dy, window);
        // The sum over a window is separable: one axis after the other.
        for (int i = 0; i < window.Axes; i++)
        {
            var axis = window.Along(i);
            Tensor? sum = null;
            foreach (long[] offset in axis.Offsets)
            {
                var part = axis.Place(dy, offset);
                sum = sum is { } before ? before + part : part;
            }

            dy = sum!.Value;
        }

        return dy;
    }

    /// <summary>Windows that do not overlap: each element is repeated over its window.</summary>
    private static Tensor Repeated(Tensor dy, SlidingWindow window)
    {
        var x = dy.Unsqueeze([.. Enumerable.Range(0, window.Axes).Select(i => 3L + (2 * i))]);
        Dimension[] split = [dy.Shape[0], dy.Shape[1],
            .. Enumerable.Range(0, window.Axes).SelectMany(i => new Dimension[] { window.Output[i], window.Kernel[i] })];
        long[] gaps = [0, 0, .. Enumerable.Range(0, window.Axes).SelectMany(i => new[] { 0, window.Strides[i] - window.Kernel[i] })];
        Dimension[] merged =
            [dy.Shape[0], dy.Shape[1], .. Enumerable.Range(0, window.Axes).Select(i => window.Output[i] * window.Strides[i])];
        long[] after = [0, 0,
            .. Enumerable.Range(0, window.Axes).Select(i => window.Input[i] + window.Before[i] - (window.Output[i] * window.Strides[i]))];
        return x.ExpandTo(new Shape(split)).Pad(new long[gaps.Length], gaps).Reshape(new Shape(merged))
            .Pad([0, 0, .. window.Before.Select(b => -b)], after);
    }

    /// <summary>The first of equal maxima takes the gradient, as in PyTorch.</summary>
    private static Tensor MaxGradient(VjpContext c)
    {
        if (c.Int("storage_order", 0) != 0)
            throw c.Unsupported("its indices are stored column by column");
        var x = c.X();
        // A second node finds the positions: if the first one had to, ONNX Runtime would run it with a slower kernel.
        var positions = c.Graph.Duplicate(c.Node, 1, ElementType.Int64, c.Y().Shape);
        var window = SlidingWindow.Of(c, c.Ints("kernel_shape")!, x.Shape, c.Y().Shape);
        // No element is the maximum of two windows: what arrives is written, not added up. MaxUnpool
        // knows no mapped axis, and single precision only.
        if (!window.Overlaps && window.IsUndilated && window.Before.All(b => b == 0)
            && Enumerable.Range(0, window.Axes).All(i => window.After(i) <= 0)
            && !c.Dy.IsMapped && c.Dy.Type == ElementType.Float)
        {
            var lengths = x.Shape.IsStatic ? c.Graph.Constant(x.Shape.ToArray()) : x.ShapeAtRunTime();
            return c.Graph.Append("MaxUnpool", [c.Dy, positions, lengths], c.Dy.Type, x.Shape,
                ("kernel_shape", window.Kernel), ("strides", window.Strides));
        }

        return x.ZerosLike(c.Dy.Type).Flatten().ScatterElements(positions.Flatten(), c.Dy.Flatten(), 0).ReshapeLike(x);
    }
}
