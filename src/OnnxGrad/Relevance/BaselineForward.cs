namespace OnnxGrad.Relevance;

/// <summary>The graph a second time, on another input: each value on the way from the input has a twin.</summary>
internal sealed class BaselineForward
{
    private readonly Graph graph;
    private readonly Dictionary<string, Tensor> twins = [];

    /// <param name="input">The graph's input.</param>
    /// <param name="baseline">The other input, of its shape.</param>
    /// <param name="outputs">What has to be computed of it.</param>
    /// <param name="operators">The operators that are known.</param>
    public BaselineForward(Tensor input, Tensor baseline, IReadOnlyCollection<string> outputs, OperatorRegistry operators)
    {
        graph = input.Graph;
        twins[input.Name] = baseline;
        var nodes = graph.Nodes.Where(n => !n.IsAppended).ToList();
        var needed = new HashSet<string>(outputs);
        for (int i = nodes.Count - 1; i >= 0; i--)
        {
            if (nodes[i].Outputs.Any(needed.Contains))
                needed.UnionWith(nodes[i].Reads);
        }

        foreach (var node in nodes.Where(n => n.Outputs.Any(needed.Contains) && n.Reads.Any(twins.ContainsKey)))
        {
            // Shapes are the same for both inputs.
            if (operators.Has(node, OperatorProperties.ReadsOnlyShapes))
                continue;
            if (node.HasSubgraph)
                throw new ModelException($"{node} holds a subgraph, and cannot be computed a second time for a baseline.");
            var first = graph.Repeat(node, [.. node.Inputs.Select(i => i.Length == 0 ? (Tensor?)null : this[i])]);
            var made = graph.Producer(first.Name)!;
            for (int i = 0; i < node.Outputs.Count; i++)
            {
                if (node.Outputs[i].Length > 0 && graph.Info(node.Outputs[i]) is not null)
                    twins[node.Outputs[i]] = graph[made.Outputs[i]];
            }
        }
    }

    /// <summary>The value that a value has for the baseline; its own where it does not depend on the input.</summary>
    public Tensor this[string value] => twins.TryGetValue(value, out var twin) ? twin : graph[value];
}
