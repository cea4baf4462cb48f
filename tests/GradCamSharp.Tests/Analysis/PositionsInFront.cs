using OnnxGrad;

namespace GradCamSharp.Tests.Analysis;

/// <summary>
/// A vision transformer as PyTorch exports torch.nn.MultiheadAttention: positions in front of the batch, a Gemm over all positions as rows,
/// and weights that are equal named by Identity nodes.
/// </summary>
internal static class PositionsInFront
{
    private const int Rows = 2, Columns = 3, Positions = Rows * Columns, Width = 4;

    /// <returns>The model, and the names of the normalised tokens that enter each block's attention.</returns>
    public static (OnnxModel Model, IReadOnlyList<string> Normalised) Build(int blocks)
    {
        var model = OnnxModel.Create("positions-in-front");
        var graph = model.Graph;
        var x = graph.Input("x", ElementType.Float, new Shape(1, 3, 2 * Rows, 2 * Columns));
        var patches = graph.Append(
            "Conv", [x, graph.Weights("patch", new Shape(Width, 3, 2, 2), Waves(48, 0.3f))], ElementType.Float,
            new Shape(1, Width, Rows, Columns), ("strides", (long[])[2, 2]));
        var tokens = patches.Reshape(new Shape(1, Width, Positions)).Transpose([0, 2, 1]);
        var scale = graph.Weights("scale", new Shape(Width), Waves(Width, 0.7f));
        var entering = new List<string>();
        for (int i = 0; i < blocks; i++)
        {
            var normalised = Normalise(graph, tokens, scale, i);
            entering.Add(normalised.Name);
            tokens = Attend(graph, normalised, i) + tokens;
        }

        var pooled = tokens.Slice(1, 0, 1).Reshape(new Shape(1, Width));
        graph.Output("scores", pooled.MatMul(graph.Weights("head", new Shape(Width, 2), Waves(8, 1.9f))));
        return (OnnxModel.Parse(model.ToBytes(), "positions-in-front"), entering);
    }

    private static Tensor Normalise(Graph graph, Tensor tokens, Tensor scale, int block)
    {
        // Of the weights that are equal the first keeps its values; the others are Identity nodes.
        var shared = block == 0 ? scale : graph.Append("Identity", [scale], ElementType.Float, scale.Shape);
        var mean = graph.Append("ReduceMean", [tokens, graph.Constant(-1)], ElementType.Float, new Shape(1, Positions, 1));
        var centred = tokens - mean;
        var squares = graph.Append("ReduceMean", [centred * centred, graph.Constant(-1)], ElementType.Float, new Shape(1, Positions, 1));
        return (centred / (squares + 1e-2).Sqrt() * shared) + shared;
    }

    private static Tensor Attend(Graph graph, Tensor normalised, int block)
    {
        var inFront = normalised.Transpose([1, 0, 2]);
        var query = Projected("query", 0.5f);
        var key = Projected("key", 0.9f);
        var attended = query.MatMul(key.Transpose([0, 2, 1])).Softmax(-1).MatMul(Projected("value", 1.3f));
        var rows = attended.Transpose([1, 0, 2]).Reshape(new Shape(Positions, Width));
        var mixed = graph.Append(
            "Gemm", [rows, graph.Weights($"block{block}/out", new Shape(Width, Width), Waves(16, 1.1f + block))], ElementType.Float,
            new Shape(Positions, Width));
        return mixed.Reshape(new Shape(Positions, 1, Width)).Transpose([1, 0, 2]);

        Tensor Projected(string name, float step) =>
            inFront.MatMul(graph.Weights($"block{block}/{name}", new Shape(Width, Width), Waves(16, step + block)))
                .Transpose([1, 0, 2]);
    }

    private static float[] Waves(int count, float step) => [.. Enumerable.Range(1, count).Select(i => MathF.Sin(i * step))];
}
