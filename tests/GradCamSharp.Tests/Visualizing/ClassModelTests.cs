using GradCamSharp.Output;
using GradCamSharp.Runs;
using GradCamSharp.Tests.Oracle;
using GradCamSharp.Visualizing;
using OnnxGrad;

namespace GradCamSharp.Tests.Visualizing;

/// <summary>Pictures of classes against the float64 references, and what is promised of channels and of the growth.</summary>
public class ClassModelTests
{
    private static readonly ClassModelOptions Short = new() { Steps = 16, Decay = 0.01, Jitter = 4, Blur = 0.5 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("vgg_bn_unfolded", true)]
    [InlineData("vgg_bn_unfolded", false)]
    [InlineData("resnet", true)]
    [InlineData("resnet", false)]
    public void OfClass_OfAReference_IsWithinItsTolerance(string network, bool optimizes)
    {
        var expected = Npy.Read<float>(SharedData.Path($"methods/cases-gradient/{network}/class-model.npy"));
        long[] classes = new OracleCase(network).Classes;
        using var explainer = Load(network, optimizes);
        int size = expected.Values.Length / classes.Length;
        double largest = expected.Values.Max(v => Math.Abs((double)v));
        for (int item = 0; item < classes.Length; item++)
        {
            var grown = ClassModel.OfClass(explainer, classes[item], Short, cancellationToken: Token);
            Assert.Equal(new Shape(3, 64, 64), grown.Shape);
            double worst = 0;
            for (int i = 0; i < size; i++)
                worst = Math.Max(worst, Math.Abs((double)grown.Values.Span[i] - expected.Values[(item * size) + i]));
            // The manifest's tolerance: a share of the largest value of all items.
            Assert.InRange(worst / largest, 0, 2e-5);
            Assert.Equal(17, grown.Scores.Count);
        }
    }

    [Fact]
    public void OfChannel_OfAnyChannel_RaisesItsMean()
    {
        using var explainer = Load("vgg_bn_unfolded");
        var told = new List<RunProgress>();
        var grown = ClassModel.OfChannel(explainer, explainer.Model.Layer, 13, Short with { Frames = 5 }, new Told(told.Add), Token);
        Assert.True(grown.Scores[^1] > grown.Scores[0] + 0.1, $"{grown.Scores[0]} became {grown.Scores[^1]}.");
        Assert.Equal(5, grown.Growth.Count);
        Assert.Equal(new RunProgress(16, 16), told[^1]);
        // The growth begins with the mean colour.
        Assert.False(grown.Growth[0].Pixels.ContainsAnyExcept((byte)128));
        var again = ClassModel.OfChannel(explainer, explainer.Model.Layer, 13, Short with { Frames = 5 }, null, Token);
        Assert.True(grown.Picture.Pixels.SequenceEqual(again.Picture.Pixels));
    }

    [Fact]
    public void OfChannel_ThatTheLayerHasNot_IsRefused()
    {
        using var explainer = Load("vgg_bn_unfolded");
        var error = Assert.Throws<GradCamSharp.Errors.ExplanationException>(
            () => ClassModel.OfChannel(explainer, explainer.Model.Layer, 24, Short, null, Token));
        Assert.Contains("24 channels, 0 to 23", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OfClass_OfOptionsBeyondTheirRanges_IsRefused()
    {
        using var explainer = Load("vgg_bn_unfolded");
        Assert.Throws<ArgumentOutOfRangeException>(() => ClassModel.OfClass(explainer, 1, Short with { Decay = 2 }, null, Token));
        Assert.Throws<ArgumentOutOfRangeException>(() => ClassModel.OfClass(explainer, 1, Short with { Steps = 0 }, null, Token));
    }

    private static PictureExplainer Load(string network, bool optimizes = true) => PictureExplainer.Load(
        Path.Combine(SharedData.Path($"oracle/cases/{network}"), "model.onnx"),
        new ExplainerOptions { Layer = "features", GraphOptimizations = optimizes });

    private sealed class Told(Action<RunProgress> tell) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => tell(value);
    }
}
