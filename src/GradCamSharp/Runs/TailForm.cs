using GradCamSharp.Analysis;
using GradCamSharp.Layers;
using OnnxGrad;

namespace GradCamSharp.Runs;

/// <summary>What kind of function the scores are of a layer's values.</summary>
internal static class TailForm
{
    private static readonly HashSet<string> Linear =
    [
        "GlobalAveragePool", "AveragePool", "ReduceMean", "ReduceSum", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Transpose",
        "Identity", "Dropout", "Gemm", "MatMul", "Conv", "BatchNormalization", "Add", "Sub", "Mul", "Div", "Slice", "Gather",
        "Concat", "Pad",
    ];

    /// <summary>
    /// Whether they are linear, plus a constant: every node on the way is linear in the one value that it reads of the way, and the others
    /// are constants. So it is behind most networks' last layer.
    /// </summary>
    /// <param name="analysis">The model.</param>
    /// <param name="layer">The layer.</param>
    public static bool IsLinear(ModelAnalysis analysis, string layer)
    {
        var path = Path(analysis, layer);
        return path.Nodes.All(n => Linear.Contains(n.QualifiedOperator) && IsOfOne(path, n)
            && (n.Operator is not "Div" || path.Contains(n.Inputs[0])));
    }

    /// <summary>
    /// The layer's mean over all positions, where all that the scores take of the layer goes through it; null where it does not. The mean
    /// has a value a channel, in the channels' order.
    /// </summary>
    /// <param name="analysis">The model.</param>
    /// <param name="layer">The layer.</param>
    public static string? PooledValue(ModelAnalysis analysis, Layer layer)
    {
        var graph = analysis.Model.Graph;
        var path = Path(analysis, layer.Name);
        string value = layer.Name;
        while (true)
        {
            Node[] readers = [.. graph.Consumers(value).Where(path.Nodes.Contains)];
            if (readers is not [var reader])
                return null;
            if (IsMean(graph, reader, graph[value].Shape, layer.Format.Kind))
                return reader.Outputs[0];
            if (reader.QualifiedOperator is not ("Identity" or "Dropout"))
                return null;
            value = reader.Outputs[0];
        }
    }

    private static bool IsMean(Graph graph, Node node, Shape shape, LayerFormatKind kind)
    {
        bool isFirst = kind == LayerFormatKind.Nchw;
        long[] spatial = [.. Enumerable.Range(isFirst ? 2 : 1, shape.Rank - 2).Select(i => (long)i)];
        switch (node.QualifiedOperator)
        {
            case "GlobalAveragePool":
                return isFirst;
            case "AveragePool":
                return isFirst && (node.Ints("pads") ?? []).All(p => p == 0)
                    && node.Ints("kernel_shape") is { } kernel && kernel.Length == spatial.Length
                    && kernel.Select((k, i) => shape[i + 2] == k).All(whole => whole);
            case "ReduceMean":
                var axes = node.Ints("axes") ?? (node.Inputs.Count > 1 ? graph.Info(node.Inputs[1])?.Integers : null);
                return axes?.Select(a => a < 0 ? a + shape.Rank : a).Order().SequenceEqual(spatial) == true;
            default:
                return false;
        }
    }

    private static DifferentiationPath Path(ModelAnalysis analysis, string layer) =>
        DifferentiationPath.Between(analysis.Model.Graph, [layer], analysis.Score.Value, analysis.Model.Operators);

    // Sums of several are linear as well; products are not.
    private static bool IsOfOne(DifferentiationPath path, Node node) =>
        node.Operator is "Add" or "Sub" or "Concat" || node.Inputs.Count(path.Contains) == 1;
}
