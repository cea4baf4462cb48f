using OnnxGrad.Protobuf;
using OnnxGrad.Rewriting;

namespace OnnxGrad.Passes;

/// <summary>
/// Takes the rounding out of quantisation. What QuantizeLinear makes is scaled, shifted and clipped, but not rounded; DequantizeLinear
/// undoes shift and scale. All values keep their names; those that were integers are floats. The straight-through
/// rules are the derivative of this function, so it can be compared with them.
/// </summary>
internal static class RoundingRemoval
{
    /// <summary>Rewrites a graph.</summary>
    /// <returns>How many roundings were removed.</returns>
    public static int Apply(GraphProto graph)
    {
        int removed = 0;
        var varying = graph.Input.Select(i => i.Name).Except(graph.Initializer.Select(i => i.Name)).ToHashSet(StringComparer.Ordinal);
        GraphRewriter.Rewrite(graph, (rewriter, node) =>
        {
            if (!node.Reads().Any(varying.Contains))
            {
                rewriter.Emit(node);
                return;
            }

            varying.UnionWith(node.Output);
            switch (node.IsStandard() ? node.OpType : "")
            {
                case "QuantizeLinear":
                    Quantize(rewriter, node);
                    removed++;
                    break;
                case "DynamicQuantizeLinear":
                    QuantizeByRange(rewriter, node);
                    removed++;
                    break;
                case "DequantizeLinear":
                    Dequantize(rewriter, node);
                    break;
                default:
                    rewriter.Emit(node);
                    break;
            }
        });
        return removed;
    }

    private static void Quantize(GraphRewriter graph, NodeProto node)
    {
        string hint = node.Output[0];
        var (least, greatest) = Range(graph, node);
        string steps = graph.Emit("Div", hint, [node.Input[0], Aligned(graph, node, node.Input[1])]);
        if (Zero(graph, node) is { } zero)
            steps = graph.Emit("Add", hint, [steps, zero]);
        graph.Undeclare(hint);
        graph.EmitAs(hint, "Clip",
            [steps, graph.Number("least", ElementType.Float, least), graph.Number("greatest", ElementType.Float, greatest)]);
    }

    /// <summary>The scale and the zero point stay what they are; the value becomes x / scale + zero point.</summary>
    private static void QuantizeByRange(GraphRewriter graph, NodeProto node)
    {
        string made = node.Output[0];
        node.Output[0] = graph.NewName($"{made}/rounded");
        graph.Emit(node);
        graph.Undeclare(made);
        string steps = graph.Emit("Div", made, [node.Input[0], node.Output[1]]);
        graph.EmitAs(made, "Add", [steps, graph.Emit("Cast", made, [node.Output[2]], ("to", (long)ElementType.Float))]);
    }

    private static void Dequantize(GraphRewriter graph, NodeProto node)
    {
        string hint = node.Output[0];
        string steps = graph.Emit("Cast", hint, [node.Input[0]], ("to", (long)ElementType.Float));
        if (Zero(graph, node) is { } zero)
            steps = graph.Emit("Sub", hint, [steps, zero]);
        graph.EmitAs(hint, "Mul", [steps, Aligned(graph, node, node.Input[1])]);
    }

    private static string? Zero(GraphRewriter graph, NodeProto node) => node.Input.Count > 2 && node.Input[2].Length > 0
        ? graph.Emit("Cast", node.Output[0], [Aligned(graph, node, node.Input[2])], ("to", (long)ElementType.Float))
        : null;

    /// <summary>A scale or a zero point, one for each position of an axis if it has several, in line with that axis.</summary>
    private static string Aligned(GraphRewriter graph, NodeProto node, string parameter)
    {
        if (graph.Initializer(parameter) is not { } tensor || tensor.Dims.Count != 1 || tensor.Dims[0] == 1
            || graph.Rank(node.Input[0]) is not { } rank)
            return parameter;
        long axis = node.FindAttribute("axis")?.I ?? 1;
        long after = rank - 1 - (axis < 0 ? axis + rank : axis);
        return after == 0 ? parameter
            : graph.Emit("Unsqueeze", node.Output[0],
                [parameter, graph.Vector("axes", [.. Enumerable.Range(1, (int)after).Select(i => (long)i)])]);
    }

    private static (double Least, double Greatest) Range(GraphRewriter graph, NodeProto node)
    {
        var type = node.Input.Count > 2 && node.Input[2].Length > 0
            ? graph.Type(node.Input[2])
            : (ElementType)(node.FindAttribute("output_dtype")?.I ?? 0);
        return type switch
        {
            ElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
            ElementType.UInt16 => (ushort.MinValue, ushort.MaxValue),
            ElementType.Int16 => (short.MinValue, short.MaxValue),
            _ => (byte.MinValue, byte.MaxValue),
        };
    }
}
