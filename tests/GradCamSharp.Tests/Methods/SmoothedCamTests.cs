using GradCamSharp.Methods;
using GradCamSharp.Targets;
using GradCamSharp.Tests.Oracle;
using OnnxGrad;

namespace GradCamSharp.Tests.Methods;

/// <summary>Eigen smoothing and augmentation of the class activation maps that need many runs.</summary>
public class SmoothedCamTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Map_OfProportionalChannelsSmoothed_IsTheirCommonPattern()
    {
        // Without a channel the score falls by w = (3, -2). X = w A, centred: 3 a and -4 a with a = [0 1; -1 0]. So X v is 5 a.
        float[] x = [1, 2, 0, 1, 2, 4, 0, 2];
        var model = TinyNetwork.Pooled(new Shape(1, 2, 2, 2), [3, -1], [1, 1]);
        float[] map = TinyNetwork.Map(model, new AblationCam { EigenSmooth = true }, x);
        Assert.Equal([0, 5, -5, 0], map, (e, a) => Math.Abs(e - a) < 1e-5);
    }

    [Theory]
    [InlineData("scorecam")]
    [InlineData("iscam")]
    [InlineData("smoothgradcam++")]
    [InlineData("ablationcam")]
    [InlineData("reciprocam")]
    public void Map_Augmented_IsTheMeanOfTheChangedInputsMaps(string name)
    {
        var oracle = new OracleCase("vgg");
        using var explainer = oracle.Load();
        var method = CamMethods.Find(name);
        float[] x = oracle.Input.Values[..(oracle.Input.Values.Length / 2)], mirrored = Mirror(x, 64);
        var shape = oracle.InputShape.With(0, 1);
        ClassRequest[] classes = [ClassRequest.Index(oracle.Classes[0])];
        var augmented = method.With("augment", "true").With("factors", "1");
        float[] map = explainer.Explain(x, shape, [augmented], classes, Token).Maps[augmented][0, 0].ToArray();
        float[] plain = Shown(explainer.Explain(x, shape, [method], classes, Token).Maps[method][0, 0]);
        float[] other = Mirror(Shown(explainer.Explain(mirrored, shape, [method], classes, Token).Maps[method][0, 0]), 64);
        Closeness.AssertWithin(1e-5, map, [.. plain.Zip(other, (a, b) => (a + b) / 2)], name);
    }

    private static float[] Shown(ReadOnlySpan<float> raw)
    {
        int side = (int)Math.Sqrt(raw.Length);
        float[] map = [.. raw.ToArray().Select(v => Math.Max(0, v))];
        MapArithmetic.Normalize(map);
        map = new LinearUpsampling([side, side], [64, 64]).Apply(map);
        MapArithmetic.Normalize(map);
        return map;
    }

    private static float[] Mirror(float[] values, int width) =>
        [.. values.Select((_, i) => values[i - (i % width) + width - 1 - (i % width)])];
}
