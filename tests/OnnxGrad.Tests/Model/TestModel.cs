using Google.Protobuf;
using OnnxGrad.Protobuf;

namespace OnnxGrad.Tests.Model;

/// <summary>Writes small models as old and odd exporters do, byte for byte, for the tests of reading.</summary>
internal sealed class TestModel
{
    public TestModel(long opset, long ir = 7)
    {
        Proto = new ModelProto { IrVersion = ir, ProducerName = "test", Graph = new GraphProto { Name = "test" } };
        Proto.OpsetImport.Add(new OperatorSetIdProto { Version = opset });
    }

    public ModelProto Proto { get; }

    public GraphProto Graph => Proto.Graph;

    public TestModel Import(string domain, long version)
    {
        Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = version });
        return this;
    }

    public TestModel Input(string name, ElementType type, params long[] shape)
    {
        Graph.Input.Add(Info(name, type, shape));
        return this;
    }

    public TestModel Output(string name, ElementType type = ElementType.Undefined, params long[] shape)
    {
        Graph.Output.Add(type == ElementType.Undefined ? new ValueInfoProto { Name = name } : Info(name, type, shape));
        return this;
    }

    public TestModel Ints(string name, params long[] values)
    {
        Graph.Initializer.Add(TensorData.Int64(name, new Shape(values.Length), values));
        return this;
    }

    public TestModel Constant(string name, ElementType type, long[] shape, params double[] values)
    {
        Graph.Initializer.Add(TensorData.Number(name, type, new Shape(shape), values));
        return this;
    }

    public TestModel Node(string op, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        Graph.Node.Add(NewNode(op, inputs, outputs, attributes));
        return this;
    }

    public static NodeProto NewNode(string op, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        int dot = op.LastIndexOf('.');
        var node = new NodeProto
        {
            OpType = op[(dot + 1)..],
            Domain = dot < 0 ? "" : op[..dot],
            Name = $"{op}_{string.Join('_', outputs)}",
        };
        node.Input.Add(inputs);
        node.Output.Add(outputs);
        foreach (var (name, value) in attributes)
        {
            if (value is GraphProto graph)
                node.Attribute.Add(new AttributeProto { Name = name, G = graph, Type = AttributeProto.Types.AttributeType.Graph });
            else
                node.SetAttribute(name, value);
        }

        return node;
    }

    public static ValueInfoProto Info(string name, ElementType type, params long[] shape)
    {
        var lengths = new TensorShapeProto();
        lengths.Dim.AddRange(shape.Select(l => l < 0
            ? new TensorShapeProto.Types.Dimension { DimParam = "N" }
            : new TensorShapeProto.Types.Dimension { DimValue = l }));
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = lengths };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    public byte[] Bytes() => Proto.ToByteArray();
}
