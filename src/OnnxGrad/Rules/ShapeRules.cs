namespace OnnxGrad.Rules;

/// <summary>The same elements in another arrangement: reshaped, reordered, repeated, cut and joined.</summary>
internal static class ShapeRules
{
    public static readonly Dictionary<string, VjpRule> Table = new()
    {
        ["Concat"] = Concat,
        ["Expand"] = static c => [c.Dy],
        ["Flatten"] = static c => [c.Dy.ReshapeLike(c.X())],
        ["Reshape"] = static c => [c.Dy.ReshapeLike(c.X())],
        ["ReverseSequence"] = static c => [c.Dy.ReverseSequence(c.X(1), c.Int("batch_axis", 1), c.Int("time_axis", 0))],
        ["Slice"] = Slice,
        ["Split"] = Split,
        ["Squeeze"] = static c => [c.Dy.ReshapeLike(c.X())],
        ["Tile"] = Tile,
        ["Transpose"] = static c => [c.Dy.Transpose(Inverse(c.Ints("perm") ?? Reversed(c.X().Rank)))],
        ["Trilu"] = static c => [c.Dy.Triangle(c.Int("upper", 1) != 0, c.Integers(1)?[0] ?? 0)],
        ["Unsqueeze"] = static c => [c.Dy.ReshapeLike(c.X())],
    };

    private static long[] Reversed(int rank) => [.. Enumerable.Range(0, rank).Select(i => (long)(rank - 1 - i))];

    private static long[] Inverse(long[] order) => [.. Enumerable.Range(0, order.Length).Select(i => (long)Array.IndexOf(order, i))];

    private static Tensor?[] Concat(VjpContext c)
    {
        int axis = c.Y().Shape.Axis(c.Int("axis", 0));
        Tensor[] parts = [.. Enumerable.Range(0, c.InputCount).Select(c.X)];
        if (parts.Any(p => !p.Shape[axis].IsKnown))
            return [.. c.Dy.SplitLike(axis, parts)];
        var gradients = new Tensor?[parts.Length];
        long start = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            long end = start + parts[i].Shape[axis].Value;
            if (c.Needs(i))
                gradients[i] = c.Dy.Slice(axis, start, end);
            start = end;
        }

        return gradients;
    }

    private static Tensor?[] Split(VjpContext c)
    {
        var any = Enumerable.Range(0, c.OutputCount).Select(c.DyOf).First(dy => dy is not null)!.Value;
        return [Tensor.Concat(c.Int("axis", 0),
            [.. Enumerable.Range(0, c.OutputCount).Select(k => c.DyOf(k) ?? c.Y(k).ZerosLike(any.Type))])];
    }

    // The gradient lies where the elements came from, zeros elsewhere: turned round, spread by the step, and padded.
    private static Tensor?[] Slice(VjpContext c)
    {
        var x = c.X();
        if (Known(c, 1) is not { } starts || Known(c, 2) is not { } ends
            || (c.HasInput(3) && Known(c, 3) is null) || (c.HasInput(4) && Known(c, 4) is null)
            || x.Shape.UnknownCount > 1)
            return [SliceByPosition(c)];
        long[] axes = c.Integers(3) ?? [.. Enumerable.Range(0, starts.Count).Select(i => (long)i)];
        long[] steps = c.Integers(4) ?? [.. Enumerable.Repeat(1L, starts.Count)];
        long[] before = new long[x.Rank], after = new long[x.Rank];
        var dy = c.Dy;
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = x.Shape.Axis(axes[i]);
            if (!x.Shape[axis].IsKnown)
            {
                if (starts[i] == 0 && ends[i] >= int.MaxValue && steps[i] == 1)
                    continue;
                return [SliceByPosition(c)];
            }

            long length = x.Shape[axis].Value, step = steps[i], taken = Tensor.SliceLength(length, starts[i], ends[i], step);
            if (taken == 0)
                return [c.Zero(0)];
            long first = Math.Clamp(starts[i] < 0 ? starts[i] + length : starts[i], 0, length - 1);
            if (step < 0)
                (dy, first, step) = (dy.Flip(axis), first + ((taken - 1) * step), -step);
            if (step > 1)
                dy = Spread(dy, axis, step);
            before[axis] = first;
            after[axis] = length - first - (taken * step);
        }

        return [dy.Pad(before, after)];
    }

    private static IReadOnlyList<long>? Known(VjpContext c, int input) =>
        c.HasInput(input) ? c.Graph.Info(c.Node.Inputs[input])?.Integers : null;

    /// <summary>Zeros behind each element along an axis, so that the elements lie <paramref name="step"/> apart.</summary>
    private static Tensor Spread(Tensor dy, int axis, long step)
    {
        var apart = dy.Unsqueeze(axis + 1);
        long[] after = new long[apart.Rank];
        after[axis + 1] = step - 1;
        return apart.Pad(new long[apart.Rank], after).Reshape(dy.Shape.With(axis, dy.Shape[axis] * step));
    }

    // Where lengths, starts or ends are known only at run time: what the same slice takes from the numbered positions
    // says where to put the gradient.
    private static Tensor SliceByPosition(VjpContext c)
    {
        var zeros = c.X().ZerosLike(c.Dy.Type).Flatten();
        Tensor?[] inputs = [zeros.Positions(0).ReshapeLike(c.X()),
            .. Enumerable.Range(1, c.InputCount - 1).Select(i => c.HasInput(i) ? c.X(i) : (Tensor?)null)];
        var places = c.Graph.Append("Slice", inputs, ElementType.Int64, c.Y().Shape).Flatten();
        return zeros.ScatterElements(places, c.Dy.Flatten(), axis: 0, "none").ReshapeLike(c.X());
    }

    // Each axis falls apart into (repetition, own axis); the repetitions are summed. What only repeats axes of length 1 is broadcasting.
    private static Tensor?[] Tile(VjpContext c)
    {
        Shape x = c.X().Shape, y = c.Y().Shape;
        if (Enumerable.Range(0, x.Rank).All(i => x[i] == 1 || x[i] == y[i]))
            return [c.Dy];
        long[] repeats = c.Integers(1)!;
        var apart = new List<Dimension>();
        for (int i = 0; i < x.Rank; i++)
            apart.AddRange([repeats[i], x[i]]);
        long[] repetitions = [.. Enumerable.Range(0, x.Rank).Select(i => 2L * i)];
        return [c.Dy.Reshape(new Shape([.. apart])).Sum(repetitions, keep: false)];
    }
}
