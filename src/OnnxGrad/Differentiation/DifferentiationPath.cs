namespace OnnxGrad;

/// <summary>
/// The part of a graph through which values influence an output: the nodes that reverse mode has to walk, in the graph's order.
/// </summary>
public sealed class DifferentiationPath
{
    private readonly HashSet<string> active;

    private readonly OperatorRegistry operators;
    private readonly RuleSet? rules;

    private DifferentiationPath(IReadOnlyList<Node> nodes, HashSet<string> active, OperatorRegistry operators, RuleSet? rules)
    {
        Nodes = nodes;
        this.active = active;
        this.operators = operators;
        this.rules = rules;
    }

    /// <summary>The nodes on the way, each after those whose values it reads.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>The nodes on the way that cannot be walked: without a rule, or with an input on the way that is refused.</summary>
    public IReadOnlyList<Node> Missing => [.. Nodes.Where(IsMissing)];

    /// <summary>Finds the way from values to an output.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="from">Where it starts.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="operators">The operators that are known.</param>
    /// <param name="rules">Rules that replace those of some operators; none if null.</param>
    /// <returns>The path; without nodes where there is no way.</returns>
    public static DifferentiationPath Between(
        Graph graph, IReadOnlyCollection<string> from, string to, OperatorRegistry operators, RuleSet? rules = null) =>
        Between(graph, from, [to], operators, rules);

    /// <summary>Finds the way from values to any of several outputs.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="from">Where it starts.</param>
    /// <param name="to">Where it ends; one may lie on the way to another.</param>
    /// <param name="operators">The operators that are known.</param>
    /// <param name="rules">Rules that replace those of some operators; none if null.</param>
    /// <returns>The path; without nodes where there is no way.</returns>
    public static DifferentiationPath Between(
        Graph graph, IReadOnlyCollection<string> from, IReadOnlyCollection<string> to, OperatorRegistry operators, RuleSet? rules = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(operators);
        var needed = new HashSet<string>(to);
        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            if (graph.Nodes[i].Outputs.Any(needed.Contains))
                needed.UnionWith(Carrying(graph.Nodes[i]));
        }

        var reached = new HashSet<string>(from);
        var nodes = new List<Node>();
        foreach (var node in graph.Nodes)
        {
            if (node.Outputs.Any(o => o.Length > 0 && needed.Contains(o)) && Carrying(node).Any(reached.Contains))
            {
                nodes.Add(node);
                reached.UnionWith(node.Outputs.Where(o => o.Length > 0 && !IsIndex(graph, o)));
            }
        }

        reached.IntersectWith(needed);
        return new DifferentiationPath(nodes, reached, operators, rules);

        // What the node reads and depends on by more than a shape or a choice.
        IEnumerable<string> Carrying(Node node) => operators.Find(node) is { IsPiecewiseConstant: true } ? []
            : node.HasSubgraph ? node.Reads
            : node.Inputs.Where((input, i) => input.Length > 0 && operators.Derivative(node, i) != InputDerivative.Zero);
    }

    // Indices and conditions follow from what they were computed of by steps; a gradient has no way through them.
    private static bool IsIndex(Graph graph, string value) => graph.Info(value)?.Type is ElementType.Int64 or ElementType.Bool;

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
            string reason = g.Select(ReasonOf).FirstOrDefault(r => r is not null) is { } why ? $": {why}" : "";
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

    private bool IsMissing(Node node) =>
        rules?.For(node) is null && (operators.Find(node)?.Rule is null || ReasonOf(node) is not null);

    private string? ReasonOf(Node node) => operators.Find(node) is { } definition
        ? node.Inputs.Select((input, i) => Contains(input) ? definition.RefusalOf(i) : null).FirstOrDefault(r => r is not null)
            ?? definition.Refusal
        : null;
}
