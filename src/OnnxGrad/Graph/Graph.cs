using OnnxGrad.Protobuf;

namespace OnnxGrad;

/// <summary>
/// A model's graph, open for more: who makes and who reads each value, what is known of it, and new nodes appended at the end.
/// Values are named; <see cref="Tensor"/> is the handle that operators work on. Not safe for use by several threads.
/// </summary>
public sealed partial class Graph
{
    private readonly Dictionary<string, Node> producers = [];
    private readonly Dictionary<string, List<Node>> consumers = [];
    private readonly Dictionary<string, TensorProto> initializers = [];
    private readonly Dictionary<string, ValueFact> facts = [];
    private readonly Dictionary<string, Tensor> constants = [];
    private readonly HashSet<string> names = [];
    private readonly List<Node> nodes = [];
    private readonly int originalNodes;
    private readonly string prefix = "grad/";
    private int counter;

    internal Graph(GraphProto proto, OperatorRegistry operators)
    {
        Proto = proto;
        Operators = operators;
        foreach (var initializer in proto.Initializer)
        {
            initializers[initializer.Name] = initializer;
            names.Add(initializer.Name);
            facts[initializer.Name] = new ValueFact(
                (ElementType)initializer.DataType, new Shape([.. initializer.Dims]), TensorData.ReadInts(initializer));
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

    /// <summary>The operators that are known, with their derivatives.</summary>
    public OperatorRegistry Operators { get; }

    internal GraphProto Proto { get; }

    /// <summary>Whether a value of that name exists.</summary>
    public bool Contains(string value) => names.Contains(value);

    /// <summary>The node that makes the value; null for inputs and constants.</summary>
    public Node? Producer(string value) => producers.GetValueOrDefault(value);

    /// <summary>The nodes that read the value.</summary>
    public IReadOnlyList<Node> Consumers(string value) => consumers.TryGetValue(value, out var readers) ? readers : [];

    /// <summary>Whether the value is stored in the model.</summary>
    public bool IsConstant(string value) => initializers.ContainsKey(value);

    /// <summary>What is known of a value, or null.</summary>
    public ValueFact? Fact(string value) => facts.GetValueOrDefault(value);

    /// <summary>Records what is known of a value.</summary>
    public void Learn(string value, ValueFact fact) => facts[value] = fact;

    /// <summary>The content of a small floating-point constant held in memory; null for anything else.</summary>
    public double[]? ConstantFloats(string value) => initializers.TryGetValue(value, out var tensor) ? TensorData.ReadFloats(tensor) : null;

    /// <summary>A handle on a value of the graph.</summary>
    /// <exception cref="ModelException">There is no such value, or its shape is not known.</exception>
    public Tensor this[string value] => !Contains(value)
        ? throw new ModelException($"The graph has no value '{value}'.")
        : Fact(value) is { } fact
            ? new Tensor(this, value, fact.Type, fact.Shape)
            : throw new ModelException($"The shape of '{value}' is not known. Probe the graph's shapes first.");

    /// <summary>A scalar constant.</summary>
    public Tensor Constant(double value, ElementType type) =>
        Constant($"{type}:{BitConverter.DoubleToInt64Bits(value)}", name => TensorData.Number(name, type, default, value));

    /// <summary>A constant vector of integers.</summary>
    public Tensor Constant(params ReadOnlySpan<long> values)
    {
        long[] copy = values.ToArray();
        return Constant($"i:{string.Join(',', copy)}", name => TensorData.Int64(name, new Shape(copy.Length), copy));
    }

    /// <summary>A scalar integer constant.</summary>
    public Tensor Scalar(long value) => Constant($"s:{value}", name => TensorData.Int64(name, default, value));

    /// <summary>A constant tensor of small size.</summary>
    public Tensor Constant(ElementType type, Shape shape, params ReadOnlySpan<double> values)
    {
        double[] copy = values.ToArray();
        return Constant($"{type}:{shape}:{string.Join(',', copy.Select(BitConverter.DoubleToInt64Bits))}",
            name => TensorData.Number(name, type, shape, copy));
    }

    /// <summary>A constant tensor of 32-bit floats, stored in the graph: a network's weights.</summary>
    /// <param name="name">Its name; must be new.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="values">Its content, row by row.</param>
    public Tensor Weights(string name, Shape shape, ReadOnlySpan<float> values) =>
        AddInitializer(TensorData.Raw(name, ElementType.Float, shape, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values)));

    /// <summary>Declares one more input.</summary>
    public Tensor Input(string name, ElementType type, Shape shape)
    {
        if (!names.Add(name))
            throw new ArgumentException($"The graph already has a value '{name}'.", nameof(name));
        Proto.Input.Add(ValueInfo(name, type, shape));
        facts[name] = new ValueFact(type, shape);
        return this[name];
    }

    /// <summary>Declares one more output: the value, under a name of its own.</summary>
    /// <param name="name">The output's name; must be new, unless it is the value's own.</param>
    /// <param name="tensor">The value; a mapped axis is not allowed here (see <see cref="Tensor.Unmap"/>).</param>
    public void Output(string name, Tensor tensor)
    {
        if (tensor.IsMapped)
            throw new ArgumentException("Place the mapped axis first.", nameof(tensor));
        if (name != tensor.Name)
        {
            if (!names.Add(name))
                throw new ArgumentException($"The graph already has a value '{name}'.", nameof(name));
            var identity = new NodeProto { OpType = "Identity", Name = name };
            identity.Input.Add(tensor.Name);
            identity.Output.Add(name);
            Proto.Node.Add(identity);
            Index(new Node(identity));
            facts[name] = new ValueFact(tensor.Type, tensor.Shape);
        }

        Proto.Output.Add(ValueInfo(name, tensor.Type, tensor.Shape));
    }

    /// <summary>Removes an output's declaration; the value itself stays.</summary>
    public void RemoveOutput(string name)
    {
        for (int i = Proto.Output.Count - 1; i >= 0; i--)
        {
            if (Proto.Output[i].Name == name)
                Proto.Output.RemoveAt(i);
        }
    }

    /// <summary>Removes an input that no node reads.</summary>
    /// <exception cref="ModelException">A node reads it.</exception>
    public void RemoveInput(string name)
    {
        if (Consumers(name).Count > 0)
            throw new ModelException($"The input '{name}' is read by {Consumers(name)[0]} and cannot be removed.");
        for (int i = Proto.Input.Count - 1; i >= 0; i--)
        {
            if (Proto.Input[i].Name == name)
                Proto.Input.RemoveAt(i);
        }

        names.Remove(name);
        facts.Remove(name);
    }

    /// <summary>
    /// Makes a value an input, to be fed by the caller: those who read it read what is fed, and what made it goes on under another name.
    /// </summary>
    /// <param name="value">A value that a node makes, and whose shape is known.</param>
    /// <returns>The input, under the value's own name.</returns>
    /// <exception cref="ModelException">No node makes the value, or its shape is not known.</exception>
    public Tensor Cut(string value)
    {
        var fact = this[value];
        if (!producers.Remove(value, out var producer))
            throw new ModelException($"No node of the graph makes '{value}', so there is nothing to cut.");
        int index = producer.Proto.Output.IndexOf(value);
        string made = NewName("cut");
        producer.Proto.Output[index] = made;
        producers[made] = producer;
        facts[made] = new ValueFact(fact.Type, fact.Shape);
        names.Add(made);
        Proto.Input.Add(ValueInfo(value, fact.Type, fact.Shape));
        return fact;
    }

    /// <summary>Removes the appended nodes and constants that no output needs.</summary>
    /// <param name="original">Whether the nodes that the graph came with may go too.</param>
    public void Prune(bool original = false)
    {
        var needed = new HashSet<string>(Outputs);
        for (int i = nodes.Count - 1; i >= 0; i--)
        {
            var node = nodes[i];
            if ((i < originalNodes && !original) || node.Outputs.Any(needed.Contains))
                needed.UnionWith(node.Reads);
            else
                RemoveNode(i);
        }

        for (int i = Proto.Initializer.Count - 1; i >= 0; i--)
        {
            string name = Proto.Initializer[i].Name;
            if (!needed.Contains(name) && name.StartsWith(prefix, StringComparison.Ordinal))
                RemoveInitializer(i);
        }
    }

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
        string output = node.Output[0];
        facts[output] = new ValueFact(type, shape);
        return new Tensor(this, output, type, shape);
    }

    /// <summary>Adds an output that the node does not make yet, such as the indices of a max pooling, and answers with it.</summary>
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

        facts[outputs[index]] = new ValueFact(type, shape);
        return new Tensor(this, outputs[index], type, shape);
    }

    /// <summary>Another node that computes the same as the given one, for an output that the given one had better not make.</summary>
    /// <returns>That output of the new node.</returns>
    public Tensor Twin(Node node, int output, ElementType type, Shape shape)
    {
        var twin = NewNode(node.Operator, [.. node.Inputs.Select(i => i.Length > 0 ? this[i] : (Tensor?)null)], [], output + 1);
        twin.Attribute.AddRange(node.Proto.Attribute.Clone());
        for (int i = 0; i < output && i < node.Outputs.Count; i++)
        {
            if (Fact(node.Outputs[i]) is { } fact)
                facts[twin.Output[i]] = fact;
        }

        facts[twin.Output[output]] = new ValueFact(type, shape);
        return this[twin.Output[output]];
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
            Node.SetAttribute(node.Attribute, name, value);
        for (int i = 0; i < outputs; i++)
            node.Output.Add(NewName(op));
        node.Name = node.Output[0];
        Proto.Node.Add(node);
        Index(new Node(node));
        return node;
    }

    private static ValueInfoProto ValueInfo(string name, ElementType type, Shape shape)
    {
        var lengths = new TensorShapeProto();
        for (int i = 0; i < shape.Rank; i++)
        {
            lengths.Dim.Add(shape[i] == Shape.Dynamic
                ? new TensorShapeProto.Types.Dimension { DimParam = $"{name}_{i}" }
                : new TensorShapeProto.Types.Dimension { DimValue = shape[i] });
        }

        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = lengths };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    /// <summary>The values a node reads, those that its subgraphs take from outside included.</summary>
    internal static IEnumerable<string> ReadBy(NodeProto node) => node.Input.Concat(node.Attribute
        .SelectMany(a => a.G is { } g ? a.Graphs.Append(g) : a.Graphs)
        .SelectMany(g => g.Node.SelectMany(ReadBy).Concat(g.Output.Select(o => o.Name))))
        .Where(n => n.Length > 0);

    private Tensor Constant(string key, Func<string, TensorProto> make)
    {
        if (!constants.TryGetValue(key, out var tensor))
            constants[key] = tensor = AddInitializer(make(NewName("constant")));
        return tensor;
    }

    private Tensor AddInitializer(TensorProto tensor)
    {
        if (!names.Add(tensor.Name))
            throw new ArgumentException($"The graph already has a value '{tensor.Name}'.", nameof(tensor));
        Proto.Initializer.Add(tensor);
        initializers[tensor.Name] = tensor;
        facts[tensor.Name] = new ValueFact((ElementType)tensor.DataType, new Shape([.. tensor.Dims]), TensorData.ReadInts(tensor));
        return this[tensor.Name];
    }

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

    private void RemoveInitializer(int index)
    {
        string name = Proto.Initializer[index].Name;
        Proto.Initializer.RemoveAt(index);
        initializers.Remove(name);
        names.Remove(name);
        facts.Remove(name);
        foreach (var (key, _) in constants.Where(c => c.Value.Name == name).ToList())
            constants.Remove(key);
    }

    private void RemoveNode(int index)
    {
        var node = nodes[index];
        nodes.RemoveAt(index);
        Proto.Node.RemoveAt(index);
        foreach (string output in node.Outputs)
        {
            producers.Remove(output);
            names.Remove(output);
            facts.Remove(output);
        }

        foreach (string input in node.Reads.Distinct())
            consumers[input].Remove(node);
    }
}
