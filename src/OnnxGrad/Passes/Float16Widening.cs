using OnnxGrad.Protobuf;
using OnnxGrad.Rewriting;

namespace OnnxGrad.Passes;

/// <summary>
/// Lets a model of 16-bit floats compute in 32 bits: gradients of deep networks fall below what 16 bits hold. Weights stay in the
/// file as they are, each behind a Cast that ONNX Runtime folds when it loads the model; every declared type, the inputs' and
/// outputs' too, becomes float32.
/// </summary>
internal static class Float16Widening
{
    // Attributes that name the type of what a node makes, or of what it computes with.
    private static readonly HashSet<string> TypeAttributes =
        ["to", "dtype", "output_dtype", "output_datatype", "stash_type", "softmax_precision", "precision"];

    /// <summary>Widens a model; one without 16-bit floats stays as it is.</summary>
    /// <returns>Whether a weight, input or output was one of 16 bits.</returns>
    public static bool Apply(ModelProto model)
    {
        var graph = model.Graph;
        bool narrow = graph.Initializer.Any(i => IsNarrow(i.DataType))
            || graph.Input.Concat(graph.Output).Any(i => i.Type?.TensorType is { } t && IsNarrow(t.ElemType));
        Widen(graph, new Lazy<FreshNames>(() => new FreshNames(graph)));
        return narrow;
    }

    private static void Widen(GraphProto graph, Lazy<FreshNames> names)
    {
        foreach (var info in graph.Input.Concat(graph.Output).Concat(graph.ValueInfo))
            Widen(info.Type);
        foreach (var node in graph.Node)
        {
            foreach (var attribute in node.Attribute)
                Widen(attribute, names);
        }

        var casts = graph.Initializer.Where(i => IsNarrow(i.DataType)).Select(i => WidenOrCast(i, names)).OfType<NodeProto>().ToList();
        if (casts.Count == 0)
            return;
        NodeProto[] rest = [.. graph.Node];
        graph.Node.Clear();
        graph.Node.AddRange([.. casts, .. rest]);
    }

    /// <summary>
    /// Small tensors in memory are widened at once, so that passes and rules can look into them; for others the
    /// answer is a Cast under their name.
    /// </summary>
    private static NodeProto? WidenOrCast(TensorProto initializer, Lazy<FreshNames> names)
    {
        if (initializer.DataLocation == TensorProto.Types.DataLocation.Default
            && initializer.CalculateSize() < TensorData.SmallTensorBytes)
        {
            Widen(initializer);
            return null;
        }

        var cast = new NodeProto { OpType = "Cast", Name = names.Value.Next($"{initializer.Name}/Cast") };
        cast.SetAttribute("to", (long)ElementType.Float);
        cast.Output.Add(initializer.Name);
        initializer.Name = names.Value.Next($"{initializer.Name}/float16");
        cast.Input.Add(initializer.Name);
        return cast;
    }

    private static void Widen(AttributeProto attribute, Lazy<FreshNames> names)
    {
        if (TypeAttributes.Contains(attribute.Name) && IsNarrow(attribute.I))
            attribute.I = (long)ElementType.Float;
        Widen(attribute.Tp);
        foreach (var type in attribute.TypeProtos)
            Widen(type);
        foreach (var tensor in attribute.Tensors.Append(attribute.T).OfType<TensorProto>().Where(t => IsNarrow(t.DataType)))
            Widen(tensor);
        foreach (var graph in attribute.Graphs.Append(attribute.G).OfType<GraphProto>())
            Widen(graph, names);
    }

    private static void Widen(TypeProto? type)
    {
        while (type is not null)
        {
            if (type.TensorType is { } tensor && IsNarrow(tensor.ElemType))
                tensor.ElemType = (int)ElementType.Float;
            type = type.SequenceType?.ElemType ?? type.OptionalType?.ElemType;
        }
    }

    private static void Widen(TensorProto tensor)
    {
        if (TensorData.ReadFloats(tensor) is not { } values)
            return;
        var wide = TensorData.Number(tensor.Name, ElementType.Float, new Shape([.. tensor.Dims]), values);
        tensor.Int32Data.Clear();
        tensor.DataType = wide.DataType;
        tensor.RawData = wide.RawData;
    }

    private static bool IsNarrow(long type) => (ElementType)type is ElementType.Float16 or ElementType.BFloat16;
}
