using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Tests.Methods;

public class GradientWeightsTests
{
    [Theory]
    [InlineData("gradcam++")]
    [InlineData("gradcam++-no-relu")]
    [InlineData("gradcam++-authors")]
    public void Alpha_DenominatorOfZero_IsZeroAndFinite(string method)
    {
        // A = [-1 -1; 0 0], sum -2, g = [1 0; 0 0]: 2 + 1 * -2 = 0.
        // Without the guard 1/0 times A would be infinite and, against 0, not a number.
        var model = TinyNetwork.Linear(new Shape(1, 1, 2, 2), [1, 0, 0, 0]);
        Assert.Equal(new float[4], TinyNetwork.Map(model, CamMethods.Parse(method)[0], -1, -1, 0, 0));
    }

    [Fact]
    public void Alpha_NegativeDenominator_IsKept()
    {
        // A = [-3 -1; 0 0], sum -4, g = [1 0; 0 0]: alpha = 1 / (2 - 4) = -1/2, w = -1/2, L = relu(-1/2 A) = [1.5 0.5; 0 0].
        var model = TinyNetwork.Linear(new Shape(1, 1, 2, 2), [1, 0, 0, 0]);
        Assert.Equal([1.5f, 0.5f, 0, 0], TinyNetwork.Map(model, new GradCamPlusPlus(), -3, -1, 0, 0));
    }

    [Fact]
    public void Alpha_HugeGradients_StayFinite()
    {
        // g = 1e30: g^2 and g^3 overflow, 1 / (2 + g sum A) does not. Sum A = 4, so alpha g = 1/4, and L = A / 4.
        var model = TinyNetwork.Linear(new Shape(1, 1, 2, 2), [1e30f, 0, 0, 0]);
        Assert.Equal([0.25f, 0.5f, 0, 0.25f], TinyNetwork.Map(model, new GradCamPlusPlus(), 1, 2, 0, 1), (e, a) => Math.Abs(e - a) < 1e-6);
    }
}
