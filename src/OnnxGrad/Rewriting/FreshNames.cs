using OnnxGrad.Protobuf;

namespace OnnxGrad.Rewriting;

/// <summary>
/// Names for the values that passes add; no two are alike, and none is like one that the model has anywhere, its branches included.
/// </summary>
internal sealed class FreshNames
{
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> counters = new(StringComparer.Ordinal);

    public FreshNames(GraphProto graph) => Take(graph);

    /// <summary>A new name that begins with the hint.</summary>
    public string Next(string hint)
    {
        int counter = counters.GetValueOrDefault(hint);
        string name = counter == 0 ? hint : $"{hint}_{counter}";
        while (!taken.Add(name))
            name = $"{hint}_{++counter}";
        counters[hint] = counter + 1;
        return name;
    }

    private void Take(GraphProto graph)
    {
        taken.UnionWith(graph.Initializer.Select(i => i.Name));
        taken.UnionWith(graph.SparseInitializer.Select(i => i.Values?.Name ?? ""));
        taken.UnionWith(graph.Input.Select(i => i.Name));
        taken.UnionWith(graph.Output.Select(o => o.Name));
        foreach (var node in graph.Node)
        {
            // ONNX Runtime takes no two nodes of one name either; a node is named as the value it makes.
            taken.Add(node.Name);
            taken.UnionWith(node.Input);
            taken.UnionWith(node.Output);
            foreach (var subgraph in node.Subgraphs())
                Take(subgraph);
        }
    }
}
