using GradCamSharp.Compilation;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using GradCamSharp.Tests.Runtime;
using OnnxGrad;

namespace GradCamSharp.Tests;

public class SharedSessionTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(1L)]
    [InlineData(2L)]
    public void ExplainAndPredict_TinyNetwork_GiveWhatTheExplainerGives(long? batch)
    {
        using var explainer = TinyBatch.Explainer(batch);
        IReadOnlyList<ExplanationMethod> methods = [new GradCamPlusPlus(), new GradCam()];
        AssertSame(explainer, methods, TinyBatch.Items, TinyBatch.Shape, [ClassRequest.Top1]);
        AssertSame(explainer, methods, TinyBatch.Items, TinyBatch.Shape, [ClassRequest.Ranked(2)]);
        AssertSame(explainer, methods, TinyBatch.Items, TinyBatch.Shape, [ClassRequest.Index(1), ClassRequest.Top1]);
    }

    [Theory]
    [InlineData("squeezenet")]
    [InlineData("densenet")]
    [InlineData("vgg")]
    public void ExplainAndPredict_OracleNetwork_GiveWhatTheExplainerGives(string network)
    {
        using var explainer = Explainer.Load(Path.Combine(SharedData.Path($"oracle/cases/{network}"), "model.onnx"));
        var shape = explainer.Input.Shape.With(0, 1);
        var random = new Random(1);
        float[] input = [.. Enumerable.Range(0, (int)shape.Size).Select(_ => (random.NextSingle() * 4) - 2)];
        AssertSame(explainer, [new GradCamPlusPlus(), new GradCam()], input, shape, [ClassRequest.Top1]);
    }

    [Fact]
    public void Predict_AfterExplain_NeedsNoOtherGraph()
    {
        using var explainer = TinyBatch.Explainer();
        var session = explainer.ShareSession([new GradCamPlusPlus()]);
        session.Explain(TinyBatch.Items, TinyBatch.Shape, [ClassRequest.Top1], TestContext.Current.CancellationToken);
        session.Predict(TinyBatch.Items, TinyBatch.Shape, TestContext.Current.CancellationToken);
        Assert.Equal(1, explainer.KeptGraphs);
    }

    [Fact]
    public void ExplainAndPredict_PixelMethod_GiveWhatTheExplainerGives()
    {
        using var explainer = TinyBatch.Explainer();
        AssertSame(explainer, [new GradCam(), new Saliency()], TinyBatch.Items, TinyBatch.Shape, [ClassRequest.Top1]);
        Assert.False(Shared(explainer, explainer.Layer, new Saliency()).Predicts);
    }

    [Fact]
    public void MakeOptional_LayerFarFromTheScores_DoesNotPay()
    {
        using var explainer = Explainer.From(
            OnnxModel.Load(Path.Combine(SharedData.Path("oracle/cases/vgg"), "model.onnx")), new ExplainerOptions());
        var first = explainer.FindLayers()[0];
        Assert.True(Shared(explainer, explainer.Layer, new GradCam()).Predicts);
        Assert.False(Shared(explainer, first, new GradCam()).Predicts);
    }

    [Fact]
    public void ShareSession_NoMethod_IsRefused()
    {
        using var explainer = TinyBatch.Explainer();
        Assert.Throws<ArgumentException>(() => explainer.ShareSession([]));
    }

    private static CompiledExplanation Shared(Explainer explainer, Layer layer, ExplanationMethod method) => CompiledExplanation.Compile(
        explainer.Analysis, layer,
        new GraphKey(
            explainer.Input.Shape.With(0, 1), layer.Name, layer.Format, [method], HasSeveralClasses: false, Ranks: 1, IsShared: true));

    private static void AssertSame(
        Explainer explainer, IReadOnlyList<ExplanationMethod> methods, float[] items, Shape shape, IReadOnlyList<ClassRequest> classes)
    {
        var session = explainer.ShareSession(methods);
        var token = TestContext.Current.CancellationToken;
        var expected = explainer.Explain(items, shape, methods, classes, token);
        var actual = session.Explain(items, shape, classes, token);
        Assert.Equal(expected.Scores, actual.Scores);
        Assert.Equal(expected.Classes, actual.Classes);
        foreach (var method in methods)
        {
            Assert.Equal(expected.Maps[method].Shape, actual.Maps[method].Shape);
            float largest = expected.Maps[method].Values.Max(Math.Abs);
            Assert.Equal(expected.Maps[method].Values, actual.Maps[method].Values, (e, a) => Math.Abs(e - a) <= 1e-6f * largest);
        }

        Assert.Equal(expected.Scores, session.Predict(items, shape, token));
    }
}
