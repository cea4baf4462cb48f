using GradCamSharp.Errors;
using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Tests.Methods;

public class CamTests
{
    private static readonly Shape Shape = new(1, 2, 2, 2);

    [Fact]
    public void Map_PoolingAndOneLinearLayer_WeighsByTheClassifiersWeights()
    {
        // w = (0.5, -1), A^1 = [1 2; 0 1], A^2 = [2 0; 1 1]: L = 0.5 A^1 - A^2 (Eq. 2 has no rectifier).
        float[] map = TinyNetwork.Map(TinyNetwork.Pooled(Shape, [0.5f, -1], [3, 7]), new Cam(), 1, 2, 0, 1, 2, 0, 1, 1);
        Assert.Equal([-1.5f, 1, -1, -0.5f], map);
    }

    [Fact]
    public void Map_ConvolutionThenPooling_WeighsByTheConvolution()
    {
        // A 1x1 convolution that makes one map a class, then pooling: the same weights, the same map.
        var model = TinyNetwork.Build(Shape, rectified: true, (graph, features) =>
            features.Conv(graph.Weights("classes", new Shape(2, 2, 1, 1), [0.5f, -1, 3, 7]), null, Window.Unit(2))
                .MeanSpatial().Reshape(new Shape(1, 2)));
        Assert.Equal([-1.5f, 1, -1, -0.5f], TinyNetwork.Map(model, new Cam(), 1, 2, 0, 1, 2, 0, 1, 1));
    }

    [Fact]
    public void Map_DenseLayerOnPositions_IsRefusedWithTheReason() =>
        AssertRefused(TinyNetwork.Linear(Shape, new float[8]), "reads 8 features, not one for each of the 2 channels");

    [Fact]
    public void Map_TwoDenseLayers_IsRefusedWithTheReason() => AssertRefused(
        TinyNetwork.Build(Shape, rectified: true, (_, features) =>
            TinyNetwork.Dense(TinyNetwork.Dense(features.MeanSpatial(), "first", [1, 1], [1, 0]).Relu(), "second", [1, 0], [0, 1])),
        "stands between the layer 'features' and the scores");

    private static void AssertRefused(OnnxModel model, string reason)
    {
        string message = Assert.Throws<ExplanationException>(() => TinyNetwork.Map(model, new Cam(), new float[8])).Message;
        Assert.Contains("CAM is defined only where pooling and one linear layer follow", message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.Contains("Use gradcam", message, StringComparison.Ordinal);
    }
}
