namespace OnnxGrad.Relevance;

/// <summary>
/// Activations: relevance passes, R_x = R_y, so that the coefficient is c f(x) / x. Where f(x) = x gate(x), the gate is that quotient and
/// nothing is divided. Where f(0) is not 0 the quotient has a pole, and the operator is refused.
/// </summary>
internal static class ActivationRelevance
{
    private static readonly double SqrtOfTwoOverPi = Math.Sqrt(2 / Math.PI);

    // f(0) = 0, and the slope at 0 that is the quotient's limit there.
    private static readonly (string Operator, Func<VjpContext, double> Limit)[] Quotients =
    [
        ("Elu", static _ => 1), ("Selu", static c => c.Float("gamma", 1.05070102214813232421875f)), ("Celu", static _ => 1),
        ("Tanh", static _ => 1), ("Softsign", static _ => 1), ("Asinh", static _ => 1), ("Sinh", static _ => 1), ("Atan", static _ => 1),
        ("Asin", static _ => 1), ("Atanh", static _ => 1), ("Sin", static _ => 1), ("Tan", static _ => 1), ("Shrink", static _ => 0),
    ];

    private static readonly string[] Poles =
    [
        "Sigmoid", "HardSigmoid", "Softplus", "Exp", "Log", "Erf", "Cos", "Acos", "Cosh", "Acosh", "Sqrt", "Reciprocal", "LogSoftmax",
        "ReduceLogSumExp", "ReduceLogSum", "ReduceSumSquare", "ReduceProd",
    ];

    public static IEnumerable<KeyValuePair<string, VjpRule>> Table =>
    [
        .. Quotients.Select(q => KeyValuePair.Create<string, VjpRule>(q.Operator, c => [Quotient(c, q.Limit(c))])),
        .. Poles.Select(p => KeyValuePair.Create<string, VjpRule>(p, static c => throw Pole(c))),
        KeyValuePair.Create<string, VjpRule>("Clip", Clip),
        KeyValuePair.Create<string, VjpRule>("Pow", Power),
        KeyValuePair.Create<string, VjpRule>("HardSwish", static c => [c.Dy * c.X().HardSigmoid(1f / 6, 0.5f)]),
        KeyValuePair.Create<string, VjpRule>("Swish", static c => [c.Dy * (c.X() * c.Float("alpha", 1)).Sigmoid()]),
        KeyValuePair.Create<string, VjpRule>(
            "com.microsoft.QuickGelu", static c => [c.Dy * (c.X() * c.Float("alpha", 1.702f)).Sigmoid()]),
        KeyValuePair.Create<string, VjpRule>("Mish", static c => [c.Dy * Tensor.Elementwise("Softplus", c.X()).Tanh()]),
        KeyValuePair.Create<string, VjpRule>(
            "Gelu", static c => [c.Dy * (c.Text("approximate", "none") == "tanh" ? TanhGate(c.X()) : Gate(c.X()))]),
        KeyValuePair.Create<string, VjpRule>("com.microsoft.Gelu", static c => [c.Dy * Gate(c.X())]),
        KeyValuePair.Create<string, VjpRule>("com.microsoft.BiasGelu", static c => Biased(c, Gate)),
        KeyValuePair.Create<string, VjpRule>("com.microsoft.FastGelu", static c => Biased(c, TanhGate)),
    ];

    /// <summary>c f(x) / x, and c times the limit where x is 0.</summary>
    public static Tensor Quotient(VjpContext c, double limit)
    {
        var x = c.X();
        return c.Dy * Tensor.Where(x.EqualTo(0), x.Graph.Constant(limit, x.Type), c.Y() / x);
    }

    // Clip from 0 to 6 passes relevance above 6 too, where its gradient is 0.
    private static IReadOnlyList<Tensor?> Clip(VjpContext c)
    {
        double low = Bound(1, double.NegativeInfinity), high = Bound(2, double.PositiveInfinity);
        if (low > 0 || high < 0)
            throw Pole(c);
        return [Quotient(c, low < 0 && high > 0 ? 1 : 0), .. c.Node.Inputs.Skip(1).Select(_ => (Tensor?)null)];

        double Bound(int input, double otherwise) =>
            c.HasInput(input) && c.Graph.ConstantFloats(c.Node.Inputs[input]) is [var bound] ? bound : otherwise;
    }

    private static IReadOnlyList<Tensor?> Power(VjpContext c)
    {
        if (c.Needs(1) || c.Graph.ConstantFloats(c.Node.Inputs[1]) is not [>= 1 and var exponent])
            throw Pole(c);
        return [Quotient(c, exponent == 1 ? 1 : 0), null];
    }

    // The bias is added first, and takes its share of the sum.
    private static IReadOnlyList<Tensor?> Biased(VjpContext c, Func<Tensor, Tensor> gate)
    {
        if (!c.HasInput(1))
            return [c.Dy * gate(c.X())];
        var passed = c.Dy * gate(c.X() + c.X(1));
        if (!c.Needs(1))
            c.Keep(LayerRules.Bias, passed * c.X(1));
        return [passed, passed];
    }

    /// <summary>The normal distribution's Phi(x).</summary>
    private static Tensor Gate(Tensor x) => (1 + (x * Math.Sqrt(0.5)).Erf()) * 0.5;

    private static Tensor TanhGate(Tensor x) => (1 + (x * (1 + x.Square() * 0.044715) * SqrtOfTwoOverPi).Tanh()) * 0.5;

    private static ModelException Pole(VjpContext c) => new(
        $"{c.Node} lies on the main path, and relevance has no rule for it: what it makes of 0 is not 0, so that no factor of its input " +
        "stands for what it makes. Explain a score before it, give it a rule of your own, or take a method of gradients.");
}
