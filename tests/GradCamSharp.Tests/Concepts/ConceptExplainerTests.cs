using GradCamSharp.Concepts;
using GradCamSharp.Errors;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using GradCamSharp.Tests.Methods;

namespace GradCamSharp.Tests.Concepts;

public sealed class ConceptExplainerTests : IDisposable
{
    private static readonly ClassRequest Class = ClassRequest.Index(2);

    private readonly string folder = Directory.CreateTempSubdirectory("gradcam-concepts-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("vgg_bn_unfolded")]
    [InlineData("densenet")]
    public void Explain_AllChannelsOfALayer_AddUpToTheMap(string network)
    {
        using var pictures = Load(network);
        AddUp(pictures, new ConceptExplainer(pictures));
    }

    [Fact]
    public void Explain_AllChannelsOfTokens_AddUpToTheMap()
    {
        string path = Path.Combine(folder, "transformer.onnx");
        new TinyTransformer { Pooling = TokenPooling.Mean, Leading = 2 }.Build().Save(path);
        using var pictures = PictureExplainer.Load(path);
        // Behind the last block there is no way past the layer; the tokens in front count too.
        AddUp(pictures, new ConceptExplainer(pictures, pictures.Model.FindLayers()[^1]));
    }

    [Fact]
    public void Explain_StrongestChannels_AreThoseOfTheLargestRelevance()
    {
        using var pictures = Load("vgg_bn_unfolded");
        var concepts = new ConceptExplainer(pictures);
        var found = concepts.Explain(Noise(1), Class, 4, Token);
        int[] expected =
            [.. found.Relevance.Select((r, k) => (r, k)).OrderByDescending(c => c.r).ThenBy(c => c.k).Take(4).Select(c => c.k)];
        Assert.Equal(expected, found.Channels.Select(c => c.Index));
        Assert.All(found.Channels, c => Assert.Equal(found.Relevance[c.Index], c.Relevance));
        Assert.Equal(1, found.Relevance.Sum(r => Math.Abs(r) / found.Relevance.Sum(a => (double)Math.Abs(a))), 6);

        var named = concepts.Explain(Noise(1), Class, [expected[2], expected[0]], Token);
        Assert.Equal([expected[0], expected[2]], named.Channels.Select(c => c.Index));
        Assert.Equal(found.Channels[2].Map.ToArray(), named.Channels[1].Map.ToArray(), (e, a) => Math.Abs(e - a) < 1e-9);
    }

    [Fact]
    public void Explain_RelevanceOfChannels_IsTheSumOfHiResCam()
    {
        using var pictures = Load("vgg_bn_unfolded");
        var found = new ConceptExplainer(pictures).Explain(Noise(1), Class, 1, Token);
        float[] map = pictures.Explain(Noise(1), [new HiResCam()], [Class], Token).Explanations[0].Raw.ToArray();
        Assert.Equal(map.Sum(v => (double)v), found.Relevance.Sum(v => (double)v), 1e-6);
    }

    [Fact]
    public void Explain_ChannelThatIsNotThere_SaysHowManyThereAre()
    {
        using var pictures = Load("vgg_bn_unfolded");
        var concepts = new ConceptExplainer(pictures);
        var refused = Assert.Throws<ExplanationException>(() => concepts.Explain(Noise(1), Class, [24], Token));
        Assert.Contains("has 24 channels, 0 to 23; there is no channel 24", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ReferencePictures_KeepsTheStrongestOfEachChannel()
    {
        using var pictures = Load("vgg_bn_unfolded");
        var concepts = new ConceptExplainer(pictures);
        string[] files = Pictures(5);
        var search = new ReferenceSearch(concepts, files.Reverse(), 2);
        search.Run(cancellationToken: Token);
        var peaks = files.Select(f => concepts.FindPeaks(PictureDecoder.Decode(f), Token)).ToArray();
        for (int k = 0; k < concepts.ChannelCount; k++)
        {
            var expected = files.Select((f, i) => new ReferencePatch(f, peaks[i][k].Activation, peaks[i][k].Part))
                .Where(p => p.Activation > 0).OrderByDescending(p => p.Activation).Take(2);
            Assert.Equal(expected, search.Of(k));
        }

        Assert.Contains(Enumerable.Range(0, concepts.ChannelCount), k => search.Of(k).Count == 2);
    }

    [Fact]
    public void Run_StoppedOnTheWay_GoesOnWhereItWas()
    {
        using var pictures = Load("vgg_bn_unfolded");
        var concepts = new ConceptExplainer(pictures);
        string[] files = Pictures(4);
        string broken = Path.Combine(folder, "5.png"), index = Path.Combine(folder, "index.json");
        File.WriteAllText(broken, "no picture");
        files = [.. files, broken];
        var whole = new ReferenceSearch(concepts, files, 3);
        whole.Run(cancellationToken: Token);
        Assert.Equal([broken], whole.Failed.Select(f => f.File));

        using var stop = new CancellationTokenSource();
        var first = new ReferenceSearch(concepts, files, 3, index);
        Assert.Throws<OperationCanceledException>(() => first.Run(new Stop(stop, 2), stop.Token));
        Assert.Equal(2, first.Done);
        var second = new ReferenceSearch(concepts, files, 3, index);
        Assert.Equal(2, second.Done);
        second.Run(cancellationToken: Token);
        var third = new ReferenceSearch(concepts, files, 3, index);
        Assert.Equal(third.Total, third.Done);
        for (int k = 0; k < concepts.ChannelCount; k++)
        {
            Assert.Equal(whole.Of(k), second.Of(k));
            Assert.Equal(whole.Of(k), third.Of(k));
        }

        Assert.Equal(whole.Failed, third.Failed);
        Assert.Equal(0, new ReferenceSearch(concepts, files, 2, index).Done);
        File.WriteAllText(index, File.ReadAllText(index)[..^20]);
        Assert.Equal(0, new ReferenceSearch(concepts, files, 3, index).Done);
    }

    [Fact]
    public void FindPeaks_AtTheEdge_StaysInsideThePicture()
    {
        using var pictures = Load("vgg_bn_unfolded");
        foreach (var (_, part) in new ConceptExplainer(pictures).FindPeaks(Noise(3, 90, 50), Token))
        {
            Assert.InRange(part.X, 0, 90 - part.Width);
            Assert.InRange(part.Y, 0, 50 - part.Height);
            Assert.InRange(part.Width, 5, 90);
        }
    }

    private static void AddUp(PictureExplainer pictures, ConceptExplainer concepts)
    {
        var found = concepts.Explain(Noise(1), Class, concepts.ChannelCount, Token);
        Assert.Equal(concepts.ChannelCount, found.Channels.Count);
        float[] whole = pictures.Explain(Noise(1), [new GradientXInput()], [Class], Token).Explanations[0].Raw.ToArray();
        int size = whole.Length / 3;
        double largest = 0, worst = 0;
        for (int i = 0; i < size; i++)
        {
            double expected = (double)whole[i] + whole[size + i] + whole[(2 * size) + i];
            worst = Math.Max(worst, Math.Abs(found.Channels.Sum(c => (double)c.Map.Span[i]) - expected));
            largest = Math.Max(largest, Math.Abs(expected));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{worst / largest:E1}"));
        Assert.True(largest > 0);
        Assert.InRange(worst / largest, 0, 2e-5);
    }

    private static PictureExplainer Load(string network) => PictureExplainer.Load(
        Path.Combine(SharedData.Path($"oracle/cases/{network}"), "model.onnx"), new ExplainerOptions { Layer = "features" });

    private string[] Pictures(int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        string path = Path.Combine(folder, FormattableString.Invariant($"{i}.png"));
        using var stream = File.Create(path);
        PictureEncoder.WritePng(Noise(i), stream);
        return path;
    })];

    private static Picture Noise(int seed, int width = 64, int height = 64)
    {
        byte[] pixels = new byte[3 * width * height];
        new Random(seed).NextBytes(pixels);
        return new Picture(width, height, pixels);
    }

    private sealed class Stop(CancellationTokenSource source, int after) : IProgress<int>
    {
        public void Report(int value)
        {
            if (value >= after)
                source.Cancel();
        }
    }
}
