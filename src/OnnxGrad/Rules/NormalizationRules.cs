namespace OnnxGrad.Rules;

/// <summary>Normalisation by stored statistics, or by those of the picture itself.</summary>
internal static class NormalizationRules
{
    public static readonly Dictionary<string, VjpRule> Table = new()
    {
        ["BatchNormalization"] = BatchNormalization,
        ["InstanceNormalization"] = InstanceNormalization,
        ["LayerNormalization"] = LayerNormalization,
        ["GroupNormalization"] = GroupNormalization,
        ["RMSNormalization"] = RmsNormalization,
        ["MeanVarianceNormalization"] = MeanVarianceNormalization,
        ["LRN"] = Lrn,
    };

    /// <summary>y = (x - mean) scale / sqrt(var + epsilon) + bias, all four of shape [C].</summary>
    private static Tensor?[] BatchNormalization(VjpContext c)
    {
        if (c.Int("training_mode", 0) != 0)
            throw c.Unsupported("it is in training mode and depends on the other pictures of the batch");
        var x = c.X();
        var root = (c.X(4) + c.Float("epsilon", 1e-5f)).Sqrt();
        var slope = c.X(1) / root;
        var dx = c.Dy * AlongChannels(slope, x.Rank);
        var dBias = PerChannel(c.Dy);
        if (!c.Needs(1) && !c.Needs(4))
            return [dx, null, dBias, -dBias * slope];
        var dScale = PerChannel(c.Dy * (x - AlongChannels(c.X(3), x.Rank))) / root;
        return [dx, dScale, dBias, -dBias * slope, dScale * slope / root * -0.5];
    }

    private static Tensor?[] InstanceNormalization(VjpContext c)
    {
        var x = c.X();
        var (centred, inverse) = Standardised(x, Axes(2, x.Rank), c.Float("epsilon", 1e-5f));
        var dx = ThroughStatistics(c.Dy * AlongChannels(c.X(1), x.Rank), centred, inverse, Axes(2, x.Rank));
        return [dx, PerChannel(c.Dy * centred), PerChannel(c.Dy)];
    }

    /// <summary>y = (x - mean) r scale + bias over the last axes, r = 1 / sqrt(var + epsilon); mean and r may be outputs too.</summary>
    private static Tensor?[] LayerNormalization(VjpContext c)
    {
        var x = c.X();
        long[] axes = Axes(x.Shape.Axis(c.Int("axis", -1)), x.Rank);
        var (z, r) = Standardised(x, axes, c.Float("epsilon", 1e-5f));
        Tensor? dx = null, dScale = null;
        if (c.DyOf(0) is { } dy)
            (dx, dScale) = (ThroughStatistics(dy * c.X(1), z, r, axes), dy * z);
        if (c.DyOf(1) is { } dMean)
            dx = Plus(dx, dMean.CastLike(x).DividedByCount(x, axes));
        if (c.DyOf(2) is { } dInverse)
            dx = Plus(dx, (-dInverse.CastLike(x) * r.Square() * z).DividedByCount(x, axes));
        return [dx, dScale ?? c.Zero(1), c.DyOf(0) ?? (c.HasInput(2) ? c.Zero(2) : null)];
    }

    /// <summary>Statistics over groups of channels. Scale and bias are of shape [C] since opset 21, [groups] before.</summary>
    private static Tensor?[] GroupNormalization(VjpContext c)
    {
        var x = c.X();
        long groups = c.Int("num_groups", 1), channels = x.Shape[1].Value;
        bool byGroup = c.X(1).Shape[0] != channels;
        var scale = byGroup ? c.X(1).Unsqueeze(1).ExpandTo(new Shape(groups, channels / groups)).Reshape(new Shape(channels)) : c.X(1);
        var grouped = new Shape(x.Shape[0], groups, x.Shape.Product(1, x.Rank) / groups);
        var (centred, inverse) = Standardised(x.Reshape(grouped), [2], c.Float("epsilon", 1e-5f));
        var dx = ThroughStatistics((c.Dy * AlongChannels(scale, x.Rank)).Reshape(grouped), centred, inverse, [2]);
        return [dx.ReshapeLike(x), ToParameter(PerChannel(c.Dy * centred.ReshapeLike(x))), ToParameter(PerChannel(c.Dy))];

        Tensor ToParameter(Tensor perChannel) =>
            byGroup ? perChannel.Reshape(new Shape(groups, channels / groups)).Sum([1], keep: false) : perChannel;
    }

    /// <summary>y = x r scale, r = 1 / sqrt(mean(x^2) + epsilon), over the last axes.</summary>
    private static Tensor?[] RmsNormalization(VjpContext c)
    {
        var x = c.X();
        long[] axes = Axes(x.Shape.Axis(c.Int("axis", -1)), x.Rank);
        var r = (x.Square().Mean(axes) + c.Float("epsilon", 1e-5f)).Sqrt().Reciprocal();
        var z = x * r;
        var h = c.Dy * c.X(1);
        return [r * (h - z * (h * z).Mean(axes)), c.Dy * z];
    }

    /// <summary>
    /// y = (x - mean) / (s + 1e-9), s the standard deviation; where s = 0 the last term, which has no derivative there, is left out.
    /// </summary>
    private static Tensor?[] MeanVarianceNormalization(VjpContext c)
    {
        long[] axes = c.Ints("axes") ?? [0, 2, 3];
        var centred = c.X() - c.X().Mean(axes);
        var s = centred.Square().Mean(axes).Sqrt();
        var along = Tensor.Where(s > 0, centred / s, 0) * (c.Dy * c.Y()).Mean(axes);
        return [(c.Dy - c.Dy.Mean(axes) - along) / (s + 1e-9)];
    }

    /// <summary>y = x / d^beta, d = bias + alpha / size (sum of x^2 over a window of channels).</summary>
    private static Tensor?[] Lrn(VjpContext c)
    {
        var x = c.X();
        long size = c.Node.Int("size", 1);
        double alpha = c.Float("alpha", 1e-4f), beta = c.Float("beta", 0.75f);
        long before = (size - 1) / 2, after = size - 1 - before;
        var d = Mean(x.Square(), before, after) * alpha + c.Float("bias", 1);
        var scaled = c.Dy * d.Pow(-beta);
        // The windows that a channel lies in are the window mirrored.
        return [scaled - x * Mean(scaled * x / d, after, before) * (2 * alpha * beta)];

        // Channels become rows of a plane, so that a pooling slides over them; padding counts as zeros.
        Tensor Mean(Tensor t, long top, long bottom)
        {
            var plane = new Shape(t.Shape[0], 1, t.Shape[1], t.Shape.Product(2, t.Rank));
            return t.Reshape(plane)
                .AveragePool([size, 1], new Window([1, 1], [1, 1], [top, 0, bottom, 0]), countPadding: true).ReshapeLike(x);
        }
    }

    /// <summary>(x - mean) r and r = 1 / sqrt(var + epsilon).</summary>
    private static (Tensor Centred, Tensor Inverse) Standardised(Tensor x, long[] axes, double epsilon)
    {
        var centred = x - x.Mean(axes);
        var inverse = (centred.Square().Mean(axes) + epsilon).Sqrt().Reciprocal();
        return (centred * inverse, inverse);
    }

    /// <summary>From the gradient at z = (x - mean) r to that at x.</summary>
    private static Tensor ThroughStatistics(Tensor dz, Tensor z, Tensor r, long[] axes) =>
        r * (dz - dz.Mean(axes) - z * (dz * z).Mean(axes));

    private static Tensor Plus(Tensor? sum, Tensor more) => sum is { } before ? before + more : more;

    private static long[] Axes(int from, int rank) => [.. Enumerable.Range(from, rank - from).Select(i => (long)i)];

    /// <summary>[C] as [C, 1...], to be broadcast against [N, C, spatial...].</summary>
    private static Tensor AlongChannels(Tensor parameter, int rank) => parameter.Unsqueeze(Axes(1, rank - 1));

    /// <summary>The sum over all axes but the second.</summary>
    private static Tensor PerChannel(Tensor t) => t.Sum([0, .. Axes(2, t.Rank)], keep: false);
}
