namespace OnnxGrad;

public readonly partial struct Tensor
{
    /// <summary>Whether the operators that make the value show that no element is ever negative. False where they do not tell.</summary>
    public bool IsNonNegative
    {
        get
        {
            var seen = new HashSet<string>();
            var open = new Stack<string>([Name]);
            while (open.TryPop(out string? value))
            {
                if (!seen.Add(value))
                    continue;
                if (Graph.Producer(value) is not { } node)
                    return false;
                if (Graph.Operators.Has(node, OperatorProperties.NeverNegative) || IsClippedFromZero(node))
                    continue;
                bool all = Graph.Operators.Has(node, OperatorProperties.NonNegativeByInputs);
                if (!all && !Graph.Operators.Has(node, OperatorProperties.NonNegativeByFirstInput))
                    return false;
                foreach (string input in node.Inputs.Take(all ? node.Inputs.Count : 1))
                    open.Push(input);
            }

            return true;
        }
    }

    private bool IsClippedFromZero(Node node) =>
        node.QualifiedOperator == "Clip" && node.Inputs.Count > 1 && Graph.ConstantFloats(node.Inputs[1]) is [>= 0];
}
