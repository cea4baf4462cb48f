using Microsoft.ML.OnnxRuntime;
using OnnxGrad.Files;
using OnnxGrad.Tests.Model;
using static OnnxGrad.Tests.Model.Runtime;

namespace OnnxGrad.Tests.Files;

public class ModelWriterTests
{
    [Theory]
    [InlineData("squeezenet1.1/model.onnx")]
    [InlineData("squeezenet1.1/model-fp16.onnx")]
    [InlineData("mobilenet_v3_small_w8/model.onnx")]
    public void Save_RealNetwork_AnswersAsBeforeFromOneFile(string file)
    {
        using var folder = new TemporaryFolder();
        var model = OnnxModel.Load(SharedData.Path(Path.Combine("models", file)));
        model.Save(folder["saved.onnx"]);
        model.Save(folder["again.onnx"]);
        Assert.Equal(File.ReadAllBytes(folder["saved.onnx"]), File.ReadAllBytes(folder["again.onnx"]));
        Assert.Equal(2, Directory.GetFileSystemEntries(folder[""]).Length);
        AssertSame(model, folder["saved.onnx"]);
    }

    [Fact]
    public void Save_LargerThanOneFileHolds_KeepsTheWeightsBesideIt()
    {
        using var folder = new TemporaryFolder();
        var model = OnnxModel.Load(folder.Write("model.onnx", Dense()));
        ModelWriter.Write(model.Proto, model.Folder, model.Name, folder["saved.onnx"], largestFile: 1000);
        Assert.Equal(4096 + 2400, new FileInfo(folder["saved.onnx.data"]).Length);
        Assert.InRange(new FileInfo(folder["saved.onnx"]).Length, 1, 1000);
        AssertSame(model, folder["saved.onnx"]);
        OnnxModel.Load(folder["saved.onnx"]).Save(folder["whole.onnx"]);
        AssertSame(model, folder["whole.onnx"]);
    }

    [Fact]
    public void Save_ExternalData_KeepsTheWeightsBesideAnyModel()
    {
        using var folder = new TemporaryFolder();
        var model = OnnxModel.Load(folder.Write("model.onnx", Dense()));
        model.Save(folder["saved.onnx"], new SaveOptions { ExternalData = true });
        Assert.True(OnnxModel.Load(folder["saved.onnx"]).HasExternalData);
        Assert.Equal([folder["saved.onnx.data"]], OnnxModel.Load(folder["saved.onnx"]).ExternalFiles);
        Assert.False(model.HasExternalData);
        AssertSame(model, folder["saved.onnx"]);
    }

    [Fact]
    public void Save_Float16Weights_RoundsLargeWeightsThatFit()
    {
        using var folder = new TemporaryFolder();
        // 1/3 is rounded; 70000 has no 16-bit form, so that tensor stays; the bias is small and stays.
        double[] thirds = [.. Enumerable.Repeat(1 / 3.0, 600)], large = [.. thirds[..599], 70000];
        byte[] bytes = new TestModel(18, 8).Input("x", ElementType.Float, 600).Output("y").Output("z")
            .Constant("w", ElementType.Float, [600], thirds).Constant("v", ElementType.Float, [600], large)
            .Constant("b", ElementType.Float, [1], 1 / 3.0)
            .Node("Mul", ["x", "w"], ["m"]).Node("Add", ["m", "b"], ["y"]).Node("Mul", ["x", "v"], ["z"]).Bytes();
        foreach (var model in (OnnxModel[])[OnnxModel.Load(folder.Write("model.onnx", bytes)), OnnxModel.Parse(bytes)])
        {
            model.Save(folder["saved.onnx"], new SaveOptions { Float16Weights = true });
            Assert.Equal(2400 - 1200, bytes.Length - new FileInfo(folder["saved.onnx"]).Length, tolerance: 100.0);
            using var options = Options();
            using var session = new InferenceSession(folder["saved.onnx"], options);
            double[] ones = [.. Enumerable.Repeat(1.0, 600)];
            var answers = Run(session, new Dictionary<string, Value> { ["x"] = new(ElementType.Float, new Shape(600), ones) });
            Assert.All(answers["y"].Data, y => Assert.Equal((double)((float)(Half)(1 / 3f) + (1 / 3f)), y, 1e-7));
            Assert.Equal(70000, answers["z"].Data[599]);
            Assert.Equal((double)(1 / 3f), answers["z"].Data[0]);
        }
    }

    [Fact]
    public void ForExchange_ModelOf16BitFloats_HasTheFilesTypesAgain()
    {
        using var folder = new TemporaryFolder();
        // y is read inside the graph too, and x twice.
        byte[] bytes = new TestModel(18, 8).Input("x", ElementType.Float16, 3)
            .Output("y", ElementType.Float16, 3).Output("z", ElementType.Float, 3)
            .Node("Mul", ["x", "x"], ["y"]).Node("Cast", ["y"], ["w"], ("to", 1L)).Node("Add", ["w", "w"], ["z"]).Bytes();
        var model = OnnxModel.Load(folder.Write("model.onnx", bytes));
        Assert.Equal(ElementType.Float, model.Inputs[0].Type);
        model.ForExchange().Save(folder["saved.onnx"]);
        using var options = Options();
        using var session = new InferenceSession(folder["saved.onnx"], options);
        using var original = new InferenceSession(folder["model.onnx"], options);
        Assert.Equal(original.InputMetadata["x"].ElementDataType, session.InputMetadata["x"].ElementDataType);
        Assert.Equal(original.OutputMetadata["y"].ElementDataType, session.OutputMetadata["y"].ElementDataType);
        var feeds = new Dictionary<string, Value> { ["x"] = new(ElementType.Float16, new Shape(3), [1, -2, 0.5]) };
        AssertEqual(Run(original, feeds), Run(session, feeds), 0);
    }

    [Fact]
    public void ForExchange_OlderOpsetThanTheGraphs_IsRefused()
    {
        var model = OnnxModel.Parse(Dense());
        Assert.Contains("opset 18", Assert.Throws<ModelException>(() => model.ForExchange(17)).Message, StringComparison.Ordinal);
        Assert.Equal(22, model.ForExchange(22).Opset);
    }

    [Fact]
    public void Save_OverTheFileThatHoldsTheWeights_IsRefused()
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = Dense();
        var model = OnnxModel.Load(folder.Write("model.onnx", bytes));
        Assert.Throws<ModelException>(() => model.Save(folder["model.onnx"]));
        Assert.Equal(bytes, File.ReadAllBytes(folder["model.onnx"]));
    }

    [Fact]
    public void Save_WeightsThatVanished_LeavesNothingBehind()
    {
        using var folder = new TemporaryFolder();
        var model = OnnxModel.Load(folder.Write("model.onnx", Dense()));
        File.Delete(folder["model.onnx"]);
        Assert.Throws<ModelException>(() => model.Save(folder["saved.onnx"]));
        Assert.Empty(Directory.GetFileSystemEntries(folder[""]));
    }

    [Fact]
    public void Load_WeightsBeyondTwoGigabytes_ReadsThem()
    {
        using var folder = new TemporaryFolder();
        // A sparse file: one row of 600 weights at its very end, 2.2 GB in.
        const long offset = 2_200_000_000 - (2_200_000_000 % 4096);
        using (var data = File.Create(folder["weights"]))
        {
            data.Position = offset;
            float[] numbers = [.. Enumerable.Range(0, 600).Select(i => (float)i)];
            data.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(numbers.AsSpan()));
        }

        var written = new TestModel(18, 8).Input("x", ElementType.Float, 600).Output("y")
            .Constant("w", ElementType.Float, [600]).Node("Mul", ["x", "w"], ["y"]);
        ExternalData.Point(written.Graph.Initializer[0], "weights", offset, 2400);
        var model = OnnxModel.Load(folder.Write("model.onnx", written.Bytes()));
        using var session = Session(model);
        double[] expected = [.. Enumerable.Range(0, 600).Select(i => 2.0 * i)];
        double[] twos = [.. Enumerable.Repeat(2.0, 600)];
        var feeds = new Dictionary<string, Value> { ["x"] = new(ElementType.Float, new Shape(600), twos) };
        Assert.Equal(expected, Run(session, feeds)["y"].Data);
    }

    private static byte[] Dense()
    {
        var random = new System.Random(1);
        double[] Draw() => [.. Enumerable.Range(0, 600).Select(_ => random.NextDouble())];
        return new TestModel(18, 8).Input("x", ElementType.Float, 2, 20).Output("y")
            .Constant("w", ElementType.Float, [20, 30], Draw()).Constant("v", ElementType.Float, [30, 20], Draw())
            .Constant("b", ElementType.Float, [20], [.. Draw().Take(20)])
            .Node("MatMul", ["x", "w"], ["h"]).Node("MatMul", ["h", "v"], ["m"]).Node("Add", ["m", "b"], ["y"]).Bytes();
    }

    private static void AssertSame(OnnxModel model, string saved)
    {
        using var before = Session(model);
        using var options = Options();
        using var plain = new InferenceSession(saved, options);
        using var after = Session(OnnxModel.Load(saved));
        var feeds = Feeds(before);
        var expected = Run(before, feeds);
        AssertEqual(expected, Run(plain, feeds), 0);
        AssertEqual(expected, Run(after, feeds), 0);
    }
}
