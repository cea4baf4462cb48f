using Microsoft.ML.OnnxRuntime;
using OnnxGrad.Protobuf;
using OnnxGrad.Tests.Model;
using static OnnxGrad.Tests.Model.Runtime;

namespace OnnxGrad.Tests.Passes;

/// <summary>
/// ONNX Runtime's integer kernels are the oracle: the rewritten node gives the same integers, or ones a single step
/// away where rounding met a tie.
/// </summary>
public class IntegerArithmeticTests
{
    private static readonly (string Op, string[] Inputs, (string, object)[] Attributes)[] Table =
    [
        ("QLinearConv", ["x4", "s1", "zx", "w4", "s2", "zw", "sy", "zy"], [("pads", new long[] { 1, 1, 1, 1 })]),
        ("QLinearConv", ["x4", "s1", "zx", "w4", "sc", "zc", "sy", "zy", "b"], [("strides", new long[] { 2, 1 })]),
        ("QLinearMatMul", ["x2", "s1", "zx", "w2", "s2", "zw", "sy", "zy"], []),
        ("QLinearMatMul", ["x2", "s1", "zx", "w2", "sc", "zc", "sy", "zy"], []),
        ("com.microsoft.QLinearAdd", ["x4", "s1", "zx", "x4", "s2", "zy", "s2", "zy"], []),
        ("com.microsoft.QLinearMul", ["x4", "s1", "zx", "x4", "s1", "zx", "s2", "zy"], []),
        ("com.microsoft.QLinearSigmoid", ["x4", "s1", "zx", "s0", "z0"], []),
        ("com.microsoft.QLinearLeakyRelu", ["x4", "s1", "zx", "s1", "zx"], [("alpha", 0.3f)]),
        ("com.microsoft.QLinearGlobalAveragePool", ["x4", "s1", "zx", "s1", "zx"], [("channels_last", 0L)]),
        ("com.microsoft.QLinearAveragePool", ["x4", "s1", "zx", "s1", "zx"], [("kernel_shape", new long[] { 2, 2 })]),
        ("com.microsoft.QLinearConcat", ["s2", "zy", "x4", "s1", "zx", "x4", "s2", "zx"], [("axis", 1L)]),
        ("com.microsoft.QLinearSoftmax", ["x2", "s1", "zx", "s0", "z0"], [("axis", -1L), ("opset", 13L)]),
        ("com.microsoft.QGemm", ["x2", "s1", "zx", "w2", "s2", "zw", "b", "sy", "zy"], []),
        ("com.microsoft.QGemm", ["x2", "s1", "zx", "w2", "sc", "zc", "b"], [("alpha", 0.5f)]),
    ];

    public static TheoryData<int, string> Rows => [.. Table.Select((r, i) => (i, r.Op))];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Parse_IntegerOperator_GivesTheSameIntegersFromFloats(int index, string op)
    {
        var (_, inputs, attributes) = Table[index];
        var x4 = Value.Random(new Shape(2, 3, 4, 5), 1, 0, 256, ElementType.UInt8);
        var x2 = Value.Random(new Shape(4, 6), 2, 0, 256, ElementType.UInt8);
        // Weights of 7 bits: on processors that have AVX2 alone the runtime adds two products in 16 bits, which larger ones overflow.
        var w4 = Value.Random(new Shape(3, 3, 2, 2), 3, -64, 64, ElementType.Int8);
        var w2 = Value.Random(new Shape(6, 3), 4, -64, 64, ElementType.Int8);
        var written = new TestModel(13, 8).Import("com.microsoft", 1).Output("y")
            .Constant("s1", ElementType.Float, [], 0.05).Constant("s2", ElementType.Float, [], 0.02)
            .Constant("sy", ElementType.Float, [], 0.3)
            .Constant("s0", ElementType.Float, [], 1.0 / 256).Constant("sc", ElementType.Float, [3], 0.02, 0.01, 0.03)
            .Constant("b", ElementType.Int32, [3], 500, -700, 90);
        foreach (var (name, value) in new[] { ("x4", x4), ("x2", x2) }.Where(v => inputs.Contains(v.Item1)))
            written.Input(name, ElementType.UInt8, value.Shape.ToArray());
        foreach (var (name, type, shape, values) in new (string, ElementType, long[], double[])[]
        {
            ("zx", ElementType.UInt8, [], [120]), ("zy", ElementType.UInt8, [], [131]), ("z0", ElementType.UInt8, [], [0]),
            ("zw", ElementType.Int8, [], [0]), ("zc", ElementType.Int8, [3], [0, 0, 0]),
            ("w4", ElementType.Int8, [3, 3, 2, 2], w4.Data), ("w2", ElementType.Int8, [6, 3], w2.Data),
        })
        {
            byte[] bytes = Array.ConvertAll(values, v => unchecked((byte)(int)v));
            written.Graph.Initializer.Add(TensorData.Raw(name, type, new Shape(shape), bytes));
        }

        byte[] model = written.Node(op, inputs, ["y"], attributes).Bytes();
        var read = OnnxModel.Parse(model);
        Assert.DoesNotContain(read.Graph.Nodes, n => n.Operator.StartsWith("QLinear", StringComparison.Ordinal) || n.Domain.Length > 0);
        Assert.Single(read.Notes);
        using var before = Session(model);
        using var after = Session(read);
        var feeds = new Dictionary<string, Value> { ["x4"] = x4, ["x2"] = x2 }
            .Where(f => inputs.Contains(f.Key)).ToDictionary(f => f.Key, f => f.Value);
        var expected = Run(before, feeds)["y"];
        var actual = Run(after, feeds)["y"];
        Assert.Equal(expected.Type, actual.Type);
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.True(expected.Data.Distinct().Count() > 3, "The integers must differ for the comparison to say something.");
        double step = expected.Type == ElementType.Float ? 1e-4 : 1;
        for (int i = 0; i < expected.Data.Length; i++)
            Assert.InRange(actual.Data[i] - expected.Data[i], -step, step);
    }

    [Theory]
    [InlineData("MatMulInteger", "x2", "w2")]
    [InlineData("ConvInteger", "x4", "w4")]
    public void Parse_SumOfIntegerProducts_IsExactInFloats(string op, string input, string weights)
    {
        var x = Value.Random(input == "x4" ? new Shape(2, 3, 4, 5) : new Shape(4, 6), 1, 0, 256, ElementType.UInt8);
        var w = Value.Random(input == "x4" ? new Shape(3, 3, 2, 2) : new Shape(6, 3), 3, 0, 256, ElementType.UInt8);
        byte[] model = new TestModel(13, 8).Output("y").Input(input, ElementType.UInt8, x.Shape.ToArray())
            .Constant("zx", ElementType.UInt8, [], 120).Constant("zw", ElementType.UInt8, [], 131)
            .Constant(weights, ElementType.UInt8, w.Shape.ToArray(), w.Data)
            .Node(op, [input, weights, "zx", "zw"], ["i"]).Node("Cast", ["i"], ["y"], ("to", 1L)).Bytes();
        var read = OnnxModel.Parse(model);
        Assert.DoesNotContain(read.Graph.Nodes, n => n.Operator == op);
        using var before = Session(model);
        using var after = Session(read);
        var feeds = new Dictionary<string, Value> { [input] = x };
        Assert.Equal(Run(before, feeds)["y"].Data, Run(after, feeds)["y"].Data);
    }

    [Fact]
    public void Parse_IntegersReadTwice_AreDequantizedOnce()
    {
        byte[] model = new TestModel(13, 8).Import("com.microsoft", 1).Input("x", ElementType.UInt8, 2, 3).Output("y").Output("f")
            .Constant("s", ElementType.Float, [], 0.05).Constant("z", ElementType.UInt8, [], 120)
            .Node("com.microsoft.QLinearSigmoid", ["x", "s", "z", "s", "z"], ["a"])
            .Node("com.microsoft.QLinearAdd", ["a", "s", "z", "a", "s", "z", "s", "z"], ["y"])
            .Node("DequantizeLinear", ["a", "s", "z"], ["f"]).Bytes();
        var read = OnnxModel.Parse(model);
        Assert.Equal(2, read.Graph.Nodes.Count(n => n.Operator == "DequantizeLinear"));
        using var before = Session(model);
        using var after = Session(read);
        var feeds = new Dictionary<string, Value> { ["x"] = Value.Random(new Shape(2, 3), 1, 0, 256, ElementType.UInt8) };
        Assert.Equal(Run(before, feeds)["f"].Data, Run(after, feeds)["f"].Data);
        Assert.Equal(Run(before, feeds)["y"].Data, Run(after, feeds)["y"].Data);
    }

    [Fact]
    public void Load_IntegerNetwork_KeepsItsBestClass()
    {
        string path = SharedData.Path("models/shufflenet_v2_int8/model.onnx");
        var model = OnnxModel.Load(path);
        Assert.DoesNotContain(model.Graph.Nodes, n => n.Operator.StartsWith("QLinear", StringComparison.Ordinal));
        Assert.Contains("integer arithmetic", Assert.Single(model.Notes), StringComparison.Ordinal);
        // On processors that have AVX2 alone the runtime's sums saturate at 16 bits, unless it is asked for exact ones.
        using var options = Options(GraphOptimizationLevel.ORT_ENABLE_ALL);
        options.AddSessionConfigEntry("session.x64quantprecision", "1");
        using var before = new InferenceSession(path, options);
        using var after = Session(model);
        var feeds = Feeds(before);
        double[] expected = Run(before, feeds).Values.Single().Data, actual = Run(after, feeds).Values.Single().Data;
        Assert.Equal(Array.IndexOf(expected, expected.Max()), Array.IndexOf(actual, actual.Max()));
        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.InRange(actual[i] - expected[i], -0.1 * scale, 0.1 * scale);
    }
}
