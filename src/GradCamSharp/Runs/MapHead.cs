using GradCamSharp.Analysis;
using OnnxGrad;

namespace GradCamSharp.Runs;

/// <summary>
/// An end of a network where each class has a map of its own, made position by position by a 1x1 convolution, perhaps rectified, whose mean
/// is the score: so SqueezeNet ends.
/// </summary>
/// <param name="Output">The convolution's output.</param>
/// <param name="Weights">Its weights, [C, K, 1...].</param>
/// <param name="Bias">Its bias, [C]; null where it has none.</param>
/// <param name="IsRectified">Whether the maps are rectified before their mean.</param>
internal sealed record MapHead(string Output, string Weights, string? Bias, bool IsRectified)
{
    /// <summary>Finds the head right behind a layer; null for any other end.</summary>
    /// <param name="analysis">The model.</param>
    /// <param name="layer">The layer.</param>
    public static MapHead? Find(ModelAnalysis analysis, string layer)
    {
        var graph = analysis.Model.Graph;
        var node = graph.Producer(SourceOf(graph, analysis.Score.Value, "Flatten", "Reshape", "Squeeze", "Identity", "Dropout"));
        if (node?.Operator != "GlobalAveragePool")
            return null;
        node = graph.Producer(node.Inputs[0]);
        bool isRectified = node?.Operator == "Relu";
        if (isRectified)
            node = graph.Producer(node!.Inputs[0]);
        if (node is null || node.QualifiedOperator != "Conv" || !IsPointwise(graph, node))
            return null;
        return Reads(graph, node, layer) ? Of(node, isRectified) : null;
    }

    private static MapHead Of(Node node, bool isRectified) => new(
        node.Outputs[0], node.Inputs[1], node.Inputs.Count > 2 && node.Inputs[2].Length > 0 ? node.Inputs[2] : null, isRectified);

    private static bool Reads(Graph graph, Node node, string value)
    {
        string read = node.Inputs[0];
        while (read != value && graph.Producer(read) is { Operator: "Identity" or "Dropout" } copy)
            read = copy.Inputs[0];
        return read == value;
    }

    /// <summary>The value that is only moved to make another.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="value">The other value.</param>
    /// <param name="moves">The operators that move.</param>
    public static string SourceOf(Graph graph, string value, params ReadOnlySpan<string> moves)
    {
        while (graph.Producer(value) is { } node && moves.Contains(node.QualifiedOperator))
            value = node.Inputs[0];
        return value;
    }

    /// <summary>Whether a node is a convolution with constant weights of one element a channel.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="node">A convolution.</param>
    public static bool IsPointwise(Graph graph, Node node) =>
        graph.IsConstant(node.Inputs[1]) && node.Int("group", 1) == 1
        && (node.Inputs.Count < 3 || node.Inputs[2].Length == 0 || graph.IsConstant(node.Inputs[2]))
        && graph[node.Inputs[1]].Shape.Skip(2).All(l => l == 1)
        && (node.Ints("strides") ?? []).All(s => s == 1) && (node.Ints("pads") ?? []).All(p => p == 0);
}
