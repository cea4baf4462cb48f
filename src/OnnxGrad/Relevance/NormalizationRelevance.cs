namespace OnnxGrad.Relevance;

/// <summary>
/// Normalisations by statistics of the picture itself: the deviation (or norm) is held constant, centring and scaling keep their
/// derivative, the bias keeps its part. AttnLRP, Proposition 3.4; the LN rule of CP-LRP.
/// </summary>
internal static class NormalizationRelevance
{
    public static readonly Dictionary<string, VjpRule> Table = new()
    {
        ["LayerNormalization"] = Layer,
        ["InstanceNormalization"] = Instance,
        ["GroupNormalization"] = Group,
        ["RMSNormalization"] = RootMeanSquare,
        ["MeanVarianceNormalization"] = MeanVariance,
        ["LpNormalization"] = static c => [Norm(c)],
        ["LRN"] = static c => [ActivationRelevance.Quotient(c, 0)],
    };

    private static IReadOnlyList<Tensor?> Layer(VjpContext c)
    {
        if (c.DyOf(1) is not null || c.DyOf(2) is not null)
            throw c.Unsupported("its mean or deviation is read, and relevance has no rule for these");
        var x = c.X();
        long[] axes = Axes(x.Shape.Axis(c.Int("axis", -1)), x.Rank);
        if (c.HasInput(2))
            c.Keep(LayerRules.Bias, c.Dy * c.X(2));
        return [Centred(c.Dy * c.X(1) * Inverse(x, axes, c.Float("epsilon", 1e-5f)), axes), null, null];
    }

    private static IReadOnlyList<Tensor?> Instance(VjpContext c)
    {
        var x = c.X();
        long[] axes = Axes(2, x.Rank);
        c.Keep(LayerRules.Bias, c.Dy * AlongChannels(c.X(2), x.Rank));
        return [Centred(c.Dy * AlongChannels(c.X(1), x.Rank) * Inverse(x, axes, c.Float("epsilon", 1e-5f)), axes), null, null];
    }

    private static IReadOnlyList<Tensor?> Group(VjpContext c)
    {
        var x = c.X();
        long groups = c.Int("num_groups", 1), channels = x.Shape[1].Value;
        var grouped = new Shape(x.Shape[0], groups, x.Shape.Product(1, x.Rank) / groups);
        Tensor scale = PerChannel(c.X(1)), bias = PerChannel(c.X(2));
        c.Keep(LayerRules.Bias, c.Dy * AlongChannels(bias, x.Rank));
        var d = (c.Dy * AlongChannels(scale, x.Rank)).Reshape(grouped) * Inverse(x.Reshape(grouped), [2], c.Float("epsilon", 1e-5f));
        return [Centred(d, [2]).ReshapeLike(x), null, null];

        // Of shape [groups] before opset 21.
        Tensor PerChannel(Tensor parameter) => parameter.Shape[0] == channels ? parameter
            : parameter.Unsqueeze(1).ExpandTo(new Shape(groups, channels / groups)).Reshape(new Shape(channels));
    }

    private static IReadOnlyList<Tensor?> RootMeanSquare(VjpContext c)
    {
        var x = c.X();
        long[] axes = Axes(x.Shape.Axis(c.Int("axis", -1)), x.Rank);
        return [c.Dy * c.X(1) * (x.Square().Mean(axes) + c.Float("epsilon", 1e-5f)).Sqrt().Reciprocal(), null];
    }

    private static IReadOnlyList<Tensor?> MeanVariance(VjpContext c)
    {
        long[] axes = c.Ints("axes") ?? [0, 2, 3];
        var centred = c.X() - c.X().Mean(axes);
        return [Centred(c.Dy / (centred.Square().Mean(axes).Sqrt() + 1e-9), axes)];
    }

    private static Tensor Norm(VjpContext c)
    {
        long axis = c.Int("axis", -1);
        var norm = c.X().Reduce(c.Int("p", 2) == 1 ? "ReduceL1" : "ReduceL2", [axis], keep: true);
        return LayerRules.Ratio(c.Dy, norm);
    }

    private static Tensor Inverse(Tensor x, long[] axes, double epsilon) =>
        ((x - x.Mean(axes)).Square().Mean(axes) + epsilon).Sqrt().Reciprocal();

    private static Tensor Centred(Tensor d, long[] axes) => d - d.Mean(axes);

    private static long[] Axes(int from, int rank) => [.. Enumerable.Range(from, rank - from).Select(i => (long)i)];

    private static Tensor AlongChannels(Tensor parameter, int rank) => parameter.Unsqueeze(Axes(1, rank - 1));
}
