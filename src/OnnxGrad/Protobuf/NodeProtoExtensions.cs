using Google.Protobuf;

namespace OnnxGrad.Protobuf;

/// <summary>What every part of the library asks of a node's message, and how attributes are set.</summary>
internal static class NodeProtoExtensions
{
    /// <summary>Whether the node is one of the standard's own operators.</summary>
    public static bool IsStandard(this NodeProto node) => node.Domain is "" or "ai.onnx";

    /// <summary>The operator with its domain where that is not the standard's: <c>Conv</c>, <c>com.microsoft.QLinearAdd</c>.</summary>
    public static string QualifiedOperator(this NodeProto node) => node.IsStandard() ? node.OpType : $"{node.Domain}.{node.OpType}";

    /// <summary>The node's own name, or its first output's where it has none.</summary>
    public static string NameOrOutput(this NodeProto node) => node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault("");

    /// <summary>The operator and the name, for messages.</summary>
    public static string Describe(this NodeProto node) => $"{node.QualifiedOperator()} '{node.NameOrOutput()}'";

    /// <summary>The branches and bodies that hang on a node.</summary>
    public static IEnumerable<GraphProto> Subgraphs(this NodeProto node) =>
        node.Attribute.SelectMany(a => a.G is { } g ? a.Graphs.Prepend(g) : a.Graphs);

    /// <summary>The values a node reads, those that its subgraphs take from outside included.</summary>
    public static IEnumerable<string> Reads(this NodeProto node) => node.Input
        .Concat(node.Subgraphs().SelectMany(g => g.Node.SelectMany(Reads).Concat(g.Output.Select(o => o.Name))))
        .Where(n => n.Length > 0);

    /// <summary>An attribute, or null.</summary>
    public static AttributeProto? FindAttribute(this NodeProto node, string name) => node.Attribute.FirstOrDefault(a => a.Name == name);

    /// <summary>Sets an attribute; one of the same name is replaced.</summary>
    /// <param name="node">The node.</param>
    /// <param name="name">The attribute.</param>
    /// <param name="value">A long, float, string, long[], float[], graph or tensor.</param>
    public static void SetAttribute(this NodeProto node, string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case long i:
                attribute.I = i;
                attribute.Type = AttributeProto.Types.AttributeType.Int;
                break;
            case float f:
                attribute.F = f;
                attribute.Type = AttributeProto.Types.AttributeType.Float;
                break;
            case string s:
                attribute.S = ByteString.CopyFromUtf8(s);
                attribute.Type = AttributeProto.Types.AttributeType.String;
                break;
            case long[] ints:
                attribute.Ints.AddRange(ints);
                attribute.Type = AttributeProto.Types.AttributeType.Ints;
                break;
            case float[] floats:
                attribute.Floats.AddRange(floats);
                attribute.Type = AttributeProto.Types.AttributeType.Floats;
                break;
            case GraphProto branch:
                attribute.G = branch;
                attribute.Type = AttributeProto.Types.AttributeType.Graph;
                break;
            case TensorProto tensor:
                attribute.T = tensor;
                attribute.Type = AttributeProto.Types.AttributeType.Tensor;
                break;
            default:
                throw new ArgumentException($"An attribute cannot hold a {value.GetType().Name}.", nameof(value));
        }

        for (int i = node.Attribute.Count - 1; i >= 0; i--)
        {
            if (node.Attribute[i].Name == name)
                node.Attribute.RemoveAt(i);
        }

        node.Attribute.Add(attribute);
    }
}
