using GradCamSharp.Errors;
using GradCamSharp.Targets;
using GradCamSharp.Tests.Methods;
using OnnxGrad;

namespace GradCamSharp.Tests.Targets;

public class ScoreHeadTests
{
    private static readonly Shape Input = new(1, 2, 2, 2), Scores = new(1, 2);

    [Theory]
    [InlineData("Softmax", ScoreActivation.Softmax)]
    [InlineData("LogSoftmax", ScoreActivation.Softmax)]
    [InlineData("Sigmoid", ScoreActivation.Sigmoid)]
    public void Find_ActivationBehindReshapes_IsTheValueInFrontOfIt(string activation, ScoreActivation expected)
    {
        var model = Model((graph, scores) =>
        {
            var activated = graph.Append(activation, [scores], ElementType.Float, Scores);
            return graph.Append("Flatten", [activated.Reshape(new Shape(1, 2, 1)).Squeeze(2)], ElementType.Float, Scores);
        });
        Assert.Equal(new ScoreHead("s", expected), ScoreHead.Find(model));
    }

    [Fact]
    public void Find_NoActivation_IsTheOutput() =>
        Assert.Equal(new ScoreHead("scores", ScoreActivation.Softmax), ScoreHead.Find(Model((_, scores) => scores)));

    [Fact]
    public void Find_SigmoidInsideTheNetwork_IsNotTaken() =>
        Assert.Equal("scores", ScoreHead.Find(Model((_, scores) => scores.Sigmoid() * 2)).Value);

    [Fact]
    public void Find_FeaturesBesideTheLogitsMadeOfThem_TakesTheLogits()
    {
        var model = OnnxModel.Create("two");
        var features = model.Graph.Input("x", ElementType.Float, new Shape(1, 8)).Relu();
        model.Graph.Output("features", features);
        model.Graph.Output("logits", features.MatMul(model.Graph.Weights("w", new Shape(8, 3), new float[24])));
        Assert.Equal("logits", ScoreHead.Find(model).Value);
        Assert.Equal("features", ScoreHead.Find(model, "features").Value);
    }

    [Fact]
    public void Find_FeatureMapBesideLogits_TakesTheLogits()
    {
        var model = OnnxModel.Create("two");
        var map = model.Graph.Input("x", ElementType.Float, new Shape(1, 8, 4, 4)).Relu();
        model.Graph.Output("map", map);
        model.Graph.Output("logits", map.MeanSpatial().Reshape(new Shape(1, 8)) * 2);
        Assert.Equal("logits", ScoreHead.Find(model).Value);
    }

    [Fact]
    public void Find_TwoVectorsSideBySide_AsksForOne()
    {
        var model = OnnxModel.Create("two");
        var x = model.Graph.Input("x", ElementType.Float, new Shape(1, 8));
        model.Graph.Output("embedding", x * 2);
        model.Graph.Output("logits", x * 3);
        var e = Assert.Throws<ExplanationException>(() => ScoreHead.Find(model));
        Assert.Contains("'embedding' [1, 8], 'logits' [1, 8]", e.Message, StringComparison.Ordinal);
        Assert.Equal("logits", ScoreHead.Find(model, "logits").Value);
        e = Assert.Throws<ExplanationException>(() => ScoreHead.Find(model, "classes"));
        Assert.Contains("no output 'classes'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_NoFloatingPointOutput_IsRefused()
    {
        var model = OnnxModel.Create("indices");
        model.Graph.Output("class", model.Graph.Input("x", ElementType.Float, Input).ArgMax(1));
        var e = Assert.Throws<ModelException>(() => ScoreHead.Find(model));
        Assert.Contains("no floating-point output", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_ScoresOfOneByOneMaps_AreExplainedAsVectors()
    {
        // [N, C, 1, 1]: a 1x1 convolution behind global pooling.
        var model = TinyNetwork.Build(Input, rectified: true, (graph, features) =>
            features.MeanSpatial().Conv(graph.Weights("w", new Shape(2, 2, 1, 1), [0.5f, -1, 3, 7]), null, Window.Unit(2)));
        using var explainer = Explainer.From(model, new ExplainerOptions { Layer = "features" });
        var batch = explainer.Explain(
            new float[] { 1, 2, 0, 1, 2, 0, 1, 1 }, Input, [new GradCamSharp.Methods.GradCam()], [ClassRequest.Index(0)],
            TestContext.Current.CancellationToken);
        // Means (1, 1): S = (-0.5, 10). g = w / 4: w_k = (0.125, -0.25), L = relu(0.125 [1 2; 0 1] - 0.25 [2 0; 1 1]) = [0 0.25; 0 0].
        Assert.Equal([-0.5f, 10], batch.Scores[0]);
        Assert.Equal([0, 0.25f, 0, 0], batch.Maps.Values.Single().Values, (e, a) => Math.Abs(e - a) < 1e-6);
    }

    [Fact]
    public void Probabilities_Softmax_SumToOneWhereScoresAreHuge()
    {
        float[] probabilities = new float[3];
        new ScoreHead("s", ScoreActivation.Softmax).Probabilities([500, 500 + MathF.Log(2), -500], probabilities);
        Assert.Equal([1 / 3f, 2 / 3f, 0], probabilities, (e, a) => Math.Abs(e - a) < 1e-4);
    }

    [Fact]
    public void Probabilities_Sigmoid_AreEachClasssOwn()
    {
        float[] probabilities = new float[3];
        new ScoreHead("s", ScoreActivation.Sigmoid).Probabilities([0, MathF.Log(3), -MathF.Log(3)], probabilities);
        Assert.Equal([0.5f, 0.75f, 0.25f], probabilities, (e, a) => Math.Abs(e - a) < 1e-6);
    }

    private static OnnxModel Model(Func<Graph, Tensor, Tensor> end) => TinyNetwork.Build(Input, rectified: true, (graph, features) =>
        end(graph, TinyNetwork.Named("s", TinyNetwork.Dense(features, "head", new float[8], new float[8]))));
}
