using OnnxGrad;

namespace GradCamSharp.Heads;

/// <summary>
/// Outputs before their squashing function: the same moves of the same values, without the last sigmoid or softmax on the way. What an
/// output chooses (its largest elements, the boxes that are kept) stays chosen as in the output itself.
/// </summary>
internal sealed class LogitOutputs(Graph graph)
{
    private readonly Dictionary<string, Tensor> found = new(StringComparer.Ordinal);

    /// <summary>An output's logits, of the output's shape; the output itself where nothing squashes it.</summary>
    /// <param name="output">A value whose shape is known.</param>
    public Tensor Of(string output)
    {
        // A stack and not recursion: a graph may be deeper than the call stack.
        var open = new Stack<string>([output]);
        while (open.TryPeek(out string? value))
        {
            if (found.ContainsKey(value))
            {
                open.Pop();
                continue;
            }

            var node = graph.Producer(value);
            string[] carried = node is null ? [] : [.. Carried(node).Select(i => node.Inputs[i])
                .Where(v => v.Length > 0 && !graph.IsConstant(v) && graph.Info(v)?.Type.IsFloatingPoint() == true)];
            string[] waiting = [.. carried.Where(v => !found.ContainsKey(v))];
            if (waiting.Length > 0)
            {
                foreach (string v in waiting)
                    open.Push(v);
                continue;
            }

            open.Pop();
            found[value] = node is null ? graph[value] : Apply(node, value);
        }

        return found[output];
    }

    /// <summary>The inputs whose elements the node moves, joins or picks; none where it computes.</summary>
    private static IEnumerable<int> Carried(Node node) => node.QualifiedOperator switch
    {
        "Identity" or "Reshape" or "Transpose" or "Squeeze" or "Unsqueeze" or "Flatten" or "Slice" or "Split" or "Gather"
            or "GatherElements"
            or "GatherND" or "Expand" or "Dropout" or "Tile" or "TopK" or "Compress" or "Pad" => [0],
        "Concat" => Enumerable.Range(0, node.Inputs.Count),
        "Where" => [1, 2],
        "ScatterElements" or "ScatterND" => [0, 2],
        "Mul" => [0, 1],
        "Sqrt" => [0],
        _ => [],
    };

    private Tensor Apply(Node node, string value)
    {
        switch (node.QualifiedOperator)
        {
            case "Sigmoid" or "Softmax" or "LogSoftmax":
                return graph[node.Inputs[0]];
            case "Mul":
                // A product of two probabilities; a product with anything else is no score.
                return IsSquashed(node.Inputs[0]) && IsSquashed(node.Inputs[1])
                    ? JointLogit(found[node.Inputs[0]], found[node.Inputs[1]]) : graph[value];
            case "Sqrt":
                // The root grows with what is under it: the log-odds of that stay finite where the root is 1.
                return IsSquashed(node.Inputs[0]) ? found[node.Inputs[0]] : graph[value];
        }

        var carried = Carried(node).Where(i => IsSquashed(node.Inputs[i])).ToList();
        if (carried.Count == 0)
            return graph[value];
        int output = node.Outputs.ToList().IndexOf(value);
        if (node.QualifiedOperator == "TopK")
        {
            return output == 1 ? graph[value] : found[node.Inputs[0]].GatherElements(
                graph.ExtraOutput(node, 1, ElementType.Int64, graph[value].Shape), node.Int("axis", -1));
        }

        var inputs = node.Inputs.Select((name, i) => name.Length == 0 ? (Tensor?)null
            : carried.Contains(i) ? found[name] : graph[name]).ToArray();
        return graph.Repeat(node, inputs, output);
    }

    private bool IsSquashed(string value) => found.TryGetValue(value, out var logits) && logits.Name != value;

    /// <summary>The log-odds of a product of two sigmoids: -log(e^-a + e^-b + e^-(a + b)). It never saturates.</summary>
    private static Tensor JointLogit(Tensor a, Tensor b)
    {
        // Of the three exponents the largest is taken out, so that none overflows.
        var largest = (-a).Maximum(-b).Maximum(-(a + b));
        return -(((-a - largest).Exp() + (-b - largest).Exp() + (-(a + b) - largest).Exp()).Log() + largest);
    }
}
