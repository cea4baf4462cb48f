namespace OnnxGrad.Relevance;

/// <summary>Products of computed values, softmax, and constants that are added or joined.</summary>
internal static class ProductRelevance
{
    public const string Constant = "constant", SoftmaxPart = "softmax", Rounding = "rounding";

    public static IEnumerable<KeyValuePair<string, VjpRule>> Table(RelevanceComposite composite) =>
    [
        KeyValuePair.Create<string, VjpRule>("Mul", c => Multiplied(c, composite.Gates)),
        KeyValuePair.Create<string, VjpRule>("Div", Divided),
        KeyValuePair.Create<string, VjpRule>("Einsum", c => Matrices(c, composite.Products)),
        KeyValuePair.Create<string, VjpRule>("Softmax", Softmax),
        KeyValuePair.Create<string, VjpRule>("Add", static c => Added(c, [1, 1])),
        KeyValuePair.Create<string, VjpRule>("Sub", static c => Added(c, [1, -1])),
        KeyValuePair.Create<string, VjpRule>("Sum", static c => Added(c, [.. c.Node.Inputs.Select(_ => 1.0)])),
        KeyValuePair.Create<string, VjpRule>("Mean", static c => Added(c, [.. c.Node.Inputs.Select(_ => 1.0 / c.InputCount)])),
        KeyValuePair.Create<string, VjpRule>("Concat", Joined),
        KeyValuePair.Create<string, VjpRule>("Where", Chosen),
        KeyValuePair.Create<string, VjpRule>("QuantizeLinear", Quantized),
        KeyValuePair.Create<string, VjpRule>("DequantizeLinear", Dequantized),
    ];

    /// <summary>Of two computed matrices each gets half, or the values all and the attention weights nothing.</summary>
    public static IReadOnlyList<Tensor?> Matrices(VjpContext c, ProductRule rule)
    {
        if (Enumerable.Range(0, c.InputCount).Count(c.Needs) < 2)
            return c.Derivative();
        if (rule == ProductRule.Half)
            return c.With(c.Dy / 2).Derivative();
        bool first = Gates.IsSoftmax(c, c.Node.Inputs[0]), second = Gates.IsSoftmax(c, c.Node.Inputs[1]);
        if (first == second)
        {
            throw new ModelException($"{c.Node} multiplies two computed matrices, and neither is a softmax whose weights could be held " +
                "constant. Share such products in halves, as AttnLRP does.");
        }

        int weights = first ? 0 : 1;
        return Without(c, c.Derivative(), weights);
    }

    private static IReadOnlyList<Tensor?> Multiplied(VjpContext c, GateRule rule)
    {
        // A factor that belongs to the layer before hands on what arrives: the layer takes it for what it makes itself.
        if (CanonicalForm.IsFolded(c, c.Node))
            return [c.Needs(0) ? c.Dy : null, c.Needs(1) ? c.Dy : null];
        if (!c.Needs(0) || !c.Needs(1))
            return c.Derivative();
        if (rule == GateRule.Constant && Gates.Of(c) is { } gate)
            return Without(c, c.Derivative(), gate);
        return c.With(c.Dy / 2).Derivative();
    }

    // What divides is a deviation or a norm, and held constant.
    private static IReadOnlyList<Tensor?> Divided(VjpContext c)
    {
        if (!c.Needs(1))
            return c.Derivative();
        if (!c.Needs(0))
        {
            throw new ModelException($"{c.Node} divides a constant by what the input reaches, on the main path, and relevance has no " +
                "rule for that. Give it a rule of your own, or take a method of gradients.");
        }

        c.Stop(1);
        return [c.Dy / c.X(1), null];
    }

    private static Tensor?[] Without(VjpContext c, IReadOnlyList<Tensor?> all, int input)
    {
        c.Stop(input);
        return [.. all.Select((g, i) => i == input ? null : g)];
    }

    // The derivative; x times it falls short of y times what arrives.
    private static IReadOnlyList<Tensor?> Softmax(VjpContext c)
    {
        var answer = c.Derivative();
        if (answer[0] is { } g)
            c.Keep(SoftmaxPart, (c.Y() * c.Dy) - Times(g, c.X()));
        return answer;
    }

    private static IReadOnlyList<Tensor?> Added(VjpContext c, double[] factors)
    {
        bool isFolded = CanonicalForm.IsFolded(c, c.Node);
        for (int i = 0; i < factors.Length && !isFolded; i++)
        {
            if (!c.Needs(i))
                c.Keep(Constant, Times(c.Dy * factors[i], c.X(i)));
        }

        return c.Derivative();
    }

    private static IReadOnlyList<Tensor?> Joined(VjpContext c)
    {
        if (Enumerable.Range(0, c.InputCount).Any(i => !c.Needs(i)))
        {
            Tensor[] parts = [.. Enumerable.Range(0, c.InputCount).Select(c.X)];
            var pieces = c.Dy.SplitLike(c.Int("axis", 0), parts);
            for (int i = 0; i < parts.Length; i++)
            {
                if (!c.Needs(i))
                    c.Keep(Constant, Times(pieces[i], parts[i]));
            }
        }

        return c.Derivative();
    }

    private static IReadOnlyList<Tensor?> Chosen(VjpContext c)
    {
        for (int i = 1; i < 3; i++)
        {
            if (!c.Needs(i))
                c.Keep(Constant, Times(Tensor.Where(i == 1 ? c.X() : !c.X(), c.Dy, 0), c.X(i)));
        }

        return c.Derivative();
    }

    // What stands for x in steps is x / scale + zero point, rounded and held within the integers.
    private static IReadOnlyList<Tensor?> Quantized(VjpContext c)
    {
        var answer = c.Derivative();
        c.Keep(Rounding, (c.Dy * c.Y().Cast(c.Dy.Type)) - (answer[0]!.Value * c.X()));
        return answer;
    }

    private static IReadOnlyList<Tensor?> Dequantized(VjpContext c)
    {
        var answer = c.Derivative();
        if (answer[0] is { } g)
            c.Keep(Rounding, (c.Dy * c.Y()) - (g * c.X().Cast(g.Type)));
        return answer;
    }

    // A mask holds infinities where nothing passes.
    private static Tensor Times(Tensor coefficient, Tensor value) =>
        Tensor.Where(coefficient.EqualTo(0), coefficient.Graph.Constant(0, coefficient.Type), coefficient * value);
}
