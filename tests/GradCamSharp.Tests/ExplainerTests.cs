using GradCamSharp.Errors;
using GradCamSharp.Exporting;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Runtime;
using GradCamSharp.Targets;
using GradCamSharp.Tests.Methods;
using OnnxGrad;

namespace GradCamSharp.Tests;

public sealed class ExplainerTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gradcam-tests-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Explain_ChannelsLastInput_GivesTheMapOfTheSameNetworkChannelsFirst()
    {
        // x [1, 8, 8, 3] is turned to [1, 3, 8, 8] in front; else the network is the same.
        float[] first = [.. Enumerable.Range(0, 192).Select(i => MathF.Sin(i))], last = new float[192];
        for (int i = 0; i < 192; i++)
            last[((i % 64) * 3) + (i / 64)] = first[i];
        using var nchw = Explainer.From(Network(channelsLast: false), new ExplainerOptions());
        using var nhwc = Explainer.From(Network(channelsLast: true), new ExplainerOptions());
        var methods = CamMethods.Parse("gradcam++,saliency");
        var expected = nchw.Explain(first, new Shape(1, 3, 8, 8), methods, [ClassRequest.Index(1)], TestContext.Current.CancellationToken);
        var actual = nhwc.Explain(last, new Shape(1, 8, 8, 3), methods, [ClassRequest.Index(1)], TestContext.Current.CancellationToken);

        Assert.False(nchw.Input.IsChannelsLast);
        Assert.True(nhwc.Input.IsChannelsLast);
        Assert.Equal(new Shape(1, 1, 3, 8, 8), actual.Maps[methods[1]].Shape);
        Assert.Contains(expected.Maps[methods[0]].Values, v => v > 0);
        foreach (var method in methods)
            Assert.Equal(expected.Maps[method].Values, actual.Maps[method].Values, (e, a) => Math.Abs(e - a) < 1e-6);

        static OnnxModel Network(bool channelsLast)
        {
            var model = OnnxModel.Create("nhwc");
            var graph = model.Graph;
            var x = graph.Input("x", ElementType.Float, channelsLast ? new Shape(1, 8, 8, 3) : new Shape(1, 3, 8, 8));
            if (channelsLast)
                x = x.Transpose([0, 3, 1, 2]);
            float[] weights = [.. Enumerable.Range(0, 4 * 3 * 3 * 3).Select(i => MathF.Cos(i * 0.7f))];
            var convolved = x.Conv(graph.Weights("w", new Shape(4, 3, 3, 3), weights), null, Window.Square(pad: 1));
            var features = TinyNetwork.Named("features", convolved.Relu());
            graph.Output("scores", TinyNetwork.Dense(features.MeanSpatial(), "head", [1, -1, 2, 0.5f], [0.5f, 1, -1, 2]));
            return OnnxModel.Parse(model.ToBytes(), "nhwc");
        }
    }

    [Fact]
    public void Explain_NewMethodObjectsEachTime_FindTheirMaps()
    {
        using var explainer = Explainer.From(Plain(), new ExplainerOptions());
        var first = Explain(explainer, new GradCam()).Maps[new GradCam()].Values;
        var again = new GradCam();
        Assert.Equal(first, Explain(explainer, again).Maps[again].Values);
        Assert.Equal(1, explainer.KeptGraphs);
    }

    [Fact]
    public void Explain_TwoCustomMethodsOfOneName_HaveTheirOwnMaps()
    {
        using var explainer = Explainer.From(Plain(), new ExplainerOptions());
        Scaled one = new(1), ten = new(10);
        var batch = Explain(explainer, one, ten);
        Assert.Equal(batch.Maps[one].Values.Select(v => 10 * v), batch.Maps[ten].Values, (e, a) => Math.Abs(e - a) < 1e-4);
        Assert.Equal(batch.Maps[ten].Values, Explain(explainer, ten).Maps[ten].Values, (e, a) => Math.Abs(e - a) < 1e-4);
    }

    [Fact]
    public void Explain_ManyInputSizes_KeepsTheGraphsOfFew()
    {
        var model = OnnxModel.Create("open");
        var graph = model.Graph;
        var x = graph.Input("x", ElementType.Float, new Shape(1, 3, new Dimension("H"), new Dimension("W")));
        float[] weights = [.. Enumerable.Range(0, 12).Select(i => MathF.Cos(i))];
        var w = graph.Weights("w", new Shape(4, 3, 1, 1), weights);
        var features = graph.Append("Conv", [x, w], ElementType.Float, x.Shape.With(1, 4));
        var pooled = graph.Append("GlobalAveragePool", [features], ElementType.Float, new Shape(1, 4, 1, 1)).Reshape(new Shape(1, 4));
        graph.Output("scores", TinyNetwork.Dense(pooled, "head", [1, -1, 2, 0.5f], [0.5f, 1, -1, 2]));
        using var explainer = Explainer.From(
            OnnxModel.Parse(model.ToBytes(), "open"), new ExplainerOptions { KeptSizes = 2, OpenInputSize = new(8, 8) });
        for (int side = 4; side < 16; side++)
        {
            var shape = new Shape(1, 3, side, side);
            explainer.Explain(
                new float[shape.Size.Value], shape, [new GradCam()], [ClassRequest.Top1], TestContext.Current.CancellationToken);
            Assert.InRange(explainer.KeptGraphs, 1, 3);
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(1, true)]
    public void Load_ExportedModel_ExplainsTheOriginal(int top, bool classesAsInput)
    {
        using var explainer = Explainer.From(Plain(), new ExplainerOptions());
        string path = Path.Combine(folder, "exported.onnx");
        explainer.Export(
            path, new() { Methods = [new GradCam()], Top = top, ClassesAsInput = classesAsInput }, TestContext.Current.CancellationToken);
        using var again = Explainer.Load(path);
        Assert.Equal(
            Explain(explainer, new GradCam()).Maps[new GradCam()].Values, Explain(again, new GradCam()).Maps[new GradCam()].Values,
            (e, a) => Math.Abs(e - a) < 1e-6);
    }

    [Theory]
    [InlineData(ElementType.Double)]
    [InlineData(ElementType.UInt8)]
    public void Explain_InputOfAnotherType_IsFedAsSuch(ElementType type)
    {
        var model = OnnxModel.Create("typed");
        var graph = model.Graph;
        var x = graph.Input("x", type, new Shape(1, 3, 8, 8));
        using var expected = Explainer.From(Plain(), new ExplainerOptions());
        graph.Output("scores", Scores(x.Cast(ElementType.Float)));
        using var typed = Explainer.From(OnnxModel.Parse(model.ToBytes(), "typed"), new ExplainerOptions());
        Assert.Equal(
            Explain(expected, new GradCam()).Maps[new GradCam()].Values, Explain(typed, new GradCam()).Maps[new GradCam()].Values,
            (e, a) => Math.Abs(e - a) < 1e-4);
    }

    [Fact]
    public void Explain_InputOfIntegers_IsRefusedInOurWords()
    {
        var model = OnnxModel.Create("integers");
        model.Graph.Output("scores", Scores(model.Graph.Input("x", ElementType.Int32, new Shape(1, 3, 8, 8)).Cast(ElementType.Float)));
        var e = Assert.Throws<ModelException>(() => Explainer.From(OnnxModel.Parse(model.ToBytes(), "integers"), new ExplainerOptions()));
        Assert.Contains("'x'", e.Message, StringComparison.Ordinal);
        Assert.Contains("uint8", e.Message, StringComparison.Ordinal);
    }

    private static OnnxModel Plain()
    {
        var model = OnnxModel.Create("plain");
        model.Graph.Output("scores", Scores(model.Graph.Input("x", ElementType.Float, new Shape(1, 3, 8, 8))));
        return OnnxModel.Parse(model.ToBytes(), "plain");
    }

    private static Tensor Scores(Tensor x)
    {
        float[] weights = [.. Enumerable.Range(0, 4 * 3 * 3 * 3).Select(i => MathF.Cos(i * 0.7f))];
        var convolved = x.Conv(x.Graph.Weights("w", new Shape(4, 3, 3, 3), weights), null, Window.Square(pad: 1));
        return TinyNetwork.Dense(convolved.Relu().MeanSpatial(), "head", [1, -1, 2, 0.5f], [0.5f, 1, -1, 2]);
    }

    private static MapBatch Explain(Explainer explainer, params ExplanationMethod[] methods)
    {
        float[] input = [.. Enumerable.Range(0, 192).Select(i => (float)(i * 37 % 256))];
        return explainer.Explain(input, new Shape(1, 3, 8, 8), methods, [ClassRequest.Index(1)], TestContext.Current.CancellationToken);
    }

    private sealed record Scaled(double Factor) : GradientCam
    {
        public override string Name => "scaled";

        public override string Title => "Scaled";

        public override string Equation => "";

        public override string Summary => "";

        protected override Tensor Terms(Tensor A, Tensor g) => A * g.MeanSpatial() * Factor;
    }

    [Fact]
    public void Load_NoSuchFile_SaysSo() => AssertRefused("no model file", Path.Combine(folder, "absent.onnx"));

    [Theory]
    [InlineData("This is no ONNX model, but text.")]
    [InlineData("")]
    [InlineData("\u0089PNG\r\n\u001a\n")]
    public void Load_NotAnOnnxFile_IsRefusedWithItsName(string content)
    {
        string path = Path.Combine(folder, "notes.onnx");
        File.WriteAllText(path, content);
        AssertRefused("notes.onnx", path);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public void Load_TruncatedFile_IsRefusedWithItsName(double share)
    {
        byte[] whole = TinyNetwork.Linear(new Shape(1, 2, 2, 2), new float[8]).ToBytes();
        string path = Path.Combine(folder, "cut.onnx");
        File.WriteAllBytes(path, whole[..(int)(whole.Length * share)]);
        AssertRefused("cut.onnx", path);
    }

    [Fact]
    public void From_ModelWithoutSpatialLayers_IsRefusedWithAWayOut()
    {
        var model = OnnxModel.Create("mlp");
        var x = model.Graph.Input("x", ElementType.Float, new Shape(1, 1, 4, 4));
        var hidden = TinyNetwork.Dense(x, "a", new float[16], new float[16]).Relu();
        model.Graph.Output("scores", TinyNetwork.Dense(hidden, "b", [1, 0], [0, 1]));
        string message = Refused(OnnxModel.Parse(model.ToBytes(), "mlp"));
        Assert.Contains("'mlp' has no layer with spatial axes", message, StringComparison.Ordinal);
        Assert.Contains("convolutional network", message, StringComparison.Ordinal);
    }

    [Fact]
    public void From_LayerWithoutAWayToTheScores_IsRefused()
    {
        var model = TinyNetwork.Build(new Shape(1, 2, 2, 2), rectified: true, (graph, features) =>
        {
            TinyNetwork.Named("aside", features.Exp());
            return TinyNetwork.Dense(features, "head", new float[8]);
        });
        Assert.Contains("'aside' of 'tiny' has no influence on the scores", Refused(model, "aside"), StringComparison.Ordinal);
    }

    [Fact]
    public void From_UnknownLayer_NamesTheNearest()
    {
        string message = Refused(TinyNetwork.Linear(new Shape(1, 2, 2, 2), new float[8]), "featurs");
        Assert.Contains("no value 'featurs'", message, StringComparison.Ordinal);
        Assert.Contains("'features'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void From_FormatThatDoesNotFit_IsRefused()
    {
        var model = TinyNetwork.Linear(new Shape(1, 2, 2, 2), new float[8]);
        var options = new ExplainerOptions { Layer = "features", LayerFormat = LayerFormat.Tokens };
        var refused = Assert.Throws<ExplanationException>(() => Explainer.From(model, options));
        Assert.Contains("which is not tokens", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_OperatorWithoutARule_NamesItAndItsNode()
    {
        var model = TinyNetwork.Build(new Shape(1, 2, 2, 2), rectified: true, (graph, features) =>
            TinyNetwork.Dense(graph.Append("Det", [features], ElementType.Float, new Shape(1, 2)), "head", [1, 1], [1, 0]));
        using var explainer = Explainer.From(model, new ExplainerOptions { Layer = "features" });
        var refused = Assert.Throws<ExplanationException>(() =>
            explainer.Explain(
                new float[8], new Shape(1, 2, 2, 2), [new GradCam()], [ClassRequest.Top1], TestContext.Current.CancellationToken));
        Assert.Contains("No gradient rule for Det", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_ClassThatDoesNotExist_SaysHowManyThereAre()
    {
        var model = TinyNetwork.Linear(new Shape(1, 2, 2, 2), new float[8], new float[8]);
        using var explainer = Explainer.From(model, new ExplainerOptions { Layer = "features" });
        foreach (var request in (ClassRequest[])[ClassRequest.Index(2), ClassRequest.Ranked(3)])
        {
            var refused = Assert.Throws<ModelException>(() =>
                explainer.Explain(new float[8], new Shape(1, 2, 2, 2), [new GradCam()], [request], TestContext.Current.CancellationToken));
            Assert.Contains("has 2 classes, 0 to 1", refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(new long[] { 1, 2, 2, 3 }, 12)]
    [InlineData(new long[] { 1, 2, 4 }, 8)]
    [InlineData(new long[] { 1, 2, 2, 2 }, 7)]
    public void Explain_ShapeThatDoesNotFit_IsRefused(long[] shape, int length)
    {
        var model = TinyNetwork.Linear(new Shape(1, 2, 2, 2), new float[8]);
        using var explainer = Explainer.From(model, new ExplainerOptions { Layer = "features" });
        var refused = Assert.Throws<ModelException>(() =>
            explainer.Explain(
                new float[length], new Shape(shape), [new GradCam()], [ClassRequest.Top1], TestContext.Current.CancellationToken));
        Assert.Contains("The input 'x' of 'tiny' takes [1, 2, 2, 2]", refused.Message, StringComparison.Ordinal);
    }

    private static string Refused(OnnxModel model, string? layer = null) =>
        Assert.ThrowsAny<ModelException>(() => Explainer.From(model, new ExplainerOptions { Layer = layer })).Message;

    private static void AssertRefused(string expected, string path) =>
        Assert.Contains(expected, Assert.Throws<ModelException>(() => Explainer.Load(path)).Message, StringComparison.Ordinal);
}
