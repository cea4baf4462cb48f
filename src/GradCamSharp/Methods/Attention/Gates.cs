using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>Which operand of a product is a gate, so that the other is the signal.</summary>
internal static class Gates
{
    private static readonly HashSet<string> Bounded = ["Sigmoid", "HardSigmoid", "Erf", "Tanh", "Softmax"];

    private static readonly HashSet<string> Passed =
    [
        "Add", "Sub", "Mul", "Div", "Neg", "Identity", "Cast", "Reshape", "Expand", "Unsqueeze", "Squeeze", "Transpose", "Dropout",
    ];

    /// <summary>The place of the gate among the two operands; null where none is one, or both are.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="path">What the picture reaches; all else is constant.</param>
    /// <param name="product">A Mul of two computed values.</param>
    public static int? Find(Graph graph, DifferentiationPath path, Node product)
    {
        bool first = IsGate(graph, path, product.Inputs[0]), second = IsGate(graph, path, product.Inputs[1]);
        return first == second ? null : first ? 0 : 1;
    }

    /// <summary>Whether a value, back through arithmetic with constants and moves, is a bounded function's.</summary>
    private static bool IsGate(Graph graph, DifferentiationPath path, string value)
    {
        while (graph.Producer(value) is { } node)
        {
            if (Bounded.Contains(node.QualifiedOperator))
                return true;
            string[] computed = [.. node.Inputs.Where(path.Contains)];
            if (!Passed.Contains(node.QualifiedOperator) || computed.Length == 0
                || (node.Operator is "Add" or "Sub" or "Mul" or "Div" && computed.Length > 1))
                return false;
            value = computed[0];
        }

        return false;
    }
}
