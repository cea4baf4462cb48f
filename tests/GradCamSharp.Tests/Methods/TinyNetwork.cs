using GradCamSharp.Methods;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Tests.Methods;

/// <summary>
/// Networks so small that their explanations can be worked by hand: the layer "features" is the input "x", rectified or not.
/// </summary>
internal static class TinyNetwork
{
    /// <summary>S_c = sum of gradient_c * features: so dS_c/dA is <paramref name="gradients"/>[c], whatever the input is.</summary>
    /// <param name="shape">[N, K, spatial...] of the input and of the layer.</param>
    /// <param name="gradients">For each class the gradient, row by row.</param>
    public static OnnxModel Linear(Shape shape, params float[][] gradients) =>
        Build(shape, rectified: false, (_, features) => Dense(features, "head", gradients));

    /// <summary>As <see cref="Linear"/>, where features = relu(x).</summary>
    public static OnnxModel Rectified(Shape shape, params float[][] gradients) =>
        Build(shape, rectified: true, (_, features) => Dense(features, "head", gradients));

    /// <summary>Global average pooling and one linear layer: S_c = sum_k weights_c[k] * mean A^k.</summary>
    public static OnnxModel Pooled(Shape shape, params float[][] weights) =>
        Build(shape, rectified: true, (_, features) =>
            Dense(features.Graph.Append("GlobalAveragePool", [features], ElementType.Float, Ones(shape)), "head", weights));

    /// <summary>A network of the caller's own operators.</summary>
    /// <param name="shape">Of the input.</param>
    /// <param name="rectified">Whether features = relu(x), else features = x.</param>
    /// <param name="scores">From graph and features to [N, C].</param>
    public static OnnxModel Build(Shape shape, bool rectified, Func<Graph, Tensor, Tensor> scores)
    {
        var model = OnnxModel.Create("tiny");
        var x = model.Graph.Input("x", ElementType.Float, shape);
        var features = Named("features", rectified ? x.Relu() : x);
        model.Graph.Output("scores", scores(model.Graph, features));
        return OnnxModel.Parse(model.ToBytes(), "tiny");
    }

    /// <summary>Gives a value a name of its own.</summary>
    public static Tensor Named(string name, Tensor value)
    {
        value.Graph.Output(name, value);
        value.Graph.RemoveOutput(name);
        return value.Graph[name];
    }

    /// <summary>Flattens and multiplies: [N, ...] to [N, C].</summary>
    public static Tensor Dense(Tensor features, string name, params float[][] weights)
    {
        var items = features.Shape[0];
        long length = features.Shape.Slice(1, features.Rank - 1).Size.Value;
        var flat = features.Graph.Append("Flatten", [features], ElementType.Float, new Shape(items, length));
        float[] matrix = [.. Enumerable.Range(0, (int)length).SelectMany(f => weights.Select(w => w[f]))];
        return flat.MatMul(features.Graph.Weights(name, new Shape(length, weights.Length), matrix));
    }

    /// <summary>The raw map of one input and class 0.</summary>
    public static float[] Map(OnnxModel model, ExplanationMethod method, params float[] input)
    {
        using var explainer = Explainer.From(model, new ExplainerOptions { Layer = "features" });
        return explainer.Explain(input, explainer.Input.Shape.With(0, 1), [method], [ClassRequest.Index(0)]).Maps[method].Values.ToArray();
    }

    private static Shape Ones(Shape shape) => new([shape[0], shape[1], .. shape.Skip(2).Select(_ => new Dimension(1))]);
}
