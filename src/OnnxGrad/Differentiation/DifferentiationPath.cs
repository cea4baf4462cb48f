namespace OnnxGrad;

/// <summary>
/// The part of a graph through which values influence an output: the nodes that reverse mode has to walk, in the graph's order.
/// </summary>
public sealed class DifferentiationPath
{
    private readonly HashSet<string> active;

    private DifferentiationPath(IReadOnlyList<Node> nodes, HashSet<string> active)
    {
        Nodes = nodes;
        this.active = active;
    }

    /// <summary>The nodes on the way, each after those whose values it reads.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>The nodes on the way whose operator has no gradient rule.</summary>
    public IReadOnlyList<Node> Missing => [.. Nodes.Where(n => VjpRules.For(n) is null)];

    /// <summary>Finds the way from values to an output.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="from">Where it starts.</param>
    /// <param name="to">Where it ends.</param>
    /// <returns>The path; without nodes where there is no way.</returns>
    public static DifferentiationPath Between(Graph graph, IReadOnlyCollection<string> from, string to)
    {
        var needed = new HashSet<string> { to };
        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            if (graph.Nodes[i].Outputs.Any(needed.Contains) && !VjpRules.IsPiecewiseConstant(graph.Nodes[i]))
                needed.UnionWith(graph.Nodes[i].Reads);
        }

        var reached = new HashSet<string>(from);
        var nodes = new List<Node>();
        foreach (var node in graph.Nodes)
        {
            if (node.Outputs.Any(o => o.Length > 0 && needed.Contains(o)) && node.Reads.Any(reached.Contains)
                && !VjpRules.IsPiecewiseConstant(node))
            {
                nodes.Add(node);
                reached.UnionWith(node.Outputs.Where(o => o.Length > 0));
            }
        }

        reached.IntersectWith(needed);
        return new DifferentiationPath(nodes, reached);
    }

    /// <summary>Whether a gradient flows through the value.</summary>
    public bool Contains(string value) => value.Length > 0 && active.Contains(value);

    /// <summary>
    /// Every operator on the way that has no rule, with the reason where it is refused on purpose, and all of its
    /// nodes; null where none is missing.
    /// </summary>
    public string? DescribeMissing()
    {
        var kinds = Missing.GroupBy(n => n.QualifiedOperator).Select(g =>
        {
            string reason = VjpRules.Refused.TryGetValue(g.Key, out string? why) ? $": {why}" : "";
            return $"{g.Key} ({string.Join(", ", g.Select(n => $"'{n.Name}'"))}{reason})";
        }).ToList();
        return kinds.Count > 0 ? string.Join("; ", kinds) : null;
    }

    /// <summary>Refuses the path if a rule is missing.</summary>
    /// <exception cref="ModelException">Names every operator without a rule, and its nodes.</exception>
    public void ThrowIfRulesAreMissing()
    {
        if (DescribeMissing() is { } missing)
        {
            throw new ModelException($"No gradient rule for {missing} on the way from the layer to the score. " +
                "Choose a layer after these nodes, or see docs/adding-an-operator.md.");
        }
    }
}
