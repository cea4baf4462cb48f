using OnnxGrad.Protobuf;

namespace OnnxGrad;

/// <summary>
/// A model's graph, to which nodes can be appended. It knows which node makes a value, which nodes read it, and what is known of it.
/// Values are named; <see cref="Tensor"/> is the handle that operators work on. Not safe for use by several threads.
/// </summary>
public sealed partial class Graph
{
    private readonly Dictionary<string, Node> producers = [];
    private readonly Dictionary<string, List<Node>> consumers = [];
    private readonly Dictionary<string, TensorProto> initializers = [];
    private readonly ShapeTable analysed;
    private readonly Dictionary<string, ValueInfo> declared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tensor> constants = [];
    private readonly HashSet<string> names = [];
    private readonly List<Node> nodes = [];
    private readonly int originalNodes;
    private readonly string prefix = "grad/";
    private int counter;

    /// <param name="proto">The message; what is appended is written to it.</param>
    /// <param name="analysed">What an analysis found of its values.</param>
    internal Graph(GraphProto proto, ShapeTable analysed)
    {
        Proto = proto;
        this.analysed = analysed;
        foreach (var initializer in proto.Initializer)
        {
            initializers[initializer.Name] = initializer;
            names.Add(initializer.Name);
            declared[initializer.Name] = Describe(initializer);
        }

        foreach (var input in proto.Input)
            names.Add(input.Name);
        foreach (var node in proto.Node)
            Index(new Node(node));
        originalNodes = nodes.Count;
        // Names inside subgraphs are taken too: in ONNX a subgraph's names must differ from those around it.
        string[] taken = [.. names, .. nodes.SelectMany(n => n.Reads)];
        while (taken.Any(n => n.StartsWith(prefix, StringComparison.Ordinal)))
            prefix = "_" + prefix;
    }

    /// <summary>The nodes, each after those whose values it reads.</summary>
    public IReadOnlyList<Node> Nodes => nodes;

    /// <summary>The names of the values that a caller must feed.</summary>
    public IEnumerable<string> Inputs => Proto.Input.Select(i => i.Name).Where(n => !initializers.ContainsKey(n));

    /// <summary>The names of the values that a run answers with.</summary>
    public IEnumerable<string> Outputs => Proto.Output.Select(o => o.Name);

    /// <summary>Every value that a node makes.</summary>
    public IEnumerable<string> Values => producers.Keys;

    internal GraphProto Proto { get; }

    /// <summary>All that is known of the graph's inputs and of the values that its nodes make.</summary>
    internal ShapeTable Shapes => ShapeTable.Empty.With(
        Values.Concat(Inputs).Select(v => KeyValuePair.Create(v, Info(v)!)).Where(v => v.Value is not null));

    /// <summary>Whether a value of that name exists.</summary>
    public bool Contains(string value) => names.Contains(value);

    /// <summary>The node that makes the value; null for inputs and constants.</summary>
    public Node? Producer(string value) => producers.GetValueOrDefault(value);

    /// <summary>The nodes that read the value.</summary>
    public IReadOnlyList<Node> Consumers(string value) => consumers.TryGetValue(value, out var readers) ? readers : [];

    /// <summary>The one node that reads the value, of those that the graph came with; null where there are several, or none.</summary>
    internal Node? SoleReader(string value) =>
        Consumers(value).Where(n => !n.IsAppended).Take(2).ToList() is [var one] && one.Inputs.Count(i => i == value) == 1 ? one : null;

    /// <summary>
    /// What a node hands on but for elements that are no number, as exporters guard a softmax: Where(IsNaN(x), 0, x). Null where the node
    /// is none such.
    /// </summary>
    /// <param name="node">A node.</param>
    public string? GuardedValue(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node.QualifiedOperator == "Where" && Producer(node.Inputs[0]) is { QualifiedOperator: "IsNaN" } test
            && node.Inputs[2] == test.Inputs[0] ? test.Inputs[0] : null;
    }

    /// <summary>Whether the value is stored in the model.</summary>
    public bool IsConstant(string value) => initializers.ContainsKey(value);

    /// <summary>
    /// What is known of a value, or null: what the graph was told of it when it was appended, else what the analysis found that the graph
    /// was opened with.
    /// </summary>
    /// <param name="value">The value's name.</param>
    public ValueInfo? Info(string value) => !Contains(value) ? null : declared.GetValueOrDefault(value) ?? analysed.Find(value);

    /// <summary>The content of a small floating-point constant held in memory; null for anything else.</summary>
    public double[]? ConstantFloats(string value) => initializers.TryGetValue(value, out var tensor) ? TensorData.ReadFloats(tensor) : null;

    /// <summary>A handle on a value of the graph.</summary>
    /// <exception cref="ModelException">There is no such value, or its shape is not known.</exception>
    public Tensor this[string value] => !Contains(value)
        ? throw new ModelException($"The graph has no value '{value}'.")
        : Info(value) is { } info
            ? new Tensor(this, value, info.Type, info.Shape)
            : throw new ModelException($"The shape of '{value}' is not known. Analyse the model first (ShapeInference).");

    /// <summary>
    /// Appends a node of any operator and declares what it makes. The operators on <see cref="Tensor"/> are the usual way; this one is
    /// for operators that they lack.
    /// </summary>
    /// <param name="op">The operator, of the standard's own domain.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="type">Its first output's element type.</param>
    /// <param name="shape">Its first output's shape.</param>
    /// <param name="attributes">Attributes: long, float, string, long[], float[].</param>
    public Tensor Append(
        string op, ReadOnlySpan<Tensor?> inputs, ElementType type, Shape shape, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var node = NewNode(op, inputs, attributes);
        return Declare(node.Output[0], type, shape);
    }

    /// <summary>Adds an output that the node does not make yet, such as the indices of a max pooling.</summary>
    /// <param name="node">A node of the graph.</param>
    /// <param name="index">The output's position.</param>
    /// <param name="type">Its element type.</param>
    /// <param name="shape">Its shape.</param>
    /// <returns>The output, new or already made.</returns>
    public Tensor ExtraOutput(Node node, int index, ElementType type, Shape shape)
    {
        var outputs = node.Proto.Output;
        while (outputs.Count <= index)
            outputs.Add("");
        if (outputs[index].Length == 0)
        {
            outputs[index] = NewName(node.Operator);
            names.Add(outputs[index]);
            producers[outputs[index]] = node;
        }

        return Declare(outputs[index], type, shape);
    }

    /// <summary>Appends a second node that computes the same as a given one, for an output that would slow the given one down.</summary>
    /// <param name="node">A node of the graph.</param>
    /// <param name="output">The output's position.</param>
    /// <param name="type">Its element type.</param>
    /// <param name="shape">Its shape.</param>
    /// <returns>That output of the new node.</returns>
    public Tensor Duplicate(Node node, int output, ElementType type, Shape shape)
    {
        var duplicate = NewNode(node.Operator, [.. node.Inputs.Select(i => i.Length > 0 ? this[i] : (Tensor?)null)], [], output + 1);
        duplicate.Attribute.AddRange(node.Proto.Attribute.Clone());
        for (int i = 0; i < output && i < node.Outputs.Count; i++)
        {
            if (Info(node.Outputs[i]) is { } info)
                declared[duplicate.Output[i]] = info;
        }

        return Declare(duplicate.Output[output], type, shape);
    }

    /// <summary>Appends a second node that does with other values what a given one does with its own.</summary>
    /// <param name="node">A node of the graph, without subgraphs.</param>
    /// <param name="inputs">What the new node reads, as many and of the same shapes; null where an optional input is absent.</param>
    /// <param name="output">Which of the node's outputs is wanted; it is declared as that of the given node is.</param>
    /// <returns>That output of the new node.</returns>
    /// <exception cref="ModelException">The shape of the given node's output is not known.</exception>
    public Tensor Repeat(Node node, ReadOnlySpan<Tensor?> inputs, int output = 0)
    {
        ArgumentNullException.ThrowIfNull(node);
        var repeated = NewNode(node.Operator, inputs, [], node.Outputs.Count);
        repeated.Domain = node.Proto.Domain;
        repeated.Attribute.AddRange(node.Proto.Attribute.Clone());
        for (int i = 0; i < node.Outputs.Count; i++)
        {
            if (node.Outputs[i].Length > 0 && Info(node.Outputs[i]) is { } info)
                declared[repeated.Output[i]] = info;
        }

        return this[repeated.Output[output]];
    }

    /// <summary>Records the type and the shape of a value that the graph was given.</summary>
    internal Tensor Declare(string value, ElementType type, Shape shape)
    {
        declared[value] = new ValueInfo(type, shape);
        return new Tensor(this, value, type, shape);
    }

    internal NodeProto NewNode(
        string op, ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<(string Name, object Value)> attributes, int outputs = 1)
    {
        var node = new NodeProto { OpType = op };
        foreach (var input in inputs)
            node.Input.Add(input?.Name ?? "");
        while (node.Input.Count > 0 && node.Input[^1].Length == 0)
            node.Input.RemoveAt(node.Input.Count - 1);
        foreach (var (name, value) in attributes)
            node.SetAttribute(name, value);
        for (int i = 0; i < outputs; i++)
            node.Output.Add(NewName(op));
        node.Name = node.Output[0];
        Proto.Node.Add(node);
        Index(new Node(node, isAppended: true));
        return node;
    }

    private static ValueInfo Describe(TensorProto tensor) =>
        new((ElementType)tensor.DataType, new Shape([.. tensor.Dims]), TensorData.ReadInts(tensor));

    private string NewName(string op) => $"{prefix}{op}_{counter++}";

    private void Index(Node node)
    {
        nodes.Add(node);
        foreach (string output in node.Outputs.Where(o => o.Length > 0))
        {
            producers[output] = node;
            names.Add(output);
        }

        foreach (string input in node.Reads.Distinct())
        {
            if (!consumers.TryGetValue(input, out var readers))
                consumers[input] = readers = [];
            readers.Add(node);
        }
    }
}
