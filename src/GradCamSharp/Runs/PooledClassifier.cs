using GradCamSharp.Analysis;
using OnnxGrad;

namespace GradCamSharp.Runs;

/// <summary>
/// The linear layer that makes the scores of a layer's means: a matrix product, a Gemm or a 1x1 convolution. As a product of its own it
/// takes any number of items, also where the network takes one, and reads its weights once for all.
/// </summary>
internal sealed class PooledClassifier
{
    private static readonly string[] Moves = ["Flatten", "Reshape", "Squeeze", "Unsqueeze", "Identity", "Dropout"];

    private readonly string weights;
    private readonly string? bias;
    private readonly bool isTransposed;

    private PooledClassifier(string weights, string? bias, bool isTransposed, long channels)
    {
        this.weights = weights;
        this.bias = bias;
        this.isTransposed = isTransposed;
        Channels = channels;
    }

    /// <summary>How many means it reads.</summary>
    public long Channels { get; }

    /// <summary>Finds the classifier right behind a layer's mean; null for any other end.</summary>
    /// <param name="analysis">The model.</param>
    /// <param name="pooled">The mean.</param>
    public static PooledClassifier? Find(ModelAnalysis analysis, string pooled)
    {
        var graph = analysis.Model.Graph;
        string? bias = null;
        var node = graph.Producer(MapHead.SourceOf(graph, analysis.Score.Value, Moves));
        if (node is { QualifiedOperator: "Add" })
        {
            int constant = graph.IsConstant(node.Inputs[0]) ? 0 : 1;
            bias = node.Inputs[constant];
            node = graph.Producer(node.Inputs[1 - constant]);
            if (node is not { QualifiedOperator: "MatMul" } || !graph.IsConstant(bias) || graph[bias].Shape.Rank != 1)
                return null;
        }

        if (node is null || MapHead.SourceOf(graph, node.Inputs[0], Moves) != pooled || !graph.IsConstant(node.Inputs[1]))
            return null;
        if (node.Inputs.Count > 2 && node.Inputs[2].Length > 0)
            bias = node.Inputs[2];
        var shape = graph[node.Inputs[1]].Shape;
        var read = graph[node.Inputs[0]].Shape;
        bool? isTransposed = node.QualifiedOperator switch
        {
            "Conv" when MapHead.IsPointwise(graph, node) => true,
            "MatMul" when shape.Rank == 2 => false,
            "Gemm" when node.Int("transA", 0) == 0 && node.Float("alpha", 1) == 1 && node.Float("beta", 1) == 1
                && (bias is null || (graph.IsConstant(bias) && graph[bias].Shape.Rank == 1)) => node.Int("transB", 0) != 0,
            _ => null,
        };
        if (isTransposed is not { } turned)
            return null;
        var channels = turned ? shape[1] : shape[0];
        // A product of more than rows, or of rows that hold more than the means, is another end.
        return channels.IsKnown && read.Rank >= 2 && read[1] == channels && read.Skip(2).All(l => l == 1)
            ? new PooledClassifier(node.Inputs[1], bias, turned, channels.Value) : null;
    }

    /// <summary>The scores of means.</summary>
    /// <param name="means">[R, K].</param>
    /// <returns>[R, C].</returns>
    public Tensor Scores(Tensor means)
    {
        var matrix = means.Graph[weights];
        if (matrix.Rank > 2)
            matrix = matrix.Reshape(matrix.Shape.Slice(0, 2));
        var product = means.MatMul(isTransposed ? matrix.TransposeMatrix() : matrix);
        return bias is null ? product : product + means.Graph[bias];
    }
}
