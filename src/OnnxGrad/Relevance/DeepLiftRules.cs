namespace OnnxGrad.Relevance;

/// <summary>
/// Multipliers of DeepLIFT: v is a value, v' its twin for the baseline. Linear operators and moves keep their derivative, since biases
/// cancel.
/// </summary>
internal static class DeepLiftRules
{
    private const double Tiny = 1e-6;

    private static readonly string[] OfOneValue =
    [
        "Relu", "LeakyRelu", "PRelu", "ThresholdedRelu", "Elu", "Selu", "Celu", "Shrink", "Sigmoid", "HardSigmoid", "Tanh", "Softplus",
        "Softsign", "Erf", "Gelu", "HardSwish", "Mish", "Swish", "com.microsoft.Gelu", "com.microsoft.QuickGelu", "com.microsoft.FastGelu",
        "com.microsoft.BiasGelu", "Exp", "Log", "Sqrt", "Reciprocal", "Abs", "Clip", "Pow", "Sin", "Cos", "Tan", "Asin", "Acos", "Atan",
        "Sinh", "Cosh", "Asinh", "Acosh", "Atanh",
    ];

    private static readonly string[] Refused =
    [
        "LRN", "LpPool", "GlobalLpPool", "LpNormalization", "MeanVarianceNormalization", "Max", "Min", "ReduceMin", "ReduceL1", "ReduceL2",
        "ReduceLogSum", "ReduceLogSumExp", "ReduceProd", "ReduceSumSquare", "LogSoftmax", "TopK", "Mod",
    ];

    public static RuleSet Of(BaselineForward twin, DeepLiftMaximum maximum)
    {
        var table = new Dictionary<string, VjpRule>(StringComparer.Ordinal)
        {
            ["Mul"] = c => Bilinear(c, twin),
            ["MatMul"] = c => Bilinear(c, twin),
            ["Einsum"] = c => Bilinear(c, twin),
            ["Div"] = c => Quotient(c, twin),
            ["Softmax"] = c => [Softmax(c, twin)],
            ["LayerNormalization"] = c => Normalized(c, twin, c.X(1), AxesFrom(c), isCentred: true),
            ["RMSNormalization"] = c => Normalized(c, twin, c.X(1), AxesFrom(c), isCentred: false),
            ["InstanceNormalization"] = c => Normalized(
                c, twin, c.X(1).Unsqueeze(Axes(1, c.X().Rank - 1)), Axes(2, c.X().Rank), isCentred: true),
            ["GroupNormalization"] = c => Grouped(c, twin),
            ["MaxPool"] = c => [DeepLiftPooling.OfWindows(c, twin, maximum)],
            ["GlobalMaxPool"] = c => [DeepLiftPooling.OfAxes(c, twin, Axes(2, c.X().Rank), keep: true)],
            ["ReduceMax"] = c => [
                DeepLiftPooling.OfAxes(c, twin, c.Integers(1) ?? Axes(0, c.X().Rank), c.Int("keepdims", 1) != 0), null],
        };
        foreach (string op in OfOneValue)
            table.Add(op, c => Rescaled(c, twin));
        foreach (string op in Refused)
            table.Add(op, static c => throw new ModelException($"{c.Node} has no rule of DeepLIFT. Take integrated gradients instead."));
        return new RuleSet("DeepLIFT", table);
    }

    /// <summary>Where two values are as good as equal: |v - v'| at most 1e-6 (|v| + |v'|).</summary>
    public static Tensor AreNear(Tensor value, Tensor other) => (value - other).Abs() <= (value.Abs() + other.Abs()) * Tiny;

    // m (f(v) - f(v')) / (v - v'); the slope half-way where these are equal.
    private static IReadOnlyList<Tensor?> Rescaled(VjpContext c, BaselineForward twin)
    {
        for (int i = 1; i < c.InputCount; i++)
        {
            if (c.Needs(i))
                throw new ModelException($"{c.Node} has no rule of DeepLIFT for its input {i}. Take integrated gradients instead.");
        }

        Tensor x = c.X(), other = twin[c.Node.Inputs[0]];
        var halfway = c.At((x + other) * 0.5).Derivative()[0]!.Value;
        var slope = (c.Y() - twin[c.Node.Outputs[0]]) / (x - other);
        return [Tensor.Where(AreNear(x, other), halfway, c.Dy * slope), .. c.Node.Inputs.Skip(1).Select(_ => (Tensor?)null)];
    }

    // Shapley's shares: each factor with the mean of the other one.
    private static IReadOnlyList<Tensor?> Bilinear(VjpContext c, BaselineForward twin)
    {
        if (Enumerable.Range(0, c.InputCount).Count(c.Needs) < 2)
            return c.Derivative();
        if (c.InputCount > 2)
            throw new ModelException($"{c.Node} multiplies more than two values. Take integrated gradients instead.");
        return c.At(Mean(0), Mean(1)).Derivative();

        Tensor? Mean(int i) => (c.X(i) + twin[c.Node.Inputs[i]]) * 0.5;
    }

    // a times 1 / b, and (1/b - 1/b') / (b - b') = -1 / (b b').
    private static IReadOnlyList<Tensor?> Quotient(VjpContext c, BaselineForward twin)
    {
        if (!c.Needs(1))
            return c.Derivative();
        Tensor a = c.X(), b = c.X(1), a0 = twin[c.Node.Inputs[0]], b0 = twin[c.Node.Inputs[1]];
        return
        [
            c.Needs(0) ? c.Dy * (b.Reciprocal() + b0.Reciprocal()) * 0.5 : null,
            -c.Dy * (a + a0) * 0.5 / (b * b0),
        ];
    }

    // exp, sum and quotient one after the other, with a shift that both share.
    private static Tensor Softmax(VjpContext c, BaselineForward twin)
    {
        long axis = c.Int("axis", -1);
        Tensor x = c.X(), other = twin[c.Node.Inputs[0]];
        var top = x.Maximum(other).Max([axis]);
        Tensor e = (x - top).Exp(), e0 = (other - top).Exp(), s = e.Sum([axis]), s0 = e0.Sum([axis]);
        var ofSum = (c.Dy * (e + e0) * 0.5).Sum([axis]) / -(s * s0);
        var slope = Tensor.Where(AreNear(x, other), (((x + other) * 0.5) - top).Exp(), (e - e0) / (x - other));
        return ((c.Dy * (s.Reciprocal() + s0.Reciprocal()) * 0.5) + ofSum) * slope;
    }

    private static IReadOnlyList<Tensor?> Normalized(VjpContext c, BaselineForward twin, Tensor scale, long[] axes, bool isCentred) =>
    [
        ThroughDeviation(
            c.Dy * scale, c.X(), twin[c.Node.Inputs[0]], axes, c.Float("epsilon", 1e-5f), isCentred),
        .. c.Node.Inputs.Skip(1).Select(_ => (Tensor?)null),
    ];

    private static IReadOnlyList<Tensor?> Grouped(VjpContext c, BaselineForward twin)
    {
        var x = c.X();
        long groups = c.Int("num_groups", 1), channels = x.Shape[1].Value;
        var scale = c.X(1).Shape[0] == channels ? c.X(1)
            : c.X(1).Unsqueeze(1).ExpandTo(new Shape(groups, channels / groups)).Reshape(new Shape(channels));
        var grouped = new Shape(x.Shape[0], groups, x.Shape.Product(1, x.Rank) / groups);
        var d = (c.Dy * scale.Unsqueeze(Axes(1, x.Rank - 1))).Reshape(grouped);
        var other = twin[c.Node.Inputs[0]].Reshape(grouped);
        return [ThroughDeviation(d, x.Reshape(grouped), other, [2], c.Float("epsilon", 1e-5f), true).ReshapeLike(x), null, null];
    }

    // y = d q, q = 1 / s, s = sqrt(u + eps), u = mean d^2: (q - q') / (u - u') = -1 / (s s' (s + s')).
    private static Tensor ThroughDeviation(Tensor m, Tensor x, Tensor other, long[] axes, double epsilon, bool isCentred)
    {
        Tensor d = Centred(x), d0 = Centred(other);
        Tensor s = Root(d), s0 = Root(d0);
        var ofQ = (m * (d + d0) * 0.5).Sum(axes);
        var ofU = -ofQ / (s * s0 * (s + s0));
        var ofD = (m * (s.Reciprocal() + s0.Reciprocal()) * 0.5) + (ofU * (d + d0)).DividedByCount(x, axes);
        return isCentred ? ofD - ofD.Mean(axes) : ofD;

        Tensor Centred(Tensor v) => isCentred ? v - v.Mean(axes) : v;

        Tensor Root(Tensor v) => (v.Square().Mean(axes) + epsilon).Sqrt();
    }

    private static long[] AxesFrom(VjpContext c) => Axes(c.X().Shape.Axis(c.Int("axis", -1)), c.X().Rank);

    private static long[] Axes(int from, int rank) => [.. Enumerable.Range(from, rank - from).Select(i => (long)i)];
}
