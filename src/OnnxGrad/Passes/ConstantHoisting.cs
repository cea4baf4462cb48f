using OnnxGrad.Protobuf;

namespace OnnxGrad.Passes;

/// <summary>Turns Constant nodes into initializers of the same name: then everything that is constant lies in one place.</summary>
internal static class ConstantHoisting
{
    public static void Apply(GraphProto graph)
    {
        for (int i = graph.Node.Count - 1; i >= 0; i--)
        {
            var node = graph.Node[i];
            if (node.OpType != "Constant" || node.Domain is not ("" or "ai.onnx")
                || node.Output.Count != 1 || Content(node) is not { } tensor)
                continue;
            tensor.Name = node.Output[0];
            graph.Initializer.Add(tensor);
            graph.Node.RemoveAt(i);
        }
    }

    private static TensorProto? Content(NodeProto node)
    {
        var attribute = node.Attribute.FirstOrDefault();
        return attribute?.Name switch
        {
            "value" => attribute.T,
            "value_float" => TensorData.Number("", ElementType.Float, default, attribute.F),
            "value_floats" =>
                TensorData.Number("", ElementType.Float, new Shape(attribute.Floats.Count), [.. attribute.Floats.Select(f => (double)f)]),
            "value_int" => TensorData.Int64("", default, attribute.I),
            "value_ints" => TensorData.Int64("", new Shape(attribute.Ints.Count), [.. attribute.Ints]),
            _ => null,
        };
    }
}
