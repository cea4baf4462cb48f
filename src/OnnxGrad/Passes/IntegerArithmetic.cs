using OnnxGrad.Protobuf;
using OnnxGrad.Rewriting;

namespace OnnxGrad.Passes;

/// <summary>
/// Integer arithmetic has no derivative. Each operator of it becomes what it stands for: DequantizeLinear, the operator on floats,
/// QuantizeLinear. The values stay the same within one step of quantisation, and a gradient can pass straight through. Forms without such
/// an equivalent are left as they are.
/// </summary>
internal static class IntegerArithmetic
{
    private static readonly Dictionary<string, Func<GraphRewriter, NodeProto, bool>> Forms = new(StringComparer.Ordinal)
    {
        ["QLinearConv"] = Convolution,
        ["QLinearMatMul"] = static (g, n) => Binary(g, n, "MatMul"),
        ["com.microsoft.QLinearAdd"] = static (g, n) => Binary(g, n, "Add"),
        ["com.microsoft.QLinearMul"] = static (g, n) => Binary(g, n, "Mul"),
        ["com.microsoft.QLinearSigmoid"] = static (g, n) => Unary(g, n, "Sigmoid"),
        ["com.microsoft.QLinearLeakyRelu"] = static (g, n) => Unary(g, n, "LeakyRelu"),
        ["com.microsoft.QLinearAveragePool"] = static (g, n) => Unary(g, n, "AveragePool"),
        ["com.microsoft.QLinearGlobalAveragePool"] = static (g, n) => Unary(g, n, "GlobalAveragePool"),
        ["com.microsoft.QLinearSoftmax"] = Softmax,
        ["com.microsoft.QLinearConcat"] = Concatenation,
        ["com.microsoft.QGemm"] = Gemm,
        ["ConvInteger"] = static (g, n) => Product(g, n, "Conv"),
        ["MatMulInteger"] = static (g, n) => Product(g, n, "MatMul"),
        ["DequantizeLinear"] = Dequantize,
    };

    /// <summary>Rewrites a graph.</summary>
    /// <returns>How many nodes became floating-point ones.</returns>
    public static int Apply(GraphProto graph)
    {
        int rewritten = 0;
        if (!graph.Node.Any(n => n.OpType.StartsWith('Q') || n.OpType.EndsWith("Integer", StringComparison.Ordinal)
            || n.Subgraphs().Any()))
            return 0;
        GraphRewriter.Rewrite(graph, (rewriter, node) =>
        {
            string op = node.IsStandard() ? node.OpType : $"{node.Domain}.{node.OpType}";
            if (Forms.TryGetValue(op, out var form) && node.Output.Count == 1 && form(rewriter, node))
                rewritten += node.OpType == "DequantizeLinear" ? 0 : 1;
            else
                rewriter.Emit(node);
        });
        return rewritten;
    }

    /// <summary>
    /// x, its scale and zero point; w, its scale (one, or one a channel) and zero point; y's scale and zero point; an integer bias
    /// in units of x's scale times w's.
    /// </summary>
    private static bool Convolution(GraphRewriter graph, NodeProto node)
    {
        if (node.Input.Count < 8)
            return false;
        var inputs = new List<string> { Dequantized(graph, node, 0), Dequantized(graph, node, 3, axis: 0) };
        if (Has(node, 8))
            inputs.Add(DequantizedBias(graph, node, node.Input[8], node.Input[1], node.Input[4]));
        Quantized(graph, node, "Conv", inputs, 6);
        return true;
    }

    private static bool Binary(GraphRewriter graph, NodeProto node, string op)
    {
        if (node.Input.Count < 8)
            return false;
        Quantized(graph, node, op, [Dequantized(graph, node, 0, axis: -2), Dequantized(graph, node, 3, axis: -1)], 6);
        return true;
    }

    private static bool Unary(GraphRewriter graph, NodeProto node, string op)
    {
        if (node.Input.Count < 5 || node.FindAttribute("channels_last") is { I: not 0 })
            return false;
        Quantized(graph, node, op, [Dequantized(graph, node, 0)], 3, "channels_last");
        return true;
    }

    /// <summary>
    /// Its attribute <c>opset</c> says whether the axes from <c>axis</c> on are one (before 13) or only that axis counts.
    /// </summary>
    private static bool Softmax(GraphRewriter graph, NodeProto node)
    {
        bool flattens = (node.FindAttribute("opset")?.I ?? 0) < 13;
        long axis = node.FindAttribute("axis")?.I ?? (flattens ? 1 : -1);
        if (node.Input.Count < 5 || (flattens && axis != -1 && graph.Rank(node.Input[0]) - 1 != axis))
            return false;
        node.SetAttribute("axis", axis);
        Quantized(graph, node, "Softmax", [Dequantized(graph, node, 0)], 3, "opset");
        return true;
    }

    /// <summary>y's scale and zero point, then of each input the value, its scale and zero point.</summary>
    private static bool Concatenation(GraphRewriter graph, NodeProto node)
    {
        if (node.Input.Count < 5 || (node.Input.Count - 2) % 3 != 0)
            return false;
        var inputs = new List<string>();
        for (int i = 2; i < node.Input.Count; i += 3)
            inputs.Add(Dequantized(graph, node, i));
        Quantized(graph, node, "Concat", inputs, 0);
        return true;
    }

    /// <summary>
    /// a and b as in a product; an integer bias in units of alpha times both scales; without y's scale the result is float.
    /// </summary>
    private static bool Gemm(GraphRewriter graph, NodeProto node)
    {
        if (node.Input.Count < 6)
            return false;
        bool transposed = node.FindAttribute("transB") is { I: not 0 };
        var inputs = new List<string> { Dequantized(graph, node, 0), Dequantized(graph, node, 3, axis: transposed ? 0 : 1) };
        if (Has(node, 6))
        {
            string scale = node.Input[4];
            if (node.FindAttribute("alpha") is { } alpha && alpha.F != 1)
                scale = graph.Emit("Mul", node.Output[0], [scale, graph.Number("alpha", ElementType.Float, alpha.F)]);
            inputs.Add(DequantizedBias(graph, node, node.Input[6], node.Input[1], scale));
        }

        if (Has(node, 7))
            Quantized(graph, node, "Gemm", inputs, 7);
        else
            Float(graph, node, "Gemm", inputs, node.Output[0], "");
        return true;
    }

    /// <summary>
    /// x, w and their zero points; a sum of products as 32-bit integers. Floats hold it exactly up to 2^24, so where nothing but casts
    /// to floats reads it, it is one.
    /// </summary>
    private static bool Product(GraphRewriter graph, NodeProto node, string op)
    {
        if (!graph.IsReadAsFloatsAlone(node.Output[0]))
            return false;
        Float(graph, node, op, [Shifted(graph, node, 0, 2), Shifted(graph, node, 1, 3)], node.Output[0], "");
        graph.Undeclare(node.Output[0]);
        return true;
    }

    private static string Shifted(GraphRewriter graph, NodeProto node, int input, int zero)
    {
        string hint = node.Output[0];
        string value = graph.Emit("Cast", hint, [node.Input[input]], ("to", (long)ElementType.Float));
        return Has(node, zero)
            ? graph.Emit("Sub", hint, [value, graph.Emit("Cast", hint, [node.Input[zero]], ("to", (long)ElementType.Float))])
            : value;
    }

    /// <summary>All that read the same integers share one node, so that the value it makes stands for all of their influence.</summary>
    private static bool Dequantize(GraphRewriter graph, NodeProto node)
    {
        if (!node.Attribute.All(a => a.Name == "axis"))
            return false;
        string key = Key(node.Input, node.FindAttribute("axis")?.I);
        if (graph.Shared(key) is { } same)
            graph.EmitAs(node.Output[0], "Identity", [same]);
        else
            graph.Emit(node);
        graph.Share(key, graph.Shared(key) ?? node.Output[0]);
        return true;
    }

    private static string Key(IEnumerable<string> inputs, long? axis) => string.Join('\n', inputs.Append($"{axis ?? 1}"));

    private static bool Has(NodeProto node, int input) => input < node.Input.Count && node.Input[input].Length > 0;

    private static string Dequantized(GraphRewriter graph, NodeProto node, int first, long? axis = null)
    {
        string scale = node.Input[first + 1];
        bool several = axis is not null && graph.Initializer(scale) is { } tensor && tensor.Dims.Any(d => d > 1);
        string[] inputs = [node.Input[first], scale, node.Input[first + 2]];
        string key = Key(inputs, several ? axis : null);
        if (graph.Shared(key) is not { } value)
            graph.Share(key, value = graph.Emit("DequantizeLinear", node.Output[0], inputs, several ? [("axis", axis!.Value)] : []));
        return value;
    }

    private static string DequantizedBias(GraphRewriter graph, NodeProto node, string bias, string left, string right)
    {
        string scale = graph.Emit("Mul", node.Output[0], [left, right]);
        return graph.Emit("Mul", node.Output[0], [graph.Emit("Cast", node.Output[0], [bias], ("to", (long)ElementType.Float)), scale]);
    }

    private static void Quantized(
        GraphRewriter graph, NodeProto node, string op, IReadOnlyList<string> inputs, int scale, string without = "")
    {
        string result = graph.NewName($"{node.Output[0]}/{op}");
        string[] step = [result, node.Input[scale], node.Input[scale + 1]];
        string output = node.Output[0];
        Float(graph, node, op, inputs, result, without);
        graph.EmitAs(output, "QuantizeLinear", step);
    }

    private static void Float(GraphRewriter graph, NodeProto node, string op, IReadOnlyList<string> inputs, string output, string without)
    {
        var plain = new NodeProto { OpType = op, Name = node.Name };
        plain.Input.Add(inputs);
        plain.Output.Add(output);
        plain.Attribute.Add(node.Attribute.Where(a => a.Name != without));
        graph.Emit(plain);
    }
}
