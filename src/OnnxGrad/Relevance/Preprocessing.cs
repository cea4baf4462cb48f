namespace OnnxGrad.Relevance;

/// <summary>
/// What lies between the network's input and its first layer: final relevance passes arithmetic with constants unchanged, and moves move
/// it. What falls on values that padding adds is kept there.
/// </summary>
internal static class Preprocessing
{
    private static readonly string[] Arithmetic =
    [
        "Add", "Sub", "Mul", "Div", "Neg", "BatchNormalization", "Cast", "Identity", "Clip", "Relu", "QuantizeLinear", "DequantizeLinear",
        "InstanceNormalization", "LayerNormalization", "Pow", "Sqrt",
    ];

    public static RuleSet Rules(OperatorRegistry operators)
    {
        var table = Arithmetic.Where(op => operators.Find(op) is not null).ToDictionary(op => op, VjpRule (_) => Passed);
        table["Pad"] = Padded;
        return new RuleSet("preprocessing", table);
    }

    // Copies of the picture's edge hand back all that they get; constants do not.
    private static IReadOnlyList<Tensor?> Padded(VjpContext c)
    {
        var answer = c.Derivative();
        if (c.Text("mode", "constant") == "constant" && answer[0] is { } inside)
        {
            c.Keep(ProductRelevance.Constant, c.Dy);
            c.Keep(ProductRelevance.Constant, -inside);
        }

        return answer;
    }

    private static Tensor?[] Passed(VjpContext c)
    {
        int passed = 0;
        Tensor?[] answer = new Tensor?[c.InputCount];
        for (int i = 0; i < answer.Length; i++)
        {
            if (!c.Needs(i))
                continue;
            answer[i] = c.Dy;
            passed++;
        }

        return passed == 1 ? answer : throw new ModelException(
            $"{c.Node} joins two values before the first layer, and final relevance cannot be shared between them. " +
            "Give the first layer a rule that passes coefficients, such as gamma or zplus.");
    }
}
