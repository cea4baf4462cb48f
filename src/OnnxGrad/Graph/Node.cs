using OnnxGrad.Protobuf;

namespace OnnxGrad;

/// <summary>One operator call of a graph: what it is, what it reads and what it makes.</summary>
public sealed class Node
{
    internal Node(NodeProto proto, bool isAppended = false) => (Proto, IsAppended) = (proto, isAppended);

    internal NodeProto Proto { get; }

    /// <summary>Whether it was appended to the graph, rather than read with it.</summary>
    internal bool IsAppended { get; }

    /// <summary>The operator's name, such as Conv.</summary>
    public string Operator => Proto.OpType;

    /// <summary>The operator's domain; empty for the ONNX standard's own.</summary>
    public string Domain => Proto.IsStandard() ? "" : Proto.Domain;

    /// <summary>The operator with its domain where that is not the standard's: <c>Conv</c>, <c>com.microsoft.QLinearAdd</c>.</summary>
    public string QualifiedOperator => Proto.QualifiedOperator();

    /// <summary>The node's own name, or its first output's where it has none.</summary>
    public string Name => Proto.NameOrOutput();

    /// <summary>The names of the values it reads; empty where an optional input is absent.</summary>
    public IReadOnlyList<string> Inputs => Proto.Input;

    /// <summary>The names of the values it makes; empty where an optional output is not wanted.</summary>
    public IReadOnlyList<string> Outputs => Proto.Output;

    /// <summary>Whether the attribute is given.</summary>
    public bool Has(string attribute) => Find(attribute) is not null;

    /// <summary>An integer attribute.</summary>
    public long Int(string attribute, long otherwise) => Find(attribute)?.I ?? otherwise;

    /// <summary>A floating-point attribute.</summary>
    public float Float(string attribute, float otherwise) => Find(attribute)?.F ?? otherwise;

    /// <summary>A text attribute.</summary>
    public string Text(string attribute, string otherwise) => Find(attribute)?.S.ToStringUtf8() ?? otherwise;

    /// <summary>A list of integers, or null where the attribute is absent.</summary>
    public long[]? Ints(string attribute) => Find(attribute)?.Ints is { } ints ? [.. ints] : null;

    /// <summary>A list of floating-point numbers, or null where the attribute is absent.</summary>
    public float[]? Floats(string attribute) => Find(attribute)?.Floats is { } floats ? [.. floats] : null;

    /// <summary>Whether a subgraph (a branch, a loop's body) hangs on this node.</summary>
    public bool HasSubgraph => Proto.Subgraphs().Any();

    /// <summary>The values that the node reads: its inputs, and what its subgraphs take from the graph around them.</summary>
    public IEnumerable<string> Reads => Proto.Reads();

    /// <inheritdoc/>
    public override string ToString() => Proto.Describe();

    private AttributeProto? Find(string name) => Proto.FindAttribute(name);
}
