namespace OnnxGrad;

public readonly partial struct Tensor
{
    /// <summary>Operators whose result is never negative, whatever they read.</summary>
    private static readonly HashSet<string> NeverNegative =
        ["Relu", "Sigmoid", "HardSigmoid", "Softmax", "Softplus", "Exp", "Abs", "Sqrt", "ReduceL1", "ReduceL2", "ReduceSumSquare"];

    /// <summary>Operators whose result is not negative where none of their inputs is.</summary>
    private static readonly HashSet<string> NotIfNoInput =
        ["Identity", "Concat", "Add", "Mul", "Sum", "Max", "Min", "MaxPool", "AveragePool", "GlobalMaxPool", "GlobalAveragePool"];

    /// <summary>Operators whose result is not negative where their first input is not; the others say how it is moved or cut.</summary>
    private static readonly HashSet<string> NotIfNotTheFirst =
    [
        "Dropout", "Reshape", "Flatten", "Transpose", "Squeeze", "Unsqueeze", "Slice", "Gather", "Expand",
        "ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin",
    ];

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
                if (Graph.Producer(value) is not { Domain: "" } node)
                    return false;
                if (NeverNegative.Contains(node.Operator) || IsClippedFromZero(node))
                    continue;
                if (!NotIfNoInput.Contains(node.Operator) && !NotIfNotTheFirst.Contains(node.Operator))
                    return false;
                foreach (string input in node.Inputs.Take(NotIfNoInput.Contains(node.Operator) ? node.Inputs.Count : 1))
                    open.Push(input);
            }

            return true;
        }
    }

    private bool IsClippedFromZero(Node node) =>
        node.Operator == "Clip" && node.Inputs.Count > 1 && Graph.ConstantFloats(node.Inputs[1]) is [>= 0];
}
