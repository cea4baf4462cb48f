using System.Runtime.InteropServices;
using OnnxGrad.Protobuf;

namespace OnnxGrad.Tests.NodeTests;

/// <summary>The standard's tests in the precision that gradients are compared in, whatever they are written in.</summary>
internal static class Precision
{
    // Inputs that say how an operator works, not what on: ONNX has them as tensors, but no network computes them from pixels.
    private static readonly Dictionary<string, int[]> Settings = new()
    {
        ["Dropout"] = [1],
        ["Pad"] = [2],
        ["Resize"] = [1, 2],
        ["Upsample"] = [1],
    };

    /// <summary>Whether an element type of ONNX is one of real numbers.</summary>
    public static bool IsReal(int dataType) => ((ElementType)dataType).IsFloatingPoint();

    /// <summary>The values of a tensor of real numbers, bfloat16 included.</summary>
    public static double[] Reals(TensorProto tensor)
    {
        if ((ElementType)tensor.DataType != ElementType.BFloat16)
            return TensorData.ReadFloats(tensor)!;
        var halves = tensor.RawData.IsEmpty
            ? [.. tensor.Int32Data.Select(v => (ushort)v)]
            : MemoryMarshal.Cast<byte, ushort>(tensor.RawData.Span).ToArray();
        return Array.ConvertAll(halves, h => (double)BitConverter.Int32BitsToSingle(h << 16));
    }

    /// <summary>
    /// The model with every floating-point type replaced by one, and all inputs but the floating-point ones stored in it.
    /// </summary>
    public static ModelProto Retype(NodeTest test, ElementType type)
    {
        var model = test.Model.Clone();
        var graph = model.Graph;
        graph.ValueInfo.Clear();
        int[] settings = Settings.GetValueOrDefault(test.Operator) ?? [];
        string[] fixedInputs = [.. settings.Select(i => graph.Node[^1].Input.ElementAtOrDefault(i) ?? "").Where(i => i.Length > 0)];
        foreach (var value in test.Inputs.Where(v => !IsReal(v.DataType) || v.Dims.Contains(0) || fixedInputs.Contains(v.Name)))
        {
            graph.Input.Remove(graph.Input.First(i => i.Name == value.Name));
            graph.Initializer.Add(value.Clone());
        }

        foreach (var declared in graph.Input.Concat(graph.Output).Select(v => v.Type.TensorType).Where(t => IsReal(t.ElemType)))
            declared.ElemType = (int)type;
        // The scales of Resize are 32-bit floats in every case.
        for (int i = 0; i < graph.Initializer.Count; i++)
        {
            if (IsReal(graph.Initializer[i].DataType) && !(test.Operator is "Resize" or "Upsample"))
                graph.Initializer[i] = Number(graph.Initializer[i]);
        }

        foreach (var attribute in graph.Node.SelectMany(n => n.Attribute))
        {
            if (attribute.T is not null && IsReal(attribute.T.DataType))
                attribute.T = Number(attribute.T);
            else if (attribute.Name is "to" or "dtype" or "output_dtype" or "stash_type" && IsReal((int)attribute.I))
                attribute.I = (long)type;
        }

        // Its means are computed in the precision that stash_type names, in single by default.
        foreach (var node in graph.Node.Where(n =>
            test.Opset >= 21 && n.OpType == "GroupNormalization" && n.Attribute.All(a => a.Name != "stash_type")))
            node.SetAttribute("stash_type", (long)type);
        return model;

        TensorProto Number(TensorProto tensor) => TensorData.Number(tensor.Name, type, new Shape([.. tensor.Dims]), Reals(tensor));
    }
}
