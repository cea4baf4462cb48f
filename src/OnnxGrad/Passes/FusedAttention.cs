using OnnxGrad.Protobuf;
using OnnxGrad.Rewriting;

namespace OnnxGrad.Passes;

/// <summary>
/// softmax(Q K^T scale + mask) V, written out: MatMul, Softmax, MatMul. Past keys and values, soft caps and packed inputs, which networks
/// that see pictures do not use, are not covered.
/// </summary>
internal sealed class FusedAttention
{
    private static readonly long[] HeadsBeforeTokens = [0, 2, 1, 3];

    private readonly GraphRewriter graph;
    private readonly NodeProto node;
    private readonly string name;
    private readonly ElementType type;

    private FusedAttention(GraphRewriter graph, NodeProto node)
    {
        this.graph = graph;
        this.node = node;
        name = node.NameOrOutput();
        type = graph.Type(node.Input[0]);
    }

    /// <summary>
    /// Attention of the standard, from opset 23: Q, K, V are [N, heads, T, D], or [N, T, heads D] with the heads' number.
    /// </summary>
    public static bool Standard(GraphRewriter graph, NodeProto node)
    {
        long mode = node.FindAttribute("qk_matmul_output_mode")?.I ?? 0;
        if (node.Input.Count < 3 || Has(node, 4) || Has(node, 5) || Has(node, 6)
            || node.FindAttribute("softcap") is { F: not 0 }
            || FusedOperators.IsRead(graph, node, 1) || FusedOperators.IsRead(graph, node, 2)
            || (FusedOperators.IsRead(graph, node, 3) && mode is not (0 or 3)))
            return false;
        var parts = new FusedAttention(graph, node);
        long? heads = node.FindAttribute("q_num_heads")?.I, pairs = node.FindAttribute("kv_num_heads")?.I;
        string q = node.Input[0], k = node.Input[1], v = node.Input[2];
        if (heads is { } h)
            (q, k, v) = (parts.ByHead(q, h), parts.ByHead(k, pairs ?? h), parts.ByHead(v, pairs ?? h));
        bool isGrouped = heads is not null ? pairs is { } p && p != heads
            : graph.DeclaredLength(q, 1) is not { } own || graph.DeclaredLength(k, 1) != own;
        if (isGrouped)
            (k, v) = (parts.Repeated(k, q), parts.Repeated(v, q));

        string scores = parts.Scores(q, k, node.FindAttribute("scale")?.F);
        if (mode == 0 && FusedOperators.IsRead(graph, node, 3))
            graph.EmitAs(node.Output[3], "Identity", [scores]);
        if (Has(node, 3))
        {
            scores = graph.Type(node.Input[3]) == ElementType.Bool ? parts.Masked(scores, node.Input[3])
                : graph.Emit("Add", parts.name, [scores, node.Input[3]]);
        }

        if (node.FindAttribute("is_causal") is { I: not 0 })
            scores = parts.Causal(scores);
        parts.Finish(scores, v, joined: heads is not null, mode == 3 && FusedOperators.IsRead(graph, node, 3) ? node.Output[3] : null);
        return true;
    }

    /// <summary>com.microsoft.Attention: one dense layer makes Q, K and V of [N, T, K].</summary>
    public static bool Projected(GraphRewriter graph, NodeProto node)
    {
        if (node.Input.Count < 2 || Has(node, 4) || Has(node, 6) || FusedOperators.IsRead(graph, node, 1)
            || node.FindAttribute("do_rotary") is { I: not 0 } || node.FindAttribute("num_heads") is not { I: > 0 } heads
            || graph.Initializer(node.Input[1])?.Dims is not { Count: 2 } weights
            || (Has(node, 3) && graph.Rank(node.Input[3]) is not (2 or 3)))
            return false;
        long[] sizes = node.FindAttribute("qkv_hidden_sizes") is { Ints: { Count: 3 } given } ? [.. given]
            : [weights[1] / 3, weights[1] / 3, weights[1] / 3];
        if (sizes.Sum() != weights[1])
            return false;
        var parts = new FusedAttention(graph, node);
        string projected = graph.Emit("MatMul", parts.name, [node.Input[0], node.Input[1]]);
        if (Has(node, 2))
            projected = graph.Emit("Add", parts.name, [projected, node.Input[2]]);
        string[] qkv = parts.Split(projected, graph.Vector("lengths", sizes), -1);
        string[] own = [.. qkv.Select(part => parts.ByHead(part, heads.I))];
        string scores = parts.Scores(own[0], own[1], Scale(node));
        scores = parts.Filtered(scores, Has(node, 3) ? node.Input[3] : null, Has(node, 5) ? node.Input[5] : null);
        parts.Finish(scores, own[2], joined: true, weights: null);
        return true;
    }

    /// <summary>com.microsoft.MultiHeadAttention: Q, K and V are [N, T, K], one bias holds those of all three.</summary>
    public static bool MultiHead(GraphRewriter graph, NodeProto node)
    {
        if (!Has(node, 1) || !Has(node, 2) || Enumerable.Range(6, 4).Any(i => Has(node, i))
            || Enumerable.Range(0, 3).Any(i => graph.Rank(node.Input[i]) is not (null or 3))
            || Enumerable.Range(1, 3).Any(i => FusedOperators.IsRead(graph, node, i))
            || node.FindAttribute("num_heads") is not { I: > 0 } heads || (Has(node, 4) && graph.Rank(node.Input[4]) is not (2 or 3)))
            return false;
        var parts = new FusedAttention(graph, node);
        string[] qkv = [node.Input[0], node.Input[1], node.Input[2]];
        if (Has(node, 3))
        {
            string lengths = graph.Emit("Concat", parts.name, [.. qkv.Select(parts.LastLength)], ("axis", 0L));
            qkv = [.. qkv.Zip(parts.Split(node.Input[3], lengths, 0), (part, bias) => graph.Emit("Add", parts.name, [part, bias]))];
        }

        string[] own = [.. qkv.Select(part => parts.ByHead(part, heads.I))];
        string scores = parts.Scores(own[0], own[1], Scale(node));
        scores = parts.Filtered(scores, Has(node, 4) ? node.Input[4] : null, Has(node, 5) ? node.Input[5] : null);
        parts.Finish(scores, own[2], joined: true, weights: null);
        return true;
    }

    private static bool Has(NodeProto node, int input) => input < node.Input.Count && node.Input[input].Length > 0;

    // Of ONNX Runtime's own operators 0 stands for the usual scale.
    private static float? Scale(NodeProto node) => node.FindAttribute("scale") is { F: not 0 and var scale } ? scale : null;

    /// <summary>[N, T, heads D] to [N, heads, T, D].</summary>
    private string ByHead(string value, long heads) => graph.Emit(
        "Transpose", name, [graph.Emit("Reshape", name, [value, graph.Vector("by_head", 0, 0, heads, -1)])], ("perm", HeadsBeforeTokens));

    /// <summary>Each head of keys or values as often as heads of queries share it.</summary>
    private string Repeated(string value, string queries)
    {
        string one = graph.Vector("one", 1);
        string times = graph.Emit("Div", name, [Length(queries, 1), Length(value, 1)]);
        string lengths = graph.Emit("Concat", name, [one, one, times, one, one], ("axis", 0L));
        string copies = graph.Emit("Expand", name, [graph.Emit("Unsqueeze", name, [value, graph.Vector("axis", 2)]), lengths]);
        string shape = graph.Emit("Concat", name, [Length(value, 0), Length(queries, 1), Length(value, 2), Length(value, 3)], ("axis", 0L));
        return graph.Emit("Reshape", name, [copies, shape]);
    }

    /// <summary>Q K^T times the scale, 1 / sqrt(D) where none is given.</summary>
    private string Scores(string q, string k, float? scale)
    {
        string scaled = scale is { } factor ? graph.Emit("Mul", name, [q, graph.Number("scale", type, factor)])
            : graph.Emit("Div", name, [q, graph.Emit("Sqrt", name, [graph.Emit("Cast", name, [LastLength(q)], ("to", (long)type))])]);
        return graph.Emit("MatMul", name, [scaled, graph.Emit("Transpose", name, [k], ("perm", (long[])[0, 1, 3, 2]))]);
    }

    /// <summary>Scores with the mask, the bias and the direction of ONNX Runtime's own operators.</summary>
    private string Filtered(string scores, string? mask, string? bias)
    {
        if (mask is not null)
        {
            // 1 for keys that are seen, [N, T] or [N, T, T].
            double filter = node.FindAttribute("mask_filter_value")?.F ?? -10000;
            string seen = graph.Emit("Cast", name, [mask], ("to", (long)ElementType.Bool));
            string added = graph.Emit("Where", name, [seen, graph.Number("seen", type, 0), graph.Number("filter", type, filter)]);
            string axes = graph.Rank(mask) == 2 ? graph.Vector("axes", 1, 2) : graph.Vector("axes", 1);
            scores = graph.Emit("Add", name, [scores, graph.Emit("Unsqueeze", name, [added, axes])]);
        }

        if (bias is not null)
            scores = graph.Emit("Add", name, [scores, bias]);
        return node.FindAttribute("unidirectional") is { I: not 0 } ? Causal(scores) : scores;
    }

    private string Masked(string scores, string seen) =>
        graph.Emit("Where", name, [seen, scores, graph.Number("unseen", type, float.MinValue)]);

    /// <summary>No token sees those behind it.</summary>
    private string Causal(string scores)
    {
        string ones = graph.Emit(
            "ConstantOfShape", name, [graph.Emit("Shape", name, [scores])], ("value", TensorData.Number("", type, new Shape(1), 1)));
        string lower = graph.Emit("Trilu", name, [ones], ("upper", 0L));
        return Masked(scores, graph.Emit("Cast", name, [lower], ("to", (long)ElementType.Bool)));
    }

    /// <summary>The softmax and the values that it weighs.</summary>
    /// <param name="scores">[N, heads, T, T].</param>
    /// <param name="values">[N, heads, T, D].</param>
    /// <param name="joined">Whether the result is [N, T, heads D], else [N, heads, T, D].</param>
    /// <param name="weights">The name that the softmax's result must have; null for a new one.</param>
    private void Finish(string scores, string values, bool joined, string? weights)
    {
        if (weights is not null)
            graph.EmitAs(weights, "Softmax", [scores], ("axis", -1L));
        string attention = weights ?? graph.Emit("Softmax", name, [scores], ("axis", -1L));
        if (!joined)
        {
            graph.EmitAs(node.Output[0], "MatMul", [attention, values]);
            return;
        }

        string byToken = graph.Emit(
            "Transpose", name, [graph.Emit("MatMul", name, [attention, values])], ("perm", HeadsBeforeTokens));
        graph.EmitAs(node.Output[0], "Reshape", [byToken, graph.Vector("joined", 0, 0, -1)]);
    }

    private string[] Split(string value, string lengths, long axis)
    {
        var split = new NodeProto { OpType = "Split" };
        split.Input.Add([value, lengths]);
        split.Output.Add(Enumerable.Range(0, 3).Select(_ => graph.NewName($"{name}/Split")));
        split.Name = split.Output[0];
        split.SetAttribute("axis", axis);
        graph.Emit(split);
        return [.. split.Output];
    }

    private string LastLength(string value) => graph.Emit("Shape", name, [value], ("start", -1L));

    private string Length(string value, long axis) => graph.Emit("Shape", name, [value], ("start", axis), ("end", axis + 1));
}
