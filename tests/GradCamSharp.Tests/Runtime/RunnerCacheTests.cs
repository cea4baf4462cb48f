using GradCamSharp.Errors;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Targets;

namespace GradCamSharp.Tests.Runtime;

public sealed class RunnerCacheTests
{
    private static readonly string Model =
        Path.Combine(SharedData.RepositoryRoot(), "src", "GradCamSharp.Cli", "Models", "scenes-vgg.onnx");

    [Fact]
    public void Explain_LayerOfACall_GivesTheMapOfAnExplainerOfThatLayer()
    {
        using var explainer = Explainer.Load(Model);
        string deeper = explainer.FindLayers()[^7].Name;
        using var other = Explainer.Load(Model, new ExplainerOptions { Layer = deeper });
        float[] expected = Map(other, other.Layer), actual = Map(explainer, explainer.FindLayer(deeper));
        Assert.NotEqual(Map(explainer, explainer.Layer).Length, expected.Length);
        Assert.Contains(expected, v => v > 0);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void FindLayer_NoSuchLayer_NamesTheNearest()
    {
        using var explainer = Explainer.Load(Model);
        var e = Assert.Throws<ExplanationException>(() => explainer.FindLayer(explainer.Layer.Name + "x"));
        Assert.Contains(explainer.Layer.Name, e.Message);
    }

    [Fact]
    public void Explain_MoreGraphsThanAreKept_InParallel_StaysRight()
    {
        using var unbounded = Explainer.Load(Model);
        using var bounded = Explainer.Load(Model, new ExplainerOptions { KeptGraphs = 2 });
        var layers = bounded.FindLayers().TakeLast(5).ToList();
        var expected = layers.ToDictionary(l => l.Name, l => Map(unbounded, l));
        Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            var layer = layers[i * 7 % layers.Count];
            Assert.Equal(expected[layer.Name], Map(bounded, layer), (e, a) => Math.Abs(e - a) < 1e-5);
        });
    }

    [Fact]
    public void Explain_MethodThatDoesNotApply_FailsEachTime()
    {
        using var explainer = Explainer.Load(Model);
        var inner = explainer.FindLayers()[0];
        Assert.Throws<ExplanationException>(() => Map(explainer, inner, "cam"));
        Assert.Throws<ExplanationException>(() => Map(explainer, inner, "cam"));
        Assert.NotEmpty(Map(explainer, inner, "gradcam"));
    }

    private static float[] Map(Explainer explainer, Layer layer, string method = "gradcam++")
    {
        var shape = explainer.Input.Shape.With(0, 1);
        float[] input = [.. Enumerable.Range(0, (int)shape.Size).Select(i => MathF.Sin(i * 0.01f))];
        var methods = CamMethods.Parse(method);
        var batch = explainer.Explain(input, shape, methods, [ClassRequest.Top1], layer, TestContext.Current.CancellationToken);
        return batch.Maps[methods[0]].Values.ToArray();
    }
}
