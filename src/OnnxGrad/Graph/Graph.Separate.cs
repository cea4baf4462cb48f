namespace OnnxGrad;

public sealed partial class Graph
{
    /// <summary>
    /// The values that nodes which follow from some inputs read, and that follow from none of these: what a graph of these nodes alone has
    /// to be fed, beside the inputs themselves.
    /// </summary>
    /// <param name="inputs">Inputs of the graph.</param>
    /// <param name="outputs">The outputs that are wanted of these nodes.</param>
    /// <returns>The values, in the graph's order, constants left out; other inputs of the graph may be among them.</returns>
    public IReadOnlyList<string> ReadBeside(IReadOnlyCollection<string> inputs, IReadOnlyCollection<string> outputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        var following = new HashSet<string>(inputs);
        foreach (var node in nodes)
        {
            if (node.Reads.Any(following.Contains))
                following.UnionWith(node.Outputs.Where(o => o.Length > 0));
        }

        var needed = new HashSet<string>(outputs);
        var read = new HashSet<string>(outputs.Where(o => !following.Contains(o)));
        for (int i = nodes.Count - 1; i >= 0; i--)
        {
            var node = nodes[i];
            if (!node.Outputs.Any(o => needed.Contains(o) && following.Contains(o)))
                continue;
            needed.UnionWith(node.Reads);
            read.UnionWith(node.Reads.Where(v => v.Length > 0 && !following.Contains(v) && !initializers.ContainsKey(v)));
        }

        return [.. Inputs.Where(read.Contains), .. nodes.SelectMany(n => n.Outputs).Where(read.Contains)];
    }
}
