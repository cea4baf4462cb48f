using OnnxGrad.Protobuf;

namespace OnnxGrad.Rewriting;

/// <summary>
/// A graph, or a branch or body inside one, that is being written anew node by node. A pass looks at each node in turn and emits what
/// takes its place; the values keep their names. What is known of values without running the model is in <see cref="Rank"/>,
/// <see cref="Type"/> and <see cref="Integers"/>.
/// </summary>
internal sealed partial class GraphRewriter
{
    private readonly GraphProto graph;
    private readonly GraphRewriter? outer;
    private readonly FreshNames names;
    private readonly Dictionary<string, TensorProto> initializers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NodeProto> producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TypeProto> declared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> constants = new(StringComparer.Ordinal);
    private readonly List<NodeProto> written = [];
    private readonly Dictionary<string, string> shared = new(StringComparer.Ordinal);
    private HashSet<string>? read;

    private GraphRewriter(GraphProto graph, GraphRewriter? outer, FreshNames names)
    {
        this.graph = graph;
        this.outer = outer;
        this.names = names;
        foreach (var initializer in graph.Initializer)
            initializers[initializer.Name] = initializer;
        foreach (var info in graph.ValueInfo.Concat(graph.Output).Concat(graph.Input).Where(i => i.Type is not null))
            declared[info.Name] = info.Type;
        foreach (var node in graph.Node)
        {
            foreach (string output in node.Output)
                producers[output] = node;
        }
    }

    /// <summary>Writes a graph anew, what hangs on its nodes first.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="visit">Emits what takes the node's place; the node itself, changed or not, if it is to stay.</param>
    public static void Rewrite(GraphProto graph, Action<GraphRewriter, NodeProto> visit) =>
        new GraphRewriter(graph, null, new FreshNames(graph)).Run(visit);

    /// <summary>Emits a node as it is.</summary>
    public void Emit(NodeProto node) => written.Add(node);

    /// <summary>Emits a new node of the standard's domain.</summary>
    /// <returns>The name of the value it makes.</returns>
    public string Emit(string op, string hint, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        string output = names.Next($"{hint}/{op}");
        EmitAs(output, op, inputs, attributes);
        return output;
    }

    /// <summary>Emits a new node of the standard's domain that makes the value of the given name.</summary>
    public void EmitAs(string output, string op, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var node = new NodeProto { OpType = op, Name = output };
        node.Input.Add(inputs.ToArray());
        node.Output.Add(output);
        foreach (var (name, value) in attributes)
            node.SetAttribute(name, value);
        Emit(node);
    }

    /// <summary>The value that a pass kept under a key of its own, to use it again; null if there is none.</summary>
    public string? Shared(string key) => shared.GetValueOrDefault(key);

    /// <summary>Keeps a value of this graph to be used again.</summary>
    public void Share(string key, string value) => shared[key] = value;

    /// <summary>Whether the value is read here, and by nothing but casts to floating-point types.</summary>
    public bool IsReadAsFloatsAlone(string value) =>
        IsRead(value) && !graph.Output.Any(o => o.Name == value) && graph.Node.All(n => !n.Reads().Contains(value)
            || (n.OpType == "Cast" && n.IsStandard() && ((ElementType)(n.FindAttribute("to")?.I ?? 0)).IsFloatingPoint()));

    /// <summary>Forgets what the file says of a value's type, where a pass changed it.</summary>
    public void Undeclare(string value)
    {
        declared.Remove(value);
        for (int i = graph.ValueInfo.Count - 1; i >= 0; i--)
        {
            if (graph.ValueInfo[i].Name == value)
                graph.ValueInfo.RemoveAt(i);
        }
    }

    /// <summary>A name for a value that the pass adds.</summary>
    public string NewName(string hint) => names.Next(hint);

    /// <summary>A constant vector of integers; the same content gives the same value.</summary>
    public string Vector(string hint, params ReadOnlySpan<long> values)
    {
        long[] copy = values.ToArray();
        return Constant($"{hint}:{string.Join(',', copy)}", hint, name => TensorData.Int64(name, new Shape(copy.Length), copy));
    }

    /// <summary>A constant integer scalar; the same content gives the same value.</summary>
    public string Scalar(string hint, long value) =>
        Constant($"{hint}:scalar:{value}", hint, name => TensorData.Int64(name, default, value));

    /// <summary>A constant scalar; the same content gives the same value.</summary>
    public string Number(string hint, ElementType type, double value) =>
        Constant($"{hint}:{type}:{BitConverter.DoubleToInt64Bits(value)}", hint, name => TensorData.Number(name, type, default, value));

    /// <summary>A constant vector of 32-bit floats; the same content gives the same value.</summary>
    public string FloatVector(string hint, params ReadOnlySpan<double> values)
    {
        double[] copy = values.ToArray();
        return Constant($"{hint}:{string.Join(',', copy.Select(BitConverter.DoubleToInt64Bits))}", hint,
            name => TensorData.Number(name, ElementType.Float, new Shape(copy.Length), copy));
    }

    /// <summary>Whether a node of this graph, or a branch within it, or the caller reads the value.</summary>
    public bool IsRead(string value)
    {
        read ??= [.. ReadIn(graph)];
        return value.Length > 0 && read.Contains(value);
    }

    private static IEnumerable<string> ReadIn(GraphProto graph) =>
        graph.Node.SelectMany(n => n.Input.Concat(n.Subgraphs().SelectMany(ReadIn))).Concat(graph.Output.Select(o => o.Name));

    private string Constant(string key, string hint, Func<string, TensorProto> make)
    {
        if (constants.TryGetValue(key, out string? name))
            return name;
        name = names.Next($"constant/{hint}");
        var tensor = make(name);
        graph.Initializer.Add(tensor);
        initializers[name] = tensor;
        return constants[key] = name;
    }

    private void Run(Action<GraphRewriter, NodeProto> visit)
    {
        foreach (var node in graph.Node)
        {
            foreach (var subgraph in node.Subgraphs())
                new GraphRewriter(subgraph, this, names).Run(visit);
            visit(this, node);
        }

        graph.Node.Clear();
        graph.Node.AddRange(written);
    }
}
