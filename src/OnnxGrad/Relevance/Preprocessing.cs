namespace OnnxGrad.Relevance;

/// <summary>
/// What lies between the network's input and its first layer: final relevance passes arithmetic with constants unchanged, and moves move
/// it.
/// </summary>
internal static class Preprocessing
{
    private static readonly string[] Arithmetic =
    [
        "Add", "Sub", "Mul", "Div", "Neg", "BatchNormalization", "Cast", "Identity", "Clip", "Relu", "QuantizeLinear", "DequantizeLinear",
        "InstanceNormalization", "LayerNormalization", "Pow", "Sqrt",
    ];

    public static RuleSet Rules(OperatorRegistry operators) =>
        new("preprocessing", Arithmetic.Where(op => operators.Find(op) is not null).ToDictionary(op => op, VjpRule (_) => Passed));

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
