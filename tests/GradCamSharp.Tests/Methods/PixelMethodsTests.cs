using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Tests.Methods;

public class PixelMethodsTests
{
    [Theory]
    // One ReLU, x = [1 -2; 3 -1], and the gradient that arrives there is [1 1; -1 -1]: every sign of the one with every sign of the other.
    [InlineData("saliency", new float[] { 1, 0, -1, 0 })]
    [InlineData("deconvnet", new float[] { 1, 1, 0, 0 })]
    [InlineData("guided-backprop", new float[] { 1, 0, 0, 0 })]
    public void Map_OneRectifier_FollowsItsRule(string method, float[] expected)
    {
        var model = TinyNetwork.Rectified(new Shape(1, 1, 2, 2), [1, 1, -1, -1]);
        Assert.Equal(expected, TinyNetwork.Map(model, CamMethods.Parse(method)[0], 1, -2, 3, -1));
    }

    [Theory]
    // The same with ReLU6: x = [1 -2; 7 -1 | 3 8; 1 1], g = [1 1; 1 -1 | -1 -1; 1 1]. The rules that look at x also need x < 6.
    [InlineData("saliency", new float[] { 1, 0, 0, 0, -1, 0, 1, 1 })]
    [InlineData("deconvnet", new float[] { 1, 1, 1, 0, 0, 0, 1, 1 })]
    [InlineData("guided-backprop", new float[] { 1, 0, 0, 0, 0, 0, 1, 1 })]
    public void Map_RectifierWithACeiling_FollowsItsRule(string method, float[] expected)
    {
        var model = TinyNetwork.Build(new Shape(1, 2, 2, 2), rectified: false, (graph, features) =>
        {
            Tensor lowest = graph.Constant(0, ElementType.Float), highest = graph.Constant(6, ElementType.Float);
            var relu6 = graph.Append("Clip", [features, lowest, highest], ElementType.Float, features.Shape);
            return TinyNetwork.Dense(relu6, "head", [1, 1, 1, -1, -1, -1, 1, 1]);
        });
        Assert.Equal(expected, TinyNetwork.Map(model, CamMethods.Parse(method)[0], 1, -2, 7, -1, 3, 8, 1, 1));
    }
}
