using OnnxGrad.Protobuf;
using OnnxGrad.Rewriting;

namespace OnnxGrad.Passes;

/// <summary>
/// Puts the parts of fused operators in their places: attention and skip connections with their normalisation. What is inside such an
/// operator, its attention matrix above all, is no value of the graph otherwise, and no gradient rule reaches it. A form that is not
/// covered stays as it is. A model without such operators is not touched.
/// </summary>
internal static class FusedOperators
{
    private static readonly Dictionary<string, Func<GraphRewriter, NodeProto, bool>> Forms = new(StringComparer.Ordinal)
    {
        ["Attention"] = FusedAttention.Standard,
        ["com.microsoft.Attention"] = FusedAttention.Projected,
        ["com.microsoft.MultiHeadAttention"] = FusedAttention.MultiHead,
        ["com.microsoft.SkipLayerNormalization"] = SkipLayerNormalization,
    };

    /// <summary>Unfolds a graph's fused operators, those of its branches too.</summary>
    /// <returns>The operators that were unfolded, each once; none where nothing was changed.</returns>
    public static IReadOnlyCollection<string> Apply(GraphProto graph)
    {
        var unfolded = new SortedSet<string>(StringComparer.Ordinal);
        if (!HasAny(graph))
            return unfolded;
        GraphRewriter.Rewrite(graph, (rewriter, node) =>
        {
            string op = node.QualifiedOperator();
            if (Forms.TryGetValue(op, out var unfold) && unfold(rewriter, node))
                unfolded.Add(op);
            else
                rewriter.Emit(node);
        });
        return unfolded;
    }

    private static bool HasAny(GraphProto graph) =>
        graph.Node.Any(n => Forms.ContainsKey(n.QualifiedOperator()) || n.Subgraphs().Any(HasAny));

    /// <summary>y = LayerNormalization(input + skip + bias); the sum may be an output too.</summary>
    private static bool SkipLayerNormalization(GraphRewriter graph, NodeProto node)
    {
        if (node.Input.Count < 3 || IsRead(graph, node, 1) || IsRead(graph, node, 2))
            return false;
        string name = node.NameOrOutput();
        bool keepsSum = node.Output.Count > 3 && node.Output[3].Length > 0, hasBias = node.Input.Count > 4 && node.Input[4].Length > 0;
        string sum = node.Input[0];
        if (hasBias)
            sum = graph.Emit("Add", name, [sum, node.Input[4]]);
        if (keepsSum)
            graph.EmitAs(node.Output[3], "Add", [sum, node.Input[1]]);
        sum = keepsSum ? node.Output[3] : graph.Emit("Add", name, [sum, node.Input[1]]);
        string[] shift = node.Input.Count > 3 && node.Input[3].Length > 0 ? [node.Input[3]] : [];
        graph.EmitAs(
            node.Output[0], "LayerNormalization", [sum, node.Input[2], .. shift], ("axis", -1L),
            ("epsilon", node.FindAttribute("epsilon")?.F ?? 1e-12f));
        return true;
    }

    /// <summary>Whether an output is given and read.</summary>
    internal static bool IsRead(GraphRewriter graph, NodeProto node, int output) =>
        output < node.Output.Count && graph.IsRead(node.Output[output]);
}
