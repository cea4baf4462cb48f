using GradCamSharp.Tests.Methods;
using OnnxGrad;

namespace GradCamSharp.Tests.Runtime;

/// <summary>A network small enough to work by hand, and three inputs for it.</summary>
internal static class TinyBatch
{
    /// <summary>Of the two classes.</summary>
    public static readonly float[][] Gradients = [[1, -1, 0, 0.5f, -0.5f, 0, 0.25f, -1], [0, 1, 2, 0, 0, 0.5f, 0, 0]];

    /// <summary>Three items of two channels of 2 x 2; the second has no activation at all.</summary>
    public static readonly float[] Items = [1, 2, 0, 1, 2, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 1, 0, 0, 2, 0, 1];

    /// <summary>All three.</summary>
    public static Shape Shape { get; } = new(3, 2, 2, 2);

    /// <summary>The network.</summary>
    /// <param name="batch">How many items it takes; null for any number.</param>
    /// <returns>To be disposed by the caller.</returns>
    public static Explainer Explainer(long? batch = null) => GradCamSharp.Explainer.From(
        TinyNetwork.Linear(new Shape(batch is { } items ? items : Dimension.Batch, 2, 2, 2), Gradients),
        new ExplainerOptions { Layer = "features" });
}
