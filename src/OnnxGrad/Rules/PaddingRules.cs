namespace OnnxGrad.Rules;

/// <summary>Padding, and the exchange of channels for positions.</summary>
internal static class PaddingRules
{
    public static readonly Dictionary<string, VjpRule> Table = new()
    {
        ["Pad"] = static c => c.Text("mode", "constant") == "constant" ? Cut(c) : [Folded(c), null, c.HasInput(2) ? c.Zero(2) : null],
        ["DepthToSpace"] = static c => [c.Text("mode", "DCR") == "DCR" ? Gathered(c, [0, 3, 5, 1, 2, 4]) : Gathered(c, [0, 1, 3, 5, 2, 4])],
        ["SpaceToDepth"] = static c => [Scattered(c)],
    };

    private static Tensor?[] Cut(VjpContext c)
    {
        var (before, after) = Counts(c);
        var kept = c.Dy.Pad([.. before.Select(n => -n)], [.. after.Select(n => -n)]);
        if (!c.Needs(2))
            return [kept];
        // The value is repeated wherever nothing was kept.
        var padding = (kept.ZerosLike() + 1).Pad(before, after).EqualTo(0);
        return [kept, null, Tensor.Where(padding, c.Dy, 0).Sum([], keep: false)];
    }

    /// <summary>What was repeated at the edges is added where it came from.</summary>
    private static Tensor Folded(VjpContext c)
    {
        var (before, after) = Counts(c);
        var shape = c.X().Shape;
        string mode = c.Text("mode", "constant");
        var dy = c.Dy;
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            if (before[axis] == 0 && after[axis] == 0)
                continue;
            if (!shape[axis].IsKnown)
                throw c.Unsupported("it pads an axis whose length is known only when the model runs");
            long length = shape[axis].Value;
            var sources = Enumerable.Range(0, (int)(length + before[axis] + after[axis]))
                .Select(o => Source(mode, o - before[axis], length));
            dy = LinearMap.Of(length, sources.Select(i => new[] { (i, 1.0) })).Adjoint(dy, axis);
        }

        return dy;
    }

    private static long Source(string mode, long position, long length)
    {
        long period = 2 * (length - 1);
        return mode switch
        {
            "edge" => Math.Clamp(position, 0, length - 1),
            "wrap" => ((position % length) + length) % length,
            _ when length == 1 => 0,
            _ => ((position % period) + period) % period is var at && at < length ? at : period - at,
        };
    }

    private static (long[] Before, long[] After) Counts(VjpContext c)
    {
        int rank = c.X().Rank;
        long[] pads = c.Integers(1)!;
        long[] axes = c.Integers(3) ?? [.. Enumerable.Range(0, rank).Select(i => (long)i)];
        long[] before = new long[rank], after = new long[rank];
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = c.X().Shape.Axis(axes[i]);
            before[axis] = pads[i];
            after[axis] = pads[axes.Length + i];
        }

        return (before, after);
    }

    private static Tensor Gathered(VjpContext c, long[] order)
    {
        long block = c.Int("blocksize", 1);
        var shape = c.X().Shape;
        return c.Dy.Reshape(new Shape(shape[0], c.Dy.Shape[1], shape[2], block, shape[3], block)).Transpose(order).Reshape(shape);
    }

    private static Tensor Scattered(VjpContext c)
    {
        long block = c.Int("blocksize", 1);
        var (shape, made) = (c.X().Shape, c.Dy.Shape);
        return c.Dy.Reshape(new Shape(shape[0], block, block, shape[1], made[2], made[3])).Transpose([0, 3, 4, 1, 5, 2]).Reshape(shape);
    }
}
