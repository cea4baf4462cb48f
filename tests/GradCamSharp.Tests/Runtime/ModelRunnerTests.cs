using GradCamSharp.Methods;
using GradCamSharp.Runtime;
using GradCamSharp.Targets;
using GradCamSharp.Tests.Methods;
using OnnxGrad;

namespace GradCamSharp.Tests.Runtime;

public class ModelRunnerTests
{
    private static readonly float[][] Gradients = [[1, -1, 0, 0.5f, -0.5f, 0, 0.25f, -1], [0, 1, 2, 0, 0, 0.5f, 0, 0]];

    // Three items of two channels of 2 x 2; the second has no activation at all.
    private static readonly float[] Items = [1, 2, 0, 1, 2, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 1, 0, 0, 2, 0, 1];

    [Fact]
    public void Run_BatchFixedToOne_GivesWhatAnOpenBatchGives()
    {
        ExplanationMethod[] methods = [new GradCamPlusPlus(), new GradCam(), new Saliency()];
        ClassRequest[] classes = [ClassRequest.Index(1), ClassRequest.Top1, ClassRequest.Ranked(2)];
        using var open = Explainer.From(
            TinyNetwork.Linear(new Shape(Shape.Dynamic, 2, 2, 2), Gradients), new ExplainerOptions { Layer = "features" });
        using var one = Explainer.From(TinyNetwork.Linear(new Shape(1, 2, 2, 2), Gradients), new ExplainerOptions { Layer = "features" });
        var shape = new Shape(3, 2, 2, 2);
        var expected = open.Explain(Items, shape, methods, classes, TestContext.Current.CancellationToken);
        var actual = one.Explain(Items, shape, methods, classes, TestContext.Current.CancellationToken);

        Assert.Equal(Shape.Dynamic, open.InputShape[0]);
        Assert.Equal(1, one.InputShape[0]);
        Assert.Equal(new Shape(3, 3, 2, 2), expected.Maps[methods[0]].Shape);
        Assert.Equal(expected.Scores, actual.Scores);
        Assert.Equal(expected.Classes, actual.Classes);
        foreach (var method in methods)
        {
            Assert.Equal(expected.Maps[method].Shape, actual.Maps[method].Shape);
            Assert.Equal(expected.Maps[method].Values, actual.Maps[method].Values, (e, a) => Math.Abs(e - a) < 1e-6);
        }
    }

    [Fact]
    public void Run_RankedClasses_AreEachItemsOwn()
    {
        using var explainer = Explainer.From(
            TinyNetwork.Linear(new Shape(Shape.Dynamic, 2, 2, 2), Gradients), new ExplainerOptions { Layer = "features" });
        var batch = explainer.Explain(
            Items, new Shape(3, 2, 2, 2), [new GradCam()], [.. ClassRequest.Top(2)], TestContext.Current.CancellationToken);
        // Item 0: S = 1 - 2 + 0.5 - 1 + 0.25 - 1 = -2.25 and 2; item 2: 3 - 1 = 2 and 2 + 1 = 3. Item 1: both 0, the first class wins.
        Assert.Equal([-2.25f, 2], batch.Scores[0]);
        Assert.Equal([2f, 3], batch.Scores[2]);
        Assert.Equal([[1, 0], [0, 1], [1, 0]], batch.Classes);
    }

    [Fact]
    public void Run_Cancelled_Stops()
    {
        using var explainer = Explainer.From(
            TinyNetwork.Linear(new Shape(1, 2, 2, 2), Gradients), new ExplainerOptions { Layer = "features" });
        Assert.ThrowsAny<OperationCanceledException>(() =>
            explainer.Explain(Items, new Shape(3, 2, 2, 2), [new GradCam()], [ClassRequest.Top1], new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Run_BatchThatIsNoMultipleOfTheModels_IsFilledUp(long fixedBatch)
    {
        var methods = new ExplanationMethod[] { new GradCam(), new Saliency() };
        var (open, few) = (Explain(Shape.Dynamic), Explain(fixedBatch));
        Assert.Equal(3, few.Scores.Length);
        Assert.Equal(open.Scores, few.Scores);
        Assert.Equal(open.Classes, few.Classes);
        foreach (var method in methods)
        {
            Assert.Equal(open.Maps[method].Shape, few.Maps[method].Shape);
            Assert.Equal(open.Maps[method].Values, few.Maps[method].Values, (e, a) => Math.Abs(e - a) < 1e-6);
        }

        MapBatch Explain(long batch)
        {
            using var explainer = Explainer.From(
                TinyNetwork.Linear(new Shape(batch, 2, 2, 2), Gradients), new ExplainerOptions { Layer = "features" });
            var token = TestContext.Current.CancellationToken;
            var explained = explainer.Explain(Items, new Shape(3, 2, 2, 2), methods, [.. ClassRequest.Top(2)], token);
            Assert.Equal(explained.Scores, explainer.Predict(Items, new Shape(3, 2, 2, 2), token));
            return explained;
        }
    }
}
