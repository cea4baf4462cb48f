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
        ["Split"] = Split,
        ["Squeeze"] = static c => [c.Dy.ReshapeLike(c.X())],
        ["Transpose"] = static c => [c.Dy.Transpose(Inverse(c.Ints("perm") ?? Reversed(c.X().Rank)))],
        ["Unsqueeze"] = static c => [c.Dy.ReshapeLike(c.X())],
    };

    private static long[] Reversed(int rank) => [.. Enumerable.Range(0, rank).Select(i => (long)(rank - 1 - i))];

    private static long[] Inverse(long[] order) => [.. Enumerable.Range(0, order.Length).Select(i => (long)Array.IndexOf(order, i))];

    private static Tensor?[] Concat(VjpContext c)
    {
        int axis = c.Y().Shape.Axis(c.Int("axis", 0));
        Tensor[] parts = [.. Enumerable.Range(0, c.InputCount).Select(c.X)];
        if (parts.Any(p => p.Shape[axis] == Shape.Dynamic))
            return [.. c.Dy.SplitLike(axis, parts)];
        var gradients = new Tensor?[parts.Length];
        long start = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            long end = start + parts[i].Shape[axis];
            if (c.Needs(i))
                gradients[i] = c.Dy.Slice(axis, start, end);
            start = end;
        }

        return gradients;
    }

    private static Tensor?[] Split(VjpContext c)
    {
        var any = Enumerable.Range(0, c.OutputCount).Select(c.DyOf).First(dy => dy is not null)!.Value;
        return [Tensor.Concat(c.Int("axis", 0), [.. Enumerable.Range(0, c.OutputCount).Select(k => c.DyOf(k) ?? c.Y(k).ZerosLike().CastLike(any))])];
    }
}
