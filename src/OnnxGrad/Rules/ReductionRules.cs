namespace OnnxGrad.Rules;

/// <summary>Sums, extremes and norms over axes, running sums, and what is normalised by them.</summary>
internal static class ReductionRules
{
    public static readonly Dictionary<string, VjpRule> Table = new()
    {
        ["ReduceSum"] = static c => [Kept(c, c.Dy)],
        ["ReduceMean"] = static c => [Kept(c, c.Dy).DividedByCount(c.X(), Axes(c))],
        ["ReduceMax"] = ToExtremes,
        ["ReduceMin"] = ToExtremes,
        ["ReduceProd"] = ReduceProd,
        ["ReduceL1"] = static c => [Kept(c, c.Dy) * c.X().Sign()],
        // The norm has no derivative at 0; the smallest subgradient, 0, is taken.
        ["ReduceL2"] = static c => [Tensor.Where(Kept(c, c.Y()) > 0, Kept(c, c.Dy) * c.X() / Kept(c, c.Y()), 0)],
        ["ReduceSumSquare"] = static c => [Kept(c, c.Dy) * c.X() * 2],
        ["ReduceLogSum"] = static c => [Kept(c, c.Dy) / Sum(c, c.X())],
        ["ReduceLogSumExp"] = static c => [Kept(c, c.Dy) * (c.X() - Kept(c, c.Y())).Exp()],
        ["CumSum"] = static c => [c.Dy.CumulativeSum(c.Integers(1)![0], c.Int("exclusive", 0) == 1, reverse: c.Int("reverse", 0) == 0)],
        ["Softmax"] = static c => [c.Y() * (c.Dy - (c.Dy * c.Y()).Sum([c.Int("axis", -1)]))],
        ["LogSoftmax"] = static c => [c.Dy - c.Y().Exp() * c.Dy.Sum([c.Int("axis", -1)])],
        ["LpNormalization"] = LpNormalization,
        ["TopK"] = TopK,
    };

    private static long[] Axes(VjpContext c) => c.Integers(1) is { Length: > 0 } given ? given
        : c.Int("noop_with_empty_axes", 0) == 1 ? []
        : [.. Enumerable.Range(0, c.X().Rank).Select(i => (long)i)];

    /// <summary>A value of the result's shape, with the reduced axes as axes of length 1.</summary>
    private static Tensor Kept(VjpContext c, Tensor reduced)
    {
        if (c.Int("keepdims", 1) == 1)
            return reduced;
        int rank = c.X().Rank;
        return reduced.Unsqueeze([.. Axes(c).Select(a => a < 0 ? a + rank : a)]);
    }

    /// <summary>The sum over the node's own axes; it may reduce none.</summary>
    private static Tensor Sum(VjpContext c, Tensor t) => Axes(c) is { Length: > 0 } axes ? t.Sum(axes) : t;

    /// <summary>To the largest (or smallest) element; between equal ones it is split evenly, as PyTorch's amax and amin do.</summary>
    private static Tensor?[] ToExtremes(VjpContext c)
    {
        var chosen = c.X().EqualTo(Kept(c, c.Y()));
        return [Tensor.Where(chosen, Kept(c, c.Dy) / Sum(c, chosen.Cast(c.Dy.Type)), 0)];
    }

    /// <summary>
    /// The product of the other elements. With P the product of all elements but zeros: P / x where no element
    /// is 0; P at the only 0; else 0.
    /// </summary>
    private static Tensor?[] ReduceProd(VjpContext c)
    {
        long[] axes = Axes(c);
        var x = c.X();
        var zero = x.EqualTo(0);
        var safe = Tensor.Where(zero, x.Graph.Constant(1, x.Type), x);
        var zeros = zero.Cast(x.Type);
        var product = axes.Length > 0 ? safe.Reduce("ReduceProd", axes, keep: true) : safe;
        return [Tensor.Where(Sum(c, zeros).EqualTo(zeros), Kept(c, c.Dy) * product / safe, 0)];
    }

    /// <summary>y = x / |x|; 0 where the norm is 0, as is the result there.</summary>
    private static Tensor?[] LpNormalization(VjpContext c)
    {
        var x = c.X();
        long axis = c.Int("axis", -1);
        bool euclidean = c.Int("p", 2) == 2;
        var norm = x.Reduce(euclidean ? "ReduceL2" : "ReduceL1", [axis], keep: true);
        var slope = euclidean ? c.Y() : x.Sign();
        return [Tensor.Where(norm > 0, (c.Dy - slope * (c.Dy * c.Y()).Sum([axis])) / norm, 0)];
    }

    private static Tensor?[] TopK(VjpContext c)
    {
        var indices = c.Graph.ExtraOutput(c.Node, 1, ElementType.Int64, c.Y().Shape);
        return [c.X().ZerosLike().ScatterElements(indices, c.Dy, c.Int("axis", -1))];
    }
}
