using OnnxGrad.Files;
using OnnxGrad.Protobuf;
using OnnxGrad.Tests.Model;
using static OnnxGrad.Tests.Model.Runtime;

namespace OnnxGrad.Tests.Files;

/// <summary>Whatever a file holds: a model, or a <see cref="ModelException"/>.</summary>
public class ModelReaderTests
{
    [Fact]
    public void Load_TruncatedAtAnyLength_IsRefusedOrRead()
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = Small();
        for (int length = 0; length < bytes.Length; length++)
            ReadOrRefuse(folder, bytes[..length]);
    }

    [Fact]
    public void Load_AnyBitFlipped_IsRefusedOrRead()
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = Small();
        var random = new System.Random(3);
        for (int i = 0; i < 4000; i++)
        {
            byte[] damaged = [.. bytes];
            // Mostly the structure, not the 2,000 bytes of weights.
            int at = i % 2 == 0 ? random.Next(200) : random.Next(bytes.Length);
            damaged[at] ^= (byte)(1 << random.Next(8));
            if (i % 3 == 0)
                damaged[random.Next(bytes.Length)] = (byte)random.Next(256);
            ReadOrRefuse(folder, damaged);
        }
    }

    [Fact]
    public void Load_RandomBytes_IsRefusedOrRead()
    {
        using var folder = new TemporaryFolder();
        var random = new System.Random(5);
        for (int i = 0; i < 1000; i++)
        {
            byte[] bytes = new byte[random.Next(1, 3000)];
            random.NextBytes(bytes);
            ReadOrRefuse(folder, bytes);
        }
    }

    [Fact]
    public void Load_LengthLargerThanTheFile_IsRefusedWithoutAllocatingIt()
    {
        using var folder = new TemporaryFolder();
        // Field 7 (the graph), said to be 2^62 bytes long.
        string path = folder.Write("model.onnx", [0x3a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40]);
        Assert.Contains("truncated", Assert.Throws<ModelException>(() => OnnxModel.Load(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("inner/../../outside")]
    [InlineData("/etc/hostname")]
    [InlineData("")]
    [InlineData("link")]
    [InlineData("linked/outside")]
    public void Load_WeightsOutsideTheFolder_AreRefused(string location)
    {
        using var folder = new TemporaryFolder();
        folder.Write("outside", new byte[2400]);
        Directory.CreateDirectory(folder["model"]);
        File.CreateSymbolicLink(folder["model/link"], folder["outside"]);
        Directory.CreateSymbolicLink(folder["model/linked"], folder[""]);
        string path = folder.Write("model/model.onnx", Pointing(location));
        var e = Assert.Throws<ModelException>(() => OnnxModel.Load(path));
        Assert.Contains("outside the model's folder", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_CacheOfLinksIntoOneFolderOfBlobs_ReadsModelAndData()
    {
        using var folder = new TemporaryFolder();
        folder.Write("blobs/aa", Pointing("model.onnx_data"));
        float[] threes = [.. Enumerable.Repeat(3f, 600)];
        folder.Write("blobs/bb", System.Runtime.InteropServices.MemoryMarshal.AsBytes(threes.AsSpan()).ToArray());
        Directory.CreateDirectory(folder["snapshots/main"]);
        File.CreateSymbolicLink(folder["snapshots/main/model.onnx"], "../../blobs/aa");
        File.CreateSymbolicLink(folder["snapshots/main/model.onnx_data"], "../../blobs/bb");
        using var session = Session(OnnxModel.Load(folder["snapshots/main/model.onnx"]));
        double[] expected = [.. Enumerable.Repeat(6.0, 600)], twos = [.. Enumerable.Repeat(2.0, 600)];
        var feeds = new Dictionary<string, Value> { ["x"] = new(ElementType.Float, new Shape(600), twos) };
        Assert.Equal(expected, Run(session, feeds)["y"].Data);
    }

    [Fact]
    public void Load_ExternalDataThatIsTooShort_IsRefused()
    {
        using var folder = new TemporaryFolder();
        folder.Write("data", new byte[2399]);
        string path = folder.Write("model.onnx", Pointing("data"));
        Assert.Contains("too few", Assert.Throws<ModelException>(() => OnnxModel.Load(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(601)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void Load_ShapeThatDoesNotFitTheBytes_IsRefused(long length)
    {
        using var folder = new TemporaryFolder();
        var written = Multiply();
        written.Graph.Initializer[0].Dims[0] = length;
        string path = folder.Write("model.onnx", written.Bytes());
        Assert.Contains("'w'", Assert.Throws<ModelException>(() => OnnxModel.Load(path)).Message, StringComparison.Ordinal);
        Assert.Throws<ModelException>(() => OnnxModel.Parse(written.Bytes()));
    }

    [Fact]
    public void Parse_NodesOutOfOrder_AreSorted()
    {
        byte[] bytes = new TestModel(18, 8).Input("x", ElementType.Float, 3).Output("y")
            .Node("Add", ["b", "a"], ["y"]).Node("Exp", ["a"], ["b"]).Node("Neg", ["x"], ["a"]).Bytes();
        var model = OnnxModel.Parse(bytes);
        Assert.Equal(["Neg", "Exp", "Add"], model.Graph.Nodes.Select(n => n.Operator));
        using var session = Session(model);
        double[] y = Run(session, new Dictionary<string, Value> { ["x"] = new(ElementType.Float, new Shape(3), [0, 0, 0]) })["y"].Data;
        Assert.Equal([1.0, 1, 1], y);
    }

    [Fact]
    public void Parse_CircleOfNodes_IsRefusedByName()
    {
        byte[] bytes = new TestModel(18, 8).Input("x", ElementType.Float, 3).Output("y")
            .Node("Add", ["x", "b"], ["a"]).Node("Neg", ["a"], ["b"]).Node("Neg", ["b"], ["y"]).Bytes();
        string message = Assert.Throws<ModelException>(() => OnnxModel.Parse(bytes)).Message;
        Assert.Contains("circle", message, StringComparison.Ordinal);
        Assert.Contains("'Add_a'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_TwoNodesMakeOneValue_AreRefusedByName()
    {
        byte[] bytes = new TestModel(18, 8).Input("x", ElementType.Float, 3).Output("y")
            .Node("Neg", ["x"], ["y"]).Node("Exp", ["x"], ["y"]).Bytes();
        Assert.Contains("both make 'y'", Assert.Throws<ModelException>(() => OnnxModel.Parse(bytes)).Message, StringComparison.Ordinal);
    }

    private static void ReadOrRefuse(TemporaryFolder folder, byte[] bytes)
    {
        string path = folder.Write("model.onnx", bytes);
        try
        {
            var model = OnnxModel.Load(path);
            _ = model.Inputs.Count + model.Outputs.Count + model.ToBytes().Length;
        }
        catch (ModelException)
        {
        }

        try
        {
            _ = OnnxModel.Parse(bytes).Inputs.Count;
        }
        catch (ModelException)
        {
        }
    }

    private static byte[] Small()
    {
        var written = new TestModel(9).Input("x", ElementType.Float, 2, 3, 10).Output("y", ElementType.Float, 2, 3, 10)
            .Node("Clip", ["x"], ["c"], ("min", 0f)).Node("Softmax", ["c"], ["s"])
            .Node("ReduceSum", ["s"], ["r"], ("axes", new long[] { 1 }))
            .Node("Pad", ["r"], ["p"], ("pads", new long[] { 0, 0, 0, 0, 2, 0 })).Node("Add", ["p", "w"], ["a"])
            .Node("Upsample", ["a"], ["u"], ("scales", new float[] { 1, 1, 1 }))
            .Node("BatchNormalization", ["u", "v", "v", "v", "v"], ["y"])
            .Constant("v", ElementType.Float, [3], 1, 2, 3).Constant("w", ElementType.Float, [50, 1, 10], new double[500]);
        written.Proto.Functions.Add(new FunctionProto
        {
            Name = "f",
            Domain = "local",
            Input = { "x" },
            Output = { "y" },
            Node = { TestModel.NewNode("Neg", ["x"], ["y"]) },
        });
        return written.Node("local.f", ["y"], ["z"]).Bytes();
    }

    private static TestModel Multiply() => new TestModel(18, 8).Input("x", ElementType.Float, 600).Output("y")
        .Constant("w", ElementType.Float, [600], new double[600]).Node("Mul", ["x", "w"], ["y"]);

    private static byte[] Pointing(string location)
    {
        var written = Multiply();
        written.Graph.Initializer[0].RawData = Google.Protobuf.ByteString.Empty;
        ExternalData.Point(written.Graph.Initializer[0], location, 0, 2400);
        return written.Bytes();
    }
}
