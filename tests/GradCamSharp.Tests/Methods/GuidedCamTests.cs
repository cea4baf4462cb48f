using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Tests.Methods;

public class GuidedCamTests
{
    // x^1 = [1 -2; 3 -1], A^1 = [1 0; 3 0], sum 4, g^1 = [ 1   1; -1    -1]; guided: [1 0; 0    0]
    // x^2 = [2 -1; 1  1], A^2 = [2 0; 1 1], sum 4, g^2 = [-0.5 1;  0.25  0]; guided: [0 0; 0.25 0]
    private static readonly float[] Input = [1, -2, 3, -1, 2, -1, 1, 1], Gradient = [1, 1, -1, -1, -0.5f, 1, 0.25f, 0];

    [Theory]
    // Grad-CAM: w = (0, 0.75/4 = 0.1875), L = [0.375 0; 0.1875 0.1875]; times the guided gradient of each channel.
    [InlineData("guided-gradcam", new float[] { 0.375f, 0, 0, 0, 0, 0, 0.046875f, 0 })]
    // Grad-CAM++: alpha at (1, 0.25) = (1/6, 1/3): w = (1/6 + 1/6, 1/6 + 1/12) = (1/3, 1/4), L = [5/6 0; 5/4 1/4].
    [InlineData("guided-gradcam++", new float[] { 0.8333333f, 0, 0, 0, 0, 0, 0.3125f, 0 })]
    public void Map_LayerAtTheInputsResolution_IsMapTimesGuidedGradient(string method, float[] expected)
    {
        float[] map = TinyNetwork.Map(TinyNetwork.Rectified(new Shape(1, 2, 2, 2), Gradient), CamMethods.Parse(method)[0], Input);
        Assert.Equal(expected, map, (e, a) => Math.Abs(e - a) < 1e-6);
    }

    [Fact]
    public void Map_LayerAtHalfTheResolution_IsUpsampledLinearly()
    {
        // x = [2 2 6 6], averaged in pairs: A = [2 6], g = [1 1], Grad-CAM's w = 1, L = [2 6];
        // between half-pixel centres [2 3 5 6]. Guided: 1/2 each.
        var model = OnnxModel.Create("half");
        var x = model.Graph.Input("x", ElementType.Float, new Shape(1, 1, 4));
        var features = TinyNetwork.Named("features", x.AveragePool([2], new Window([2], [1], [0, 0])).Relu());
        model.Graph.Output("scores", TinyNetwork.Dense(features, "head", [1, 1]));
        float[] map = TinyNetwork.Map(OnnxModel.Parse(model.ToBytes()), new GuidedGradCam(), 2, 2, 6, 6);
        Assert.Equal([1, 1.5f, 2.5f, 3], map, (e, a) => Math.Abs(e - a) < 1e-6);
    }
}
