namespace OnnxGrad.Relevance;

/// <summary>
/// The rules of layers. c is the coefficient that arrives, R = c y; W^T the transposed layer. GRADIENT-FAMILY's table, term by term; no
/// denominator has an epsilon that the rule does not have, and 0 / 0 is 0.
/// </summary>
internal static class LayerRules
{
    // Positions whose mean is taken at one go.
    private const long MostAtOnce = 256;

    public const string Bias = "bias", Epsilon = "epsilon", EmptySide = "empty side";

    /// <summary>What a rule answers at a layer.</summary>
    /// <param name="c">The node.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="rule">The rule.</param>
    public static IReadOnlyList<Tensor?> Share(VjpContext c, LinearLayer layer, LayerRule rule)
    {
        if (rule.IsForFirstLayers && !layer.IsFirst)
        {
            throw new ModelException($"The rule '{rule}' is for first layers, and the input reaches {c.Node} through other layers. " +
                "Give this layer another rule, such as gamma or zplus.");
        }

        return rule.Kind switch
        {
            LayerRuleKind.Zero => Zero(c, layer),
            LayerRuleKind.Epsilon or LayerRuleKind.EpsilonRms => rule.Numbers[0] == 0 ? Zero(c, layer) : Epsilons(c, layer, rule),
            LayerRuleKind.Gamma => rule.Numbers[0] == 0 ? Zero(c, layer) : Gamma(c, layer, rule.Numbers[0]),
            LayerRuleKind.AlphaBeta => AlphaBeta(c, layer, rule.Numbers[0], rule.Numbers[1]),
            LayerRuleKind.Flat => ByWeights(c, layer, Ones(layer.Weight)),
            LayerRuleKind.WSquare => ByWeights(c, layer, layer.Weight.Square()),
            _ => Box(c, layer, rule),
        };
    }

    /// <summary>a / b, and 0 where b is.</summary>
    public static Tensor Ratio(Tensor a, Tensor b) => Tensor.Where(b.EqualTo(0), b.Graph.Constant(0, b.Type), a / b);

    /// <summary>
    /// ONNX Runtime computes convolutions, and products and rectifiers behind them, in a layout of blocks of 16 channels. Leaving that
    /// layout costs as much as a small convolution, entering it little: a mean over single elements changes no value and enters it.
    /// </summary>
    public static Tensor Blocked(Tensor values) =>
        values is { Type: ElementType.Float, Rank: 4 } && values.Shape[1].GetValueOrDefault(1) % 16 == 0
            ? values.AveragePool([1, 1], new Window([1, 1], [1, 1], [0, 0, 0, 0])) : values;

    /// <summary>
    /// Writes down values times factors of their channels, [K, 1, 1], as means over positions; large maps row by row, so that rounding does
    /// not add up. Values of unknown lengths are written down as they are.
    /// </summary>
    private static void KeepByChannel(VjpContext c, string kind, Tensor values, Tensor factors)
    {
        if (values.Rank != 4 || !values.Shape[2].IsKnown || !values.Shape[3].IsKnown || factors.Rank != 3)
        {
            c.Keep(kind, values * factors);
            return;
        }

        long height = values.Shape[2].Value, width = values.Shape[3].Value;
        var window = new Window([1, 1], [1, 1], [0, 0, 0, 0]);
        var means = height * width <= MostAtOnce ? values.AveragePool([height, width], window)
            : values.AveragePool([1, width], window).AveragePool([height, 1], window);
        c.Keep(kind, means, (factors * (height * width)).Unsqueeze(0));
    }

    /// <summary>min(x, 0).</summary>
    public static Tensor Negative(Tensor x) => x.Minimum(x.Graph.Constant(0, x.Type));

    // W^T c.
    private static IReadOnlyList<Tensor?> Zero(VjpContext c, LinearLayer layer)
    {
        KeepBias(c, layer, c.Dy, b => b);
        return layer.Answer(layer.Transposed(c.Dy, layer.Weight));
    }

    // W^T (c y / (y + e sgn y)).
    private static IReadOnlyList<Tensor?> Epsilons(VjpContext c, LinearLayer layer, LayerRule rule)
    {
        var y = layer.Output;
        var e = rule.Kind == LayerRuleKind.Epsilon ? c.Number(rule.Numbers[0])
            : RootMeanSquare(c, y) * rule.Numbers[0];
        var relevance = layer.Relevance;
        var s = Ratio(relevance, Tensor.Where(y < 0, y - e, y + e));
        KeepBias(c, layer, s, b => b);
        c.Keep(Epsilon, relevance - (s * y));
        return layer.Answer(layer.Transposed(s, layer.Weight));
    }

    // Of an item's whole output: its parts may lie one after the other on the first axis.
    private static Tensor RootMeanSquare(VjpContext c, Tensor y)
    {
        var items = c.Walk.Items;
        if (y.Shape[0] == items || y.Rank < 2)
            return y.Square().Mean([.. Enumerable.Range(1, y.Rank - 1).Select(i => (long)i)]).Sqrt();
        var rows = y.Square().Reshape(new Shape(items, y.Shape.Size / items));
        return rows.Mean([1]).Sqrt().ExpandLike(rows).ReshapeLike(y);
    }

    private static IReadOnlyList<Tensor?> AlphaBeta(VjpContext c, LinearLayer layer, double alpha, double beta)
    {
        var sides = new Sides(layer);
        var relevance = layer.Relevance;
        Tensor? b = layer.Bias;
        // Where no input is negative and a rectifier follows, nothing is shared out where there are no positive contributions.
        var p = new Divisor(
            Plus(sides.Positive(), b?.Relu()), isFaded: layer.IsInputNonNegative && layer.Rectified is not null);
        var s = p.Share(relevance);
        KeepBias(c, layer, s, v => v.Relu() * alpha);
        KeepEmpty(c, layer, relevance, p, alpha);
        var coefficient = sides.Up(s) * alpha;
        if (beta != 0)
        {
            var n = new Divisor(-Plus(sides.Negative(), b is { } v ? Negative(v) : null));
            var t = n.Share(relevance);
            KeepBias(c, layer, t, v => Negative(v) * beta);
            KeepEmpty(c, layer, relevance, n, -beta);
            coefficient += sides.Down(t) * beta;
        }

        return layer.Answer(coefficient);
    }

    // Where no input is negative and a rectifier follows, nothing arrives where there are no positive contributions.
    private static void KeepEmpty(VjpContext c, LinearLayer layer, Tensor relevance, Divisor side, double factor)
    {
        if (factor < 0 || !layer.IsInputNonNegative || layer.Rectified is null)
        {
            var undivided = side.Undivided(relevance);
            var factors = c.Graph.Constant(factor, undivided.Type);
            KeepByChannel(
                c, EmptySide, undivided,
                undivided.Rank == 4 && undivided.Shape[1].IsKnown ? factors.ExpandTo(new Shape(undivided.Shape[1], 1, 1)) : factors);
        }
    }

    // Where y > 0 the denominator is y + g P, where y < 0 it is y + g N; P + N = y, and neither difference cancels where it is used.
    private static IReadOnlyList<Tensor?> Gamma(VjpContext c, LinearLayer layer, double gamma)
    {
        var sides = new Sides(layer);
        var (y, w) = (layer.Output, layer.Weight);
        Tensor? b = layer.Bias;
        Tensor more = w + (sides.PositiveWeight * gamma), less = w + (sides.NegativeWeight * gamma);
        if (layer.Rectified is not null)
        {
            // Nothing arrives where y < 0. y + g P is what the weights make that are shared by.
            var only = new Divisor(Plus(sides.Of(more, less), b is { } own ? own + (own.Relu() * gamma) : null)).Share(layer.Relevance);
            KeepBias(c, layer, only, v => v + (v.Relu() * gamma));
            return layer.Answer(sides.By(only, more, less));
        }

        var p = Plus(sides.Positive(), b?.Relu()) * gamma;
        var above = y > 0;
        var s = Ratio(layer.Relevance, Tensor.Where(above, y + p, (y * (1 + gamma)) - p));
        var s1 = Tensor.Where(above, s, 0);
        var s2 = s - s1;
        KeepBias(c, layer, s1, v => v + (v.Relu() * gamma));
        KeepBias(c, layer, s2, v => v + (Negative(v) * gamma));
        return layer.Answer(sides.By(s1, more, less) + sides.By(s2, less, more));
    }

    // x has no part in it: padding counts nothing, since it is 0 where ones are fed.
    private static IReadOnlyList<Tensor?> ByWeights(VjpContext c, LinearLayer layer, Tensor weights)
    {
        var total = layer.ApplyToOnes(weights);
        var s = Ratio(layer.Relevance, total);
        c.Keep(EmptySide, layer.Relevance - (s * total));
        c.Deliver(0, layer.Transposed(s, weights));
        return layer.Answer();
    }

    // z - l w+ - h w-, and the bias cancels.
    private static IReadOnlyList<Tensor?> Box(VjpContext c, LinearLayer layer, LayerRule rule)
    {
        var (x, w) = (layer.Input, layer.Weight);
        Tensor positive = w.Relu(), negative = Negative(w), low = Bound(0), high = Bound(1);
        var total = layer.Apply(x, w) - layer.Apply(low, positive) - layer.Apply(high, negative);
        var s = Ratio(layer.Relevance, total);
        c.Keep(EmptySide, layer.Relevance - (s * total));
        c.Deliver(0, (x * layer.Transposed(s, w)) - (low * layer.Transposed(s, positive)) - (high * layer.Transposed(s, negative)));
        return layer.Answer();

        Tensor Bound(int which)
        {
            double[] all = [.. rule.Numbers];
            double[] own = which == 0 ? all[..(all.Length / 2)] : all[(all.Length / 2)..];
            int axis = layer.Kind == LayerKind.Dense ? x.Rank - 1 : 1;
            if (own.Length > 1 && x.Shape[axis] != own.Length)
            {
                throw new ModelException($"The box has {own.Length} bounds on each side and {c.Node} reads {x.Shape[axis]} channels. " +
                    "Give one bound on each side, or one a channel.");
            }

            Dimension[] lengths = [.. Enumerable.Range(0, x.Rank).Select(i => (Dimension)(i == axis ? own.Length : 1))];
            return c.Graph.Constant(x.Type, new Shape(lengths), own).ExpandLike(x);
        }
    }

    private static Tensor Ones(Tensor weights) => weights.Graph.Constant(1, weights.Type).ExpandLike(weights);

    private static void KeepBias(VjpContext c, LinearLayer layer, Tensor s, Func<Tensor, Tensor> part)
    {
        if (layer.Bias is not { } bias)
            return;
        if (layer.Kind == LayerKind.Dense)
            c.Keep(Bias, s * part(bias));
        else
            KeepByChannel(c, Bias, s, part(bias));
    }

    private static Tensor Plus(Tensor sum, Tensor? more) => more is { } m ? sum + m : sum;

    /// <summary>
    /// What is divided by where it is positive. In single precision 1 / d is taken of what is clipped from the smallest numbers on, and a
    /// steep hard sigmoid says where that is d itself. ONNX Runtime has both in the layout of its convolutions; a comparison and Where
    /// would leave it.
    /// </summary>
    private sealed class Divisor
    {
        private const float Smallest = 2e-38f, Steep = float.MaxValue;
        private readonly Tensor value;
        private readonly Tensor? inverse;
        private readonly bool isFaded;

        /// <param name="value">The divisor.</param>
        /// <param name="isFaded">Whether what is divided is 0 where the divisor is, and never larger than a multiple of it.</param>
        public Divisor(Tensor value, bool isFaded = false)
        {
            this.isFaded = isFaded;
            this.value = value;
            if (value.Type != ElementType.Float)
                return;
            this.value = value.ClipFrom(Smallest);
            // The runtime divides on all cores, and takes reciprocals on one.
            inverse = Blocked(value.Graph.Constant(1, value.Type) / this.value);
        }

        /// <summary>a / d, and 0 where d is not positive.</summary>
        public Tensor Share(Tensor a) => inverse is { } factor ? (isFaded ? a : a * value.HardSigmoid(Steep, -7)) * factor
            : Tensor.Where(value > 0, a / value, a.Graph.Constant(0, a.Type));

        /// <summary>a where d is not positive, else 0.</summary>
        public Tensor Undivided(Tensor a) => inverse is null ? Tensor.Where(value > 0, a.Graph.Constant(0, a.Type), a)
            : a * value.HardSigmoid(-Steep, 8);
    }

    /// <summary>Positive and negative contributions of a layer's inputs; half of it vanishes where no input is negative.</summary>
    private sealed class Sides(LinearLayer layer)
    {
        private readonly bool isOneSided = layer.IsInputNonNegative;

        public Tensor PositiveWeight { get; } = layer.Weight.Relu();

        public Tensor NegativeWeight { get; } = LayerRules.Negative(layer.Weight);

        public Tensor Positive() => Of(PositiveWeight, NegativeWeight);

        public Tensor Negative() => Of(NegativeWeight, PositiveWeight);

        public Tensor Up(Tensor s) => By(s, PositiveWeight, NegativeWeight);

        public Tensor Down(Tensor s) => By(s, NegativeWeight, PositiveWeight);

        /// <summary>W^T s by one set of weights where x is positive, by another where it is not.</summary>
        public Tensor By(Tensor s, Tensor above, Tensor below) => isOneSided
            ? layer.Transposed(s, above)
            : Tensor.Where(layer.Input > 0, layer.Transposed(s, above), layer.Transposed(s, below));

        /// <summary>W x with one set of weights for positive inputs, another for negative ones.</summary>
        public Tensor Of(Tensor above, Tensor below) => isOneSided
            ? layer.Apply(layer.Input, above)
            : layer.Apply(layer.Input.Relu(), above) + layer.Apply(LayerRules.Negative(layer.Input), below);
    }
}
