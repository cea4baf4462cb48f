using GradCamSharp.Analysis;
using OnnxGrad;

namespace GradCamSharp.Runs;

/// <summary>
/// Whether the scores are a linear function of a layer's values, plus a constant: so it is behind most networks' last layer.
/// </summary>
internal static class LinearTail
{
    private static readonly HashSet<string> Linear =
    [
        "GlobalAveragePool", "AveragePool", "ReduceMean", "ReduceSum", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Transpose",
        "Identity", "Dropout", "Gemm", "MatMul", "Conv", "BatchNormalization", "Add", "Sub", "Mul", "Div", "Slice", "Gather",
        "Concat", "Pad",
    ];

    /// <summary>Whether every node on the way is linear in the one value that it reads of the way; the others are constants.</summary>
    /// <param name="analysis">The model.</param>
    /// <param name="layer">The layer.</param>
    public static bool Is(ModelAnalysis analysis, string layer)
    {
        var graph = analysis.Model.Graph;
        var path = DifferentiationPath.Between(graph, [layer], analysis.Score.Value, analysis.Model.Operators);
        return path.Nodes.All(n => Linear.Contains(n.QualifiedOperator) && IsOfOne(path, n)
            && (n.Operator is not "Div" || path.Contains(n.Inputs[0])));
    }

    // Sums of several are linear as well; products are not.
    private static bool IsOfOne(DifferentiationPath path, Node node) =>
        node.Operator is "Add" or "Sub" or "Concat" || node.Inputs.Count(path.Contains) == 1;
}
