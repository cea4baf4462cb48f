using GradCamSharp.Checking;
using OnnxGrad;

namespace GradCamSharp.Tests.Checking;

/// <summary>
/// A classifier of 8 x 8 pictures into five classes, with random weights: convolution, relu, convolution, pooling, dense layer.
/// </summary>
/// <param name="Model">The model; its input is "x", its output "scores".</param>
/// <param name="First">The first convolution's output.</param>
/// <param name="Between">What the second convolution reads.</param>
/// <param name="Second">The second convolution's output.</param>
internal sealed record SmallNetwork(OnnxModel Model, string First, string Between, string Second)
{
    /// <param name="between">An operator that keeps the shape, after the relu; null for none.</param>
    /// <param name="aside">
    /// Whether the first convolution is also cropped to its own size, beside the way through the relu, and added again behind it.
    /// </param>
    public static SmallNetwork Create(string? between = null, bool aside = false)
    {
        var model = OnnxModel.Create("small");
        var graph = model.Graph;
        var random = new Random(5);
        var x = graph.Input("x", ElementType.Float, new Shape(Dimension.Batch, 3, 8, 8));
        var first = Append("Conv", [x, Weights("w1", 4, 3, 3, 3)], new Shape(Dimension.Batch, 4, 6, 6));
        var features = first.Relu();
        if (between is not null)
            features = Append(between, [features], features.Shape);
        if (aside)
            features += graph.Append(
                "CenterCropPad", [first, graph.Constant(6, 6)], ElementType.Float, first.Shape, ("axes", new long[] { 2, 3 }));
        var second = Append("Conv", [features, Weights("w2", 6, 4, 3, 3)], new Shape(Dimension.Batch, 6, 4, 4));
        var pooled = Append("GlobalAveragePool", [second], new Shape(Dimension.Batch, 6, 1, 1)).Reshape(new Shape(Dimension.Batch, 6));
        graph.Output("scores", Append("Gemm", [pooled, Weights("w3", 6, 5)], new Shape(Dimension.Batch, 5)));
        return new SmallNetwork(model, first.Name, features.Name, second.Name);

        Tensor Append(string op, Tensor?[] inputs, Shape shape) => graph.Append(op, inputs, ElementType.Float, shape);

        Tensor Weights(string name, params long[] shape)
        {
            var lengths = new Shape(shape);
            return graph.Weights(name, lengths, LineIntegral.Gaussian(random, (int)lengths.Size, 0.5));
        }
    }
}
