namespace OnnxGrad.Relevance;

/// <summary>
/// Which operand of a product is a gate: one that, back through arithmetic with constants and moves, ends in a bounded function, or in
/// what a normalisation divides by.
/// </summary>
internal static class Gates
{
    private static readonly HashSet<string> Bounded = ["Sigmoid", "HardSigmoid", "Erf", "Tanh", "Softmax"];

    // 1 / deviation, as normalisations are written out.
    private static readonly HashSet<string> Deviations = ["Reciprocal", "Sqrt"];

    private static readonly HashSet<string> Passed =
    [
        "Add", "Sub", "Mul", "Div", "Neg", "Identity", "Cast", "Reshape", "Expand", "Unsqueeze", "Squeeze", "Transpose", "Dropout",
    ];

    private static readonly HashSet<string> Unchanged = ["Dropout", "Identity", "Cast", "Reshape", "Transpose", "Unsqueeze", "Squeeze"];

    /// <summary>The gate among two operands; null where none is one, or both are.</summary>
    public static int? Of(VjpContext c)
    {
        bool first = IsGate(c, c.Node.Inputs[0]), second = IsGate(c, c.Node.Inputs[1]);
        return first == second ? null : first ? 0 : 1;
    }

    /// <summary>Whether a value is a softmax, back through operators that change nothing.</summary>
    public static bool IsSoftmax(VjpContext c, string value)
    {
        while (c.Graph.Producer(value) is { QualifiedOperator: not "Softmax" } node)
        {
            if (c.Graph.GuardedValue(node) is { } guarded)
                value = guarded;
            else if (Unchanged.Contains(node.QualifiedOperator))
                value = node.Inputs[0];
            else
                return false;
        }

        return c.Graph.Producer(value) is not null;
    }

    private static bool IsGate(VjpContext c, string value)
    {
        while (c.Graph.Producer(value) is { } node)
        {
            if (Bounded.Contains(node.QualifiedOperator) || Deviations.Contains(node.QualifiedOperator) || IsHardGate(c, node))
                return true;
            string[] inner = [.. node.Inputs.Where(c.IsOnPath)];
            if (node.QualifiedOperator == "Pow" && c.Graph.ConstantFloats(node.Inputs[1]) is [< 0])
                return true;
            if (!Passed.Contains(node.QualifiedOperator) || inner.Length != 1)
                return false;
            value = inner[0];
        }

        return false;
    }

    // min(max(x + 3, 0), 6), the gate of a hard swish that is written out.
    private static bool IsHardGate(VjpContext c, Node node) =>
        node is { QualifiedOperator: "Clip", Inputs.Count: 3 } && c.Graph.ConstantFloats(node.Inputs[1]) is [0]
        && c.Graph.ConstantFloats(node.Inputs[2]) is [6] && c.Graph.Producer(node.Inputs[0]) is { QualifiedOperator: "Add" } sum
        && sum.Inputs.Any(i => c.Graph.ConstantFloats(i) is [3]);
}
