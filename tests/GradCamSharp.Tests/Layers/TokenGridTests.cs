using GradCamSharp.Errors;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Tests.Layers;

public class TokenGridTests
{
    private const int Patch = 16, Channels = 4;
    private static readonly ExplanationMethod Method = new GradCam();

    /// <summary>How a network makes tokens of its picture.</summary>
    public enum Embedding
    {
        Convolution,
        SixAxes,
        Unfolded,
    }

    [Theory]
    [InlineData(208, 240, 13, 15)]
    [InlineData(160, 320, 10, 20)]
    [InlineData(224, 288, 14, 18)]
    [InlineData(224, 224, 14, 14)]
    [InlineData(16, 320, 1, 20)]
    public void Explain_VisionTransformer_MapsThePatchesAsTheyLie(int height, int width, int rows, int columns)
    {
        foreach (var embedding in (Embedding[])[Embedding.Convolution, Embedding.SixAxes])
        {
            // A single row is not seen in a reshape.
            if (embedding == Embedding.SixAxes && rows == 1)
                continue;
            using var explainer = Explainer.From(Transformer(height, width, embedding), new ExplainerOptions());
            Assert.Equal("LayerNormalization", explainer.Layer.Operator);
            Assert.Equal($"tokens:{rows}x{columns}+1", explainer.Layer.Format.Name());
            Assert.Equal(new Shape(rows, columns), explainer.Layer.Spatial);
            AssertOnePatchDiffers(explainer, height, width);
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 0)]
    [InlineData(5, 0)]
    [InlineData(0, 3)]
    [InlineData(1, 2)]
    public void Layer_TokensBesideThePatches_AreNoPositions(int leading, int trailing)
    {
        using var explainer = Explainer.From(
            Transformer(208, 240, Embedding.Convolution, leading: leading, trailing: trailing), new ExplainerOptions());
        Assert.Equal(LayerFormat.TokensOf(new Shape(13, 15), leading, trailing), explainer.Layer.Format);
        AssertOnePatchDiffers(explainer, 208, 240);
    }

    [Fact]
    public void Explain_OpenInputAtAnotherShape_FindsTheGridAnew()
    {
        using var explainer = Explainer.From(Transformer(160, 320, Embedding.Convolution, open: true), new ExplainerOptions());
        var layer = explainer.FindLayer(explainer.FindLayers().First(l => l.Format.Kind == LayerFormatKind.Tokens).Name);
        foreach (var (height, width) in ((int, int)[])[(160, 320), (320, 160), (208, 240)])
        {
            foreach (var chosen in (Layer[])[explainer.Layer, layer])
                Assert.Equal(new Shape(1, 1, height / Patch, width / Patch), Map(explainer, height, width, 0, chosen).Shape);
        }
    }

    [Fact]
    public void From_TokensThatNothingLaysOut_SaysWhatToType()
    {
        var model = Transformer(208, 240, Embedding.Unfolded);
        var refused = Assert.Throws<ExplanationException>(() => Explainer.From(model, new ExplainerOptions()));
        Assert.Contains("has 196 tokens, and how they lie in the picture does not follow", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ExplanationError.UnknownLayout, refused.Kind);
        Assert.Contains("tokens:HxW+L", refused.Message, StringComparison.Ordinal);
        Assert.Contains(": tokens:14x14, for example.", refused.Message, StringComparison.Ordinal);

        var options = new ExplainerOptions { LayerFormat = LayerFormat.Parse("tokens:15x13+1") };
        using var explainer = Explainer.From(model, options);
        Assert.Equal("LayerNormalization", explainer.Layer.Operator);
        Assert.Equal(new Shape(15, 13), explainer.Layer.Spatial);
        Assert.Equal(new Shape(1, 1, 15, 13), Map(explainer, 208, 240, 0).Shape);
        Assert.Contains(explainer.FindLayers(), l => l.Name == explainer.Layer.Name && l.Format == explainer.Layer.Format);
    }

    [Fact]
    public void Find_TokensThatNothingLaysOut_ListsLayersAndSaysWhatIsMissing()
    {
        var layers = ModelLayers.Find(Transformer(208, 240, Embedding.Unfolded), new ExplainerOptions());
        Assert.Equal("LayerNormalization", layers.Default.Operator);
        Assert.Contains(layers.All, l => l.Name == layers.Default.Name);
        Assert.All(layers.All.Where(l => l.Format == LayerFormat.Tokens), l => Assert.Null(ModelLayers.MapOf(l)));
        Assert.All(layers.All, l => Assert.Empty(layers.OperatorsWithoutRule(l)));
        Assert.Equal(ExplanationError.UnknownLayout, layers.Obstacle?.Kind);
        Assert.Contains("has 196 tokens", layers.Obstacle?.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_TokensThatTheGraphLaysOut_ListsWhatAnExplainerLists()
    {
        var model = Transformer(208, 240, Embedding.Convolution);
        var layers = ModelLayers.Find(model, new ExplainerOptions());
        using var explainer = Explainer.From(model, new ExplainerOptions());
        Assert.Null(layers.Obstacle);
        Assert.Equal(explainer.Layer, layers.Default);
        Assert.Equal(explainer.FindLayers(), layers.All);
        Assert.Equal(new Shape(13, 15), ModelLayers.MapOf(layers.Default));
    }

    [Fact]
    public void From_GridOfAnotherNumberOfTokens_IsRefusedWithBothNumbers()
    {
        var options = new ExplainerOptions { LayerFormat = LayerFormat.Parse("tokens:13x15") };
        var refused = Assert.Throws<ExplanationException>(() => Explainer.From(Transformer(208, 240, Embedding.Convolution), options));
        Assert.Contains("has 196 tokens, and 'tokens:13x15' is for 195", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tokens:13x15+1")]
    [InlineData("tokens:13x15")]
    [InlineData("tokens:13x15+0+2")]
    [InlineData("tokens:8x7x7+1")]
    [InlineData("tokens")]
    [InlineData("nhwc")]
    [InlineData("nchw")]
    public void Parse_Name_IsTheFormatOfThatName(string name)
    {
        Assert.Equal(name, LayerFormat.Parse(name).Name());
        Assert.Equal(LayerFormat.Parse(name), LayerFormat.Parse(name.ToUpperInvariant()));
    }

    [Theory]
    [InlineData("tokens:")]
    [InlineData("tokens:0x4")]
    [InlineData("tokens:-1x4")]
    [InlineData("tokens:4x4+")]
    [InlineData("tokens:4x4+1+1+1")]
    [InlineData("tokens:4 x 4")]
    [InlineData("tokens:9999999x4")]
    [InlineData("square")]
    public void Parse_NoFormat_NamesTheFormats(string name) =>
        Assert.Contains("tokens:HxW+L", Assert.Throws<ArgumentException>(() => LayerFormat.Parse(name)).Message, StringComparison.Ordinal);

    // All patches of the picture are black but one, and the network knows no positions: so one place of the map differs from the others.
    // A class token taken for a patch would be another.
    private static void AssertOnePatchDiffers(Explainer explainer, int height, int width)
    {
        int row = height / Patch / 2, column = width / Patch / 3, different = (row * (width / Patch)) + column;
        bool told = false;
        foreach (int label in (int[])[0, 1])
        {
            float[] map = Map(explainer, height, width, label, lit: (row, column)).Values;
            float other = map[different == 0 ? 1 : 0];
            for (int i = 0; i < map.Length; i++)
                Assert.True(i == different || Math.Abs(map[i] - other) < 1e-5, $"Place {i} is {map[i]}, and others are {other}.");
            told |= Math.Abs(map[different] - other) > 1e-3;
        }

        Assert.True(told, "The lit patch is nowhere in the maps.");
    }

    private static (Shape Shape, float[] Values) Map(
        Explainer explainer, int height, int width, int label, Layer? layer = null, (int Row, int Column)? lit = null)
    {
        float[] picture = new float[3 * height * width];
        for (int i = 0; lit is var (row, column) && i < picture.Length; i++)
        {
            if (i / width % height / Patch == row && i % width / Patch == column)
                picture[i] = 1;
        }

        var shape = new Shape(1, 3, height, width);
        var maps = explainer.Explain(
            picture, shape, [Method], [ClassRequest.Index(label)], layer ?? explainer.Layer, TestContext.Current.CancellationToken);
        var map = maps.Maps[Method];
        return (new Shape([.. map.Shape.Skip(map.Shape.Rank - 4)]), map.Values.ToArray());
    }

    // One block of attention with one head. What it is told of lengths holds at the given size; an open input takes others too.
    private static OnnxModel Transformer(
        int height, int width, Embedding embedding, int leading = 1, int trailing = 0, bool open = false)
    {
        var model = OnnxModel.Create("transformer");
        var graph = model.Graph;
        int rows = height / Patch, columns = width / Patch, patches = rows * columns, length = 3 * Patch * Patch;
        var x = graph.Input(
            "x", ElementType.Float, open ? new Shape(1, 3, new Dimension("H"), new Dimension("W")) : new Shape(1, 3, height, width));
        Tensor tokens;
        if (embedding == Embedding.Convolution)
        {
            var kernel = graph.Weights("patch", new Shape(Channels, 3, Patch, Patch), Waves(Channels * length, 0.3f));
            var maps = graph.Append("Conv", [x, kernel], ElementType.Float, new Shape(1, Channels, rows, columns),
                ("strides", (long[])[Patch, Patch]));
            tokens = graph.Append("Reshape", [maps, graph.Constant(0, Channels, -1)], ElementType.Float, new Shape(1, Channels, patches))
                .Transpose([0, 2, 1]);
        }
        else
        {
            // Unfolded by indices, the patches come without their rows.
            var split = embedding == Embedding.SixAxes
                ? x.Reshape(new Shape(1, 3, rows, Patch, columns, Patch)).Transpose([0, 2, 4, 3, 5, 1])
                    .Reshape(new Shape(1, patches, length))
                : x.Reshape(new Shape(1, 3 * height * width)).Gather(Indices(graph, height, width), 1);
            tokens = split.MatMul(graph.Weights("patch", new Shape(length, Channels), Waves(Channels * length, 0.3f)));
        }

        Tensor[] front = leading == 0 ? [] : [graph.Weights("front", new Shape(1, leading, Channels), Waves(leading * Channels, 1.1f))];
        Tensor[] back = trailing == 0 ? [] : [graph.Weights("back", new Shape(1, trailing, Channels), Waves(trailing * Channels, 1.7f))];
        if (leading + trailing > 0)
            tokens = Tensor.Concat(1, [.. front, tokens, .. back]);

        float[] ones = [1, 1, 1, 1], shift = [0.4f, -0.2f, 0.3f, 0.1f];
        var normalised = graph.Append(
            "LayerNormalization",
            [tokens, graph.Weights("scale", new Shape(Channels), ones), graph.Weights("shift", new Shape(Channels), shift)],
            ElementType.Float, tokens.Shape, ("axis", -1L), ("epsilon", 1e-2f));
        var attention = Linear("query", 0.5f).MatMul(Linear("key", 0.9f).TransposeMatrix()).Softmax(-1).MatMul(Linear("value", 1.3f));
        var last = (tokens + attention).Slice(1, 0, 1).Reshape(new Shape(1, Channels));
        graph.Output("scores", last.MatMul(graph.Weights("head", new Shape(Channels, 2), [1, -1, -0.5f, 0.5f, 2, -2, 0.3f, -0.3f])));
        return OnnxModel.Parse(model.ToBytes(), "transformer");

        Tensor Linear(string name, float step) =>
            normalised.MatMul(graph.Weights(name, new Shape(Channels, Channels), Waves(Channels * Channels, step)));
    }

    private static Tensor Indices(Graph graph, int height, int width)
    {
        int columns = width / Patch;
        int patches = height / Patch * columns, length = 3 * Patch * Patch;
        double[] indices = [.. Enumerable.Range(0, patches).SelectMany(p => Enumerable.Range(0, length).Select(i =>
        {
            int channel = i / (Patch * Patch), y = (p / columns * Patch) + (i / Patch % Patch), x = (p % columns * Patch) + (i % Patch);
            return (double)((((channel * height) + y) * width) + x);
        }))];
        return graph.Constant(ElementType.Int64, new Shape(patches, length), indices);
    }

    private static float[] Waves(int count, float step) => [.. Enumerable.Range(0, count).Select(i => MathF.Sin((i + 1) * step))];
}
