using GradCamSharp.Imaging;
using GradCamSharp.Tests.Imaging;
using GradCamSharp.Tests.Methods;
using OnnxGrad;

namespace GradCamSharp.Tests;

public sealed class PictureExplainerTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gradcam-pictures-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Load_OpenHeightAndWidth_RunsAtThePreprocessorsSize()
    {
        var open = new Shape(Dimension.Batch, 3, new Dimension("H"), new Dimension("W"));
        using var explainer = Load(TinyNetwork.Pooled(open, [1, 2, 3], [3, -1, 0.5f]));
        Assert.Equal(new Shape(Dimension.Batch, 3, 224, 320), explainer.Model.Input.Shape);
        Assert.Equal(new PixelSize(320, 224), explainer.Preprocessing.InputSize);
        var explanation = explainer.Explain(TestPictures.Pattern(40, 30), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(new PixelSize(320, 224), explanation.Prepared.Input.Size);
    }

    [Fact]
    public void Load_OpenWidthAlone_TakesThePreprocessorsWidth()
    {
        using var explainer = Load(TinyNetwork.Pooled(new Shape(Dimension.Batch, 3, 224, new Dimension("W")), [1, 2, 3], [3, -1, 0.5f]));
        Assert.Equal(new Shape(Dimension.Batch, 3, 224, 320), explainer.Model.Input.Shape);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(224L)]
    public void Load_OpenLengthsBeforeTheChannels_AreHeightAndWidth(long? declared)
    {
        var height = declared is { } known ? known : new Dimension("H");
        var model = OnnxModel.Create("last");
        var x = model.Graph.Input("x", ElementType.Float, new Shape(Dimension.Batch, height, new Dimension("W"), 3));
        var features = TinyNetwork.Named(
            "features", model.Graph.Append(
                "Transpose", [x], ElementType.Float, new Shape(Dimension.Batch, 3, height, new Dimension("W")),
                ("perm", (long[])[0, 3, 1, 2])).Relu());
        var pooled = model.Graph.Append("GlobalAveragePool", [features], ElementType.Float, new Shape(Dimension.Batch, 3, 1, 1));
        model.Graph.Output("scores", TinyNetwork.Dense(pooled, "head", [1, 2, 3], [3, -1, 0.5f]));
        using var explainer = Load(model);
        Assert.Equal(new Shape(Dimension.Batch, 224, 320, 3), explainer.Model.Input.Shape);
    }

    [Fact]
    public void Load_InputOfBytes_GetsPixelsAsTheyAre()
    {
        string path = SaveBytes();
        using var explainer = PictureExplainer.Load(path, new ExplainerOptions { Layer = "features" });
        Assert.Equal(1, explainer.Preprocessing.Scale);
        Assert.Contains("bytes", explainer.SidecarFiles.PreprocessingSource, StringComparison.Ordinal);

        var white = new Picture(8, 8, [.. Enumerable.Repeat((byte)200, 8 * 8 * 3)]);
        var answer = explainer.Explain(white, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(200 * (1 + 2 + 3), answer.Batch.Scores[0][0], 1e-2);
    }

    [Fact]
    public void Load_InputOfBytesAndNormalisation_IsRefused()
    {
        var refused = Assert.Throws<InvalidDataException>(() => PictureExplainer.Load(SaveBytes(), preprocess: "torch"));
        Assert.Contains("do_normalize", refused.Message, StringComparison.Ordinal);
    }

    private string SaveBytes()
    {
        var model = OnnxModel.Create("bytes");
        var shape = new Shape(1, 3, 8, 8);
        var x = model.Graph.Input("x", ElementType.UInt8, shape);
        var features = TinyNetwork.Named("features", x.Cast(ElementType.Float).Relu());
        var pooled = model.Graph.Append("GlobalAveragePool", [features], ElementType.Float, new Shape(1, 3, 1, 1));
        model.Graph.Output("scores", TinyNetwork.Dense(pooled, "head", [1, 2, 3], [3, -1, 0.5f]));
        string path = Path.Combine(folder, "bytes.onnx");
        model.Save(path);
        return path;
    }

    private PictureExplainer Load(OnnxModel model)
    {
        string path = Path.Combine(folder, "model.onnx");
        model.Save(path);
        File.WriteAllText(
            Path.Combine(folder, "preprocessor_config.json"), """{"do_resize": true, "size": {"height": 224, "width": 320}}""");
        return PictureExplainer.Load(path, new ExplainerOptions { Layer = "features" });
    }
}
