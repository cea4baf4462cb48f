using GradCamSharp.Errors;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using GradCamSharp.Tests.Oracle;
using OnnxGrad;

namespace GradCamSharp.Tests.Methods;

/// <summary>Channel masks: their sum, by hand, and how many there may be.</summary>
public class ChannelMasksTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("vgg_bn_unfolded", 24)]
    [InlineData("vgg", 24)]
    public void Map_OfAllChannels_AddsUpToGradientXInput(string network, int channels)
    {
        var oracle = new OracleCase(network);
        using var explainer = oracle.Load();
        ExplanationMethod[] methods = [new ChannelMasks { Channels = channels }, new GradientXInput()];
        var batch = explainer.Explain(oracle.Input.Values, oracle.InputShape, methods, [ClassRequest.Top1], Token);
        for (int item = 0; item < oracle.Input.Shape[0]; item++)
        {
            float[] masks = batch.Maps[methods[0]][item, 0].ToArray(), whole = batch.Maps[methods[1]][item, 0].ToArray();
            int positions = masks.Length / channels;
            float[] sum = new float[positions], expected = new float[positions];
            for (int i = 0; i < masks.Length; i++)
                sum[i % positions] += masks[i];
            for (int i = 0; i < whole.Length; i++)
                expected[i % positions] += whole[i];
            Closeness.AssertWithin(1e-4, sum, expected, $"{network} {item}");
        }
    }

    [Fact]
    public void Map_OfTheStrongestChannels_IsTheirSharesOfThePicture()
    {
        // The layer is the picture: channel k lets x g through where it is, the one of the larger sum first.
        float[] x = [1, 2, 0, 1, 2, 0, 1, 1], g = [1, -1, 0, 0.5f, -0.5f, 0, 0.25f, 3];
        var model = TinyNetwork.Linear(new Shape(1, 2, 2, 2), g);
        Assert.Equal([-1, 0, 0.25f, 3, 1, -2, 0, 0.5f], TinyNetwork.Map(model, new ChannelMasks { Channels = 2 }, x));
        Assert.Equal([-1, 0, 0.25f, 3], TinyNetwork.Map(model, new ChannelMasks { Channels = 1 }, x));
    }

    [Fact]
    public void Map_OfMoreChannelsThanThereAre_IsRefused()
    {
        var model = TinyNetwork.Linear(new Shape(1, 2, 2, 2), [1, 1, 1, 1, 1, 1, 1, 1]);
        var error = Assert.Throws<ExplanationException>(
            () => TinyNetwork.Map(model, new ChannelMasks(), 1, 1, 1, 1, 1, 1, 1, 1));
        Assert.Contains("2 channels", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_SeveralClasses_EachIsAsAlone()
    {
        var oracle = new OracleCase("vgg_bn_unfolded");
        using var explainer = oracle.Load();
        var method = new ChannelMasks();
        var both = explainer.Explain(
            oracle.Input.Values, oracle.InputShape, [method], [ClassRequest.Index(2), ClassRequest.Index(7)], Token);
        var one = explainer.Explain(oracle.Input.Values, oracle.InputShape, [method], [ClassRequest.Index(7)], Token);
        Closeness.AssertWithin(1e-5, both.Maps[method][1, 1], one.Maps[method][1, 0], "class 7");
    }
}
