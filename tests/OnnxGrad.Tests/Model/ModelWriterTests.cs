using Microsoft.ML.OnnxRuntime;
using static OnnxGrad.Tests.Model.Runtime;

namespace OnnxGrad.Tests.Model;

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
        ModelWriter.Write(model, folder["saved.onnx"], largestFile: 1000);
        Assert.Equal(4096 + 2400, new FileInfo(folder["saved.onnx.data"]).Length);
        Assert.InRange(new FileInfo(folder["saved.onnx"]).Length, 1, 1000);
        AssertSame(model, folder["saved.onnx"]);
        OnnxModel.Load(folder["saved.onnx"]).Save(folder["whole.onnx"]);
        AssertSame(model, folder["whole.onnx"]);
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
            data.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(Enumerable.Range(0, 600).Select(i => (float)i).ToArray().AsSpan()));
        }

        var written = new TestModel(18, 8).Input("x", ElementType.Float, 600).Output("y").Constant("w", ElementType.Float, [600]).Node("Mul", ["x", "w"], ["y"]);
        ExternalData.Point(written.Graph.Initializer[0], "weights", offset, 2400);
        var model = OnnxModel.Load(folder.Write("model.onnx", written.Bytes()));
        using var session = Session(model);
        double[] expected = [.. Enumerable.Range(0, 600).Select(i => 2.0 * i)];
        double[] twos = [.. Enumerable.Repeat(2.0, 600)];
        Assert.Equal(expected, Run(session, new Dictionary<string, Value> { ["x"] = new(ElementType.Float, new Shape(600), twos) })["y"].Data);
    }

    private static byte[] Dense()
    {
        var random = new System.Random(1);
        double[] Draw() => [.. Enumerable.Range(0, 600).Select(_ => random.NextDouble())];
        return new TestModel(18, 8).Input("x", ElementType.Float, 2, 20).Output("y")
            .Constant("w", ElementType.Float, [20, 30], Draw()).Constant("v", ElementType.Float, [30, 20], Draw()).Constant("b", ElementType.Float, [20], [.. Draw().Take(20)])
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
