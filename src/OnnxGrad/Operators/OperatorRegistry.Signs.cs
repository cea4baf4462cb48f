namespace OnnxGrad;

public sealed partial class OperatorRegistry
{
    /// <summary>Whether the operators that make a value show that no element is ever negative. False where they do not tell.</summary>
    /// <param name="tensor">The value.</param>
    public bool IsNonNegative(Tensor tensor)
    {
        var graph = tensor.Graph;
        var seen = new HashSet<string>();
        var open = new Stack<string>([tensor.Name]);
        while (open.TryPop(out string? value))
        {
            if (!seen.Add(value))
                continue;
            if (graph.Producer(value) is not { } node)
                return false;
            if (Has(node, OperatorProperties.NeverNegative) || IsClippedFromZero(graph, node))
                continue;
            bool all = Has(node, OperatorProperties.NonNegativeByInputs);
            if (!all && !Has(node, OperatorProperties.NonNegativeByFirstInput))
                return false;
            foreach (string input in node.Inputs.Take(all ? node.Inputs.Count : 1))
                open.Push(input);
        }

        return true;
    }

    private static bool IsClippedFromZero(Graph graph, Node node) =>
        node.QualifiedOperator == "Clip" && node.Inputs.Count > 1 && graph.ConstantFloats(node.Inputs[1]) is [>= 0];
}
