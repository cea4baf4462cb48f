using GradCamSharp.Methods;
using GradCamSharp.Runtime;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Tests.Runtime;

public class ModelRunnerTests
{
    [Fact]
    public void Run_BatchFixedToOne_GivesWhatAnOpenBatchGives()
    {
        ExplanationMethod[] methods = [new GradCamPlusPlus(), new GradCam(), new Saliency()];
        ClassRequest[] classes = [ClassRequest.Index(1), ClassRequest.Top1, ClassRequest.Ranked(2)];
        using var open = TinyBatch.Explainer();
        using var one = TinyBatch.Explainer(1);
        var shape = TinyBatch.Shape;
        var expected = open.Explain(TinyBatch.Items, shape, methods, classes, TestContext.Current.CancellationToken);
        var actual = one.Explain(TinyBatch.Items, shape, methods, classes, TestContext.Current.CancellationToken);

        Assert.Equal(Dimension.Batch, open.Input.Shape[0]);
        Assert.Equal(1, one.Input.Shape[0]);
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
        using var explainer = TinyBatch.Explainer();
        var batch = explainer.Explain(
            TinyBatch.Items, TinyBatch.Shape, [new GradCam()], [.. ClassRequest.Top(2)], TestContext.Current.CancellationToken);
        // Item 0: S = 1 - 2 + 0.5 - 1 + 0.25 - 1 = -2.25 and 2; item 2: 3 - 1 = 2 and 2 + 1 = 3. Item 1: both 0, the first class wins.
        Assert.Equal([-2.25f, 2], batch.Scores[0]);
        Assert.Equal([2f, 3], batch.Scores[2]);
        Assert.Equal([[1, 0], [0, 1], [1, 0]], batch.Classes);
    }

    [Fact]
    public void Run_Cancelled_Stops()
    {
        using var explainer = TinyBatch.Explainer(1);
        Assert.ThrowsAny<OperationCanceledException>(() =>
            explainer.Explain(TinyBatch.Items, TinyBatch.Shape, [new GradCam()], [ClassRequest.Top1], new(canceled: true)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Run_BatchThatIsNoMultipleOfTheModels_IsFilledUp(long fixedBatch)
    {
        var methods = new ExplanationMethod[] { new GradCam(), new Saliency() };
        var (open, few) = (Explain(null), Explain(fixedBatch));
        Assert.Equal(3, few.Scores.Count);
        Assert.Equal(open.Scores, few.Scores);
        Assert.Equal(open.Classes, few.Classes);
        foreach (var method in methods)
        {
            Assert.Equal(open.Maps[method].Shape, few.Maps[method].Shape);
            Assert.Equal(open.Maps[method].Values, few.Maps[method].Values, (e, a) => Math.Abs(e - a) < 1e-6);
        }

        MapBatch Explain(long? batch)
        {
            using var explainer = TinyBatch.Explainer(batch);
            var token = TestContext.Current.CancellationToken;
            var explained = explainer.Explain(TinyBatch.Items, TinyBatch.Shape, methods, [.. ClassRequest.Top(2)], token);
            Assert.Equal(explained.Scores, explainer.Predict(TinyBatch.Items, TinyBatch.Shape, token));
            return explained;
        }
    }
}
