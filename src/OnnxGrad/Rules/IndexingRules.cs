namespace OnnxGrad.Rules;

/// <summary>Reading and writing at indices. What was read at an index gets the sum of the gradients of all that read it.</summary>
internal static class IndexingRules
{
    public static readonly Dictionary<string, VjpRule> Table = new()
    {
        ["Compress"] = Compress,
        ["Gather"] = static c => [AddAlong(c.X(), c.X().Shape.Axis(c.Int("axis", 0)), c.X(1), c.Dy)],
        ["GatherElements"] = static c => [c.X().ZerosLike(c.Dy.Type).ScatterElements(c.X(1), c.Dy, c.Int("axis", 0))],
        ["GatherND"] = GatherND,
        ["OneHot"] = OneHot,
        ["ScatterElements"] = static c => Scatter(c,
            (into, what, reduction) => into.ScatterElements(c.X(1), what, c.Int("axis", 0), reduction),
            from => from.GatherElements(c.X(1), c.Int("axis", 0))),
        ["ScatterND"] = static c => Scatter(c,
            (into, what, reduction) => into.ScatterND(c.X(1), what, reduction),
            from => from.GatherND(c.X(1))),
    };

    /// <summary>
    /// The adjoint of Gather: zeros like <paramref name="x"/>, to which dy's slices are added at the indices along an axis.
    /// </summary>
    private static Tensor AddAlong(Tensor x, int axis, Tensor indices, Tensor dy)
    {
        if (x.Shape[axis].IsKnown && x.Graph.Info(indices.Name)?.Integers is [var only])
        {
            long length = x.Shape[axis].Value;
            // One slice, such as a class token: zeros before and behind it.
            var slice = indices.Rank == 0 ? dy.Unsqueeze(axis) : indices.Rank == 1 ? dy : dy.ReshapeLike(x.Slice(axis, 0, 1));
            long[] before = new long[x.Rank], after = new long[x.Rank];
            before[axis] = only < 0 ? only + length : only;
            after[axis] = length - 1 - before[axis];
            return slice.Pad(before, after);
        }

        long[] front = [axis, .. Enumerable.Range(0, x.Rank).Where(i => i != axis).Select(i => (long)i)];
        long[] back = [.. Enumerable.Range(0, x.Rank).Select(i => (long)Array.IndexOf(front, i))];
        long[] read = [.. Enumerable.Range(axis, indices.Rank).Select(i => (long)i)];
        var slices = dy.Transpose([.. read, .. Enumerable.Range(0, dy.Rank).Select(i => (long)i).Except(read)]);
        return x.Transpose(front).ZerosLike(dy.Type).ScatterND(indices.Unsqueeze(-1), slices).Transpose(back);
    }

    private static Tensor?[] Compress(VjpContext c)
    {
        var taken = c.Graph.Append("NonZero", [c.X(1)], ElementType.Int64, new Shape(1, new Dimension($"{c.Node.Name}_taken"))).Squeeze(0);
        if (c.Node.Has("axis"))
            return [AddAlong(c.X(), c.X().Shape.Axis(c.Int("axis", 0)), taken, c.Dy)];
        var flat = c.X().ZerosLike(c.Dy.Type).Flatten();
        return [flat.ScatterND(taken.Unsqueeze(-1), c.Dy).ReshapeLike(c.X())];
    }

    /// <summary>The values are [off, on]: each gets the sum over the positions that hold it.</summary>
    private static Tensor?[] OneHot(VjpContext c)
    {
        int axis = c.Y().Shape.Axis(c.Int("axis", -1));
        var depth = c.Y().Shape[axis];
        if (!depth.IsKnown)
            throw c.Unsupported("its depth is computed anew on every run");
        var on = c.X(0).OneHot(depth.Value, axis, c.Dy.Type);
        return [null, null, Tensor.Concat(0, Total(c.Dy * (1 - on)), Total(c.Dy * on))];

        static Tensor Total(Tensor t) => t.Sum([], keep: false).Unsqueeze(0);
    }

    private static Tensor?[] GatherND(VjpContext c)
    {
        var indices = c.X(1);
        int batchAxes = (int)c.Int("batch_dims", 0);
        if (batchAxes > 0)
        {
            // ScatterND knows no batch axes: the item's own number comes first in every index tuple.
            var one = indices.Slice(-1, 0, 1);
            var numbers = Enumerable.Range(0, batchAxes).Select(b =>
                indices.Positions(b).Unsqueeze([.. Enumerable.Range(0, indices.Rank).Where(i => i != b).Select(i => (long)i)])
                    .ExpandLike(one));
            indices = Tensor.Concat(-1, [.. numbers, indices]);
        }

        return [c.X().ZerosLike(c.Dy.Type).ScatterND(indices, c.Dy)];
    }

    private static Tensor?[] Scatter(VjpContext c, Func<Tensor, Tensor, string, Tensor> put, Func<Tensor, Tensor> take)
    {
        Tensor data = c.X(0), updates = c.X(2), zeros = data.ZerosLike(), one = c.Number(1);
        switch (c.Text("reduction", "none"))
        {
            case "add":
                return [c.Dy, null, take(c.Dy)];
            case "mul":
                // dy/du is the product of all other factors. A factor of 0 cannot be divided out: products without the
                // zeros, and how many there were.
                var isZero = updates.EqualTo(0);
                var factors = Tensor.Where(isZero, one, updates);
                var product = put(zeros + 1, factors, "mul");
                var count = put(zeros, isZero.Cast(data.Type), "add");
                var others = take(c.Dy * data * product) / factors;
                return
                [
                    Tensor.Where(count.EqualTo(0), c.Dy * product, 0), null,
                    Tensor.Where(take(count).EqualTo(isZero.Cast(data.Type)), others, 0),
                ];
            case "max" or "min":
                // Equal candidates share the gradient.
                var kept = data.EqualTo(c.Y()).Cast(data.Type);
                var won = updates.EqualTo(take(c.Y())).Cast(data.Type);
                var share = c.Dy / (kept + put(zeros, won, "add"));
                return [share * kept, null, take(share) * won];
            default:
                return [put(c.Dy, updates.ZerosLike(), "none"), null, take(c.Dy)];
        }
    }
}
