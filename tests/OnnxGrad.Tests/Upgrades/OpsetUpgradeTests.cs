using Microsoft.ML.OnnxRuntime;
using OnnxGrad.Protobuf;
using OnnxGrad.Tests.Model;
using OnnxGrad.Upgrades;
using static OnnxGrad.Tests.Model.Runtime;

namespace OnnxGrad.Tests.Upgrades;

/// <summary>ONNX Runtime still runs old opsets: what it answers for the model as written is the oracle for the model as upgraded.</summary>
public class OpsetUpgradeTests
{
    private static readonly Dictionary<NodeProto, long> NoFunctions = [];

    private static readonly OldNode[] Table =
    [
        .. from op in new[] { "Softmax", "LogSoftmax", "Hardmax" }
           from opset in new long[] { 7, 11, 12 }
           from axis in new long?[] { null, 0, 1, 2, 3 }
           select new OldNode(opset, op, [2, 3, 4, 2]) { Attributes = axis is { } a ? [("axis", a)] : [] },
        new(12, "Softmax", [2, 3, 4]) { Attributes = [("axis", -1L)] },
        new(11, "Softmax", [2, 3, 4]) { Attributes = [("axis", -2L)] },
        new(7, "Softmax", [2, 5]),
        new(7, "Clip", [3, 4]) { Attributes = [("min", -0.5f), ("max", 1f)] },
        new(7, "Clip", [3, 4]) { Attributes = [("max", 1f)] },
        new(10, "Clip", [3, 4]) { Attributes = [("min", 0f)] },
        new(7, "Clip", [3, 4]),
        new(7, "Dropout", [3, 4]) { Attributes = [("ratio", 0.25f)] },
        new(10, "Dropout", [3, 4]),
        new(11, "Dropout", [3, 4]) { Attributes = [("ratio", 0.25f)] },
        new(7, "BatchNormalization", [2, 3, 4, 4], new(3), new(3), new(3), new(3))
        {
            Attributes = [("epsilon", 0.01f), ("momentum", 0.9f), ("spatial", 1L)],
        },
        new(7, "BatchNormalization", [2, 3, 4, 2], new(3, 4, 2), new(3, 4, 2), new(3, 4, 2), new(3, 4, 2))
        {
            Attributes = [("epsilon", 0.01f), ("spatial", 0L)],
        },
        new(9, "BatchNormalization", [2, 3, 4], new(3), new(3), new(3), new(3)),
        new(12, "BatchNormalization", [2, 3], new(3), new(3), new(3), new(3)),
        .. from op in new[] { "L1", "L2", "LogSum", "LogSumExp", "Max", "Mean", "Min", "Prod", "Sum", "SumSquare" }
           from opset in new long[] { 7, 11, 12, 13, 17 }
           where op != "Sum" || opset < 13
           from axes in new long[]?[] { null, [1], [2, 1], [0, 2] }
           let keep = ("keepdims", (object)(axes?.Length == 1 ? 0L : 1L))
           select new OldNode(opset, $"Reduce{op}", [2, 3, 4]) { Attributes = axes is null ? [keep] : [keep, ("axes", axes)] },
        new(11, "ReduceMean", [2, 3, 4]) { Attributes = [("axes", new long[] { -1 })] },
        new(7, "TopK", [3, 7]) { Attributes = [("k", 3L)], Outputs = 2 },
        new(7, "TopK", [3, 7]) { Attributes = [("k", 2L), ("axis", 0L)], Outputs = 2 },
        new(7, "Squeeze", [1, 3, 1, 4]),
        new(7, "Squeeze", [1, 3, 1, 4]) { Attributes = [("axes", new long[] { 2 })] },
        new(11, "Squeeze", [1, 3, 1, 4]) { Attributes = [("axes", new long[] { -2, 0 })] },
        new(7, "Unsqueeze", [3, 4]) { Attributes = [("axes", new long[] { 0, 3 })] },
        new(12, "Unsqueeze", [3, 4]) { Attributes = [("axes", new long[] { -1 })] },
        new(7, "Split", [4, 6]) { Outputs = 2 },
        new(7, "Split", [4, 6]) { Attributes = [("axis", 1L), ("split", new long[] { 1, 3, 2 })], Outputs = 3 },
        new(13, "Split", [4, 6]) { Attributes = [("axis", 1L)], Outputs = 3 },
        new(7, "Slice", [4, 6]) { Attributes = [("starts", new long[] { 1, -3 }), ("ends", new long[] { 3, 1000 })] },
        new(9, "Slice", [4, 6]) { Attributes = [("starts", new long[] { 2 }), ("ends", new long[] { -1 }), ("axes", new long[] { 1 })] },
        new(7, "Pad", [2, 3, 4, 4]) { Attributes = [("pads", new long[] { 0, 0, 1, 2, 0, 0, 0, 1 }), ("value", 1.5f)] },
        new(7, "Pad", [2, 3, 4, 4]) { Attributes = [("pads", new long[] { 0, 0, 1, 2, 0, 0, 0, 1 }), ("mode", "reflect")] },
        new(7, "Pad", [2, 3]) { Attributes = [("pads", new long[] { 0, -1, 1, 0 }), ("mode", "edge")] },
        new(10, "Pad", [2, 3]) { Attributes = [("pads", new long[] { 0, 1, 1, 0 })] },
        .. from mode in new[] { "nearest", "linear" }
           from scales in new float[][] { [1, 1, 2, 3], [1, 1, 1.5f, 2.3f] }
           select new OldNode(7, "Upsample", [1, 2, 3, 5]) { Attributes = [("mode", mode), ("scales", scales)] },
        .. from mode in new[] { "nearest", "linear" }
           from opset in new long[] { 9, 10 }
           from constant in new[] { true, false }
           from scales in new double[][] { [1, 1, 2, 2], [1, 1, 1.7, 2.4], [1, 1, 0.6, 0.45], [1, 1, 0.6, 1.7] }
           where opset == 10 || scales.Min() >= 1
           select new OldNode(opset, opset == 9 ? "Upsample" : "Resize", [1, 2, 5, 7])
           {
               Attributes = [("mode", mode)], Floats = scales, FloatsAreConstant = constant,
           },
        .. from nearest in new[] { "floor", "round_prefer_floor" }
           from scale in new[] { 0.6, 2.0, 1.7 }
           select new OldNode(11, "Resize", [1, 1, 5, 7])
           {
               Attributes = [("mode", "nearest"), ("nearest_mode", nearest), ("coordinate_transformation_mode", "tf_half_pixel_for_nn")],
               Floats = [1, 1, scale, scale], FloatsAt = 2, FloatsAreConstant = true,
           },
        .. from coordinates in new[] { "half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel" }
           from mode in new[] { "nearest", "linear", "cubic" }
           select new OldNode(11, "Resize", [1, 1, 5, 7])
           {
               Attributes = [("mode", mode), ("coordinate_transformation_mode", coordinates)],
               Floats = [1, 1, 1.4, 1.4], FloatsAt = 2, FloatsAreConstant = true,
           },
        new(10, "RoiAlign", [1, 2, 8, 8])
        {
            Attributes = [("output_height", 3L), ("output_width", 3L), ("spatial_scale", 0.5f), ("sampling_ratio", 2L)],
            Constants =
            [
                new(ElementType.Float, new Shape(2, 4), [1, 2, 11, 13, 0.5, 0, 6, 9]),
                new(ElementType.Int64, new Shape(2), [0, 0]),
            ],
        },
        new(9, "Scatter", [3, 3])
        {
            Attributes = [("axis", 1L)],
            Constants = [new(ElementType.Int64, new Shape(1, 2), [1, 0]), new(ElementType.Float, new Shape(1, 2), [7, 8])],
        },
        new(9, "OneHot", [])
        {
            Constants =
            [
                new(ElementType.Int64, new Shape(3), [0, 2, 1]), new(ElementType.Int64, new Shape(1), [3]),
                new(ElementType.Float, new Shape(2), [-1, 5]),
            ],
        },
        new(9, "Compress", [3, 2]) { Attributes = [("axis", 0L)], Constants = [new(ElementType.Bool, new Shape(3), [1, 0, 1])] },
        new(8, "MaxPool", [1, 2, 6, 6])
        {
            Attributes = [("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 })],
            Outputs = 2,
        },
        new(7, "AveragePool", [1, 2, 6, 6]) { Attributes = [("kernel_shape", new long[] { 3, 3 }), ("auto_pad", "SAME_UPPER")] },
        new(10, "AveragePool", [1, 2, 6, 6])
        {
            Attributes =
            [
                ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }),
                ("ceil_mode", 1L), ("count_include_pad", 1L),
            ],
        },
        new(7, "LpPool", [1, 2, 6, 6]) { Attributes = [("kernel_shape", new long[] { 2, 2 }), ("p", 3L)] },
        new(7, "Gemm", [3, 4], new(5, 4), new(5)) { Attributes = [("transB", 1L), ("alpha", 0.5f), ("beta", 2f)] },
        new(7, "PRelu", [2, 3, 4], new Shape(3, 1)),
        new(7, "Flatten", [2, 3, 4]) { Attributes = [("axis", 2L)] },
        new(7, "LRN", [1, 4, 3, 3]) { Attributes = [("size", 3L), ("alpha", 0.1f)] },
        new(7, "ArgMax", [3, 4]) { Attributes = [("axis", 1L), ("keepdims", 0L)] },
        new(7, "Max", [3, 4], new Shape(3, 4)),
        new(8, "Sum", [3, 4], new Shape(4)),
        new(7, "Pow", [3, 4]) { Low = 0.5, Constants = [new(ElementType.Float, new Shape(1), [1.5])] },
        new(7, "DepthToSpace", [1, 8, 2, 3]) { Attributes = [("blocksize", 2L)] },
        new(7, "Cast", [3]) { Attributes = [("to", 7L)] },
        new(17, "DFT", [2, 5, 6, 1]) { Attributes = [("axis", 2L)], Target = 20 },
        new(17, "DFT", [2, 5, 6, 1]) { Target = 20 },
        new(16, "GridSample", [1, 2, 4, 5], new Shape(1, 3, 3, 2))
        {
            Attributes = [("mode", "bicubic"), ("padding_mode", "border")], Target = 20,
        },
        new(16, "GridSample", [1, 2, 4, 5], new Shape(1, 3, 3, 2)) { Target = 20 },
    ];

    public static TheoryData<int, string> Rows => [.. Table.Select((r, i) => (i, r.ToString()))];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Apply_NodeOfAnOldOpset_MeansTheSame(int index, string name)
    {
        var row = Table[index];
        Assert.Equal(row.ToString(), name);
        byte[] written = row.Write();
        var proto = ModelProto.Parser.ParseFrom(written);
        proto.IrVersion = 8;
        OpsetUpgrade.Apply(proto, name, NoFunctions, row.Target);
        Assert.Equal(row.Target, proto.OpsetImport.Single().Version);

        using var before = Session(written);
        using var after = Session(Google.Protobuf.MessageExtensions.ToByteArray(proto));
        var feeds = row.Feeds();
        AssertEqual(Run(before, feeds), Run(after, feeds), 1e-6);
    }

    [Fact]
    public void Operators_EveryStep_HasARowInTheTable() =>
        // ONNX Runtime has no kernel for Scan 8; GroupNormalization of 18 to 20 has a test of its own.
        Assert.Equal(["GroupNormalization", "Scan"], OpsetUpgrade.Operators.Except(Table.Select(r => r.Operator)).Order());

    [Theory]
    [InlineData("squeezenet1.1/model.onnx")]
    [InlineData("mnist/model.onnx")]
    [InlineData("mobilenet_v2/model.onnx")]
    [InlineData("cifar10_resnet20/model.onnx")]
    [InlineData("regnetx_200mf/model.onnx")]
    [InlineData("shufflenet_v1_w8/model.onnx")]
    [InlineData("hardnet39ds_w8/model.onnx")]
    [InlineData("mobilenet_v3_small_w8/model.onnx")]
    [InlineData("onnx-light/light_bvlc_alexnet.onnx")]
    [InlineData("onnx-light/light_densenet121.onnx")]
    [InlineData("onnx-light/light_inception_v1.onnx")]
    [InlineData("onnx-light/light_inception_v2.onnx")]
    [InlineData("onnx-light/light_resnet50.onnx")]
    [InlineData("onnx-light/light_shufflenet.onnx")]
    [InlineData("onnx-light/light_squeezenet.onnx")]
    [InlineData("onnx-light/light_vgg19.onnx")]
    [InlineData("onnx-light/light_zfnet512.onnx")]
    public void Load_RealNetwork_AnswersAsBefore(string file)
    {
        string path = SharedData.Path(Path.Combine("models", file));
        using var options = Options();
        using var before = new InferenceSession(path, options);
        var model = OnnxModel.Load(path);
        Assert.True(model.Opset >= OnnxModel.OldestOpset);
        using var after = Session(model);
        var feeds = Feeds(before);
        AssertEqual(Run(before, feeds), Run(after, feeds), 1e-6);
    }

    [Fact]
    public void Apply_NodeInABranch_IsUpgradedToo()
    {
        var branch = new GraphProto { Name = "then" };
        branch.Node.Add(TestModel.NewNode("Softmax", ["x"], ["inside"]));
        branch.Output.Add(TestModel.Info("inside", ElementType.Float, 2, 3, 4));
        var other = new GraphProto { Name = "else" };
        other.Node.Add(TestModel.NewNode("ReduceSum", ["x"], ["sum"], ("axes", new long[] { 1 })));
        other.Output.Add(TestModel.Info("sum", ElementType.Float, 2, 1, 4));
        var written = new TestModel(11).Input("x", ElementType.Float, 2, 3, 4).Input("c", ElementType.Bool).Output("y")
            .Node("If", ["c"], ["y"], ("then_branch", branch), ("else_branch", other));
        byte[] bytes = written.Bytes();
        using var before = Session(bytes);
        using var after = Session(OnnxModel.Parse(bytes));
        foreach (double condition in new[] { 0.0, 1 })
        {
            var feeds = new Dictionary<string, Value>
            {
                ["x"] = Value.Random(new Shape(2, 3, 4), 3),
                ["c"] = new(ElementType.Bool, default, [condition]),
            };
            AssertEqual(Run(before, feeds), Run(after, feeds), 1e-6);
        }
    }

    [Fact]
    public void Apply_GroupNormalization_ScalesChannelsAsItsGroupsWereScaled()
    {
        // ONNX Runtime has no kernel for opsets 18 to 20, so the oracle is the same node of 21 with the scales repeated by hand.
        static byte[] Write(long opset, double[] scale, double[] bias) => new TestModel(opset, 8)
            .Input("x", ElementType.Float, 2, 4, 3).Output("y")
            .Constant("s", ElementType.Float, [scale.Length], scale).Constant("b", ElementType.Float, [bias.Length], bias)
            .Node("GroupNormalization", ["x", "s", "b"], ["y"], ("num_groups", 2L), ("epsilon", 0.01f)).Bytes();
        var old = ModelProto.Parser.ParseFrom(Write(18, [2, 3], [0.5, -1]));
        OpsetUpgrade.Apply(old, "model", NoFunctions, 21);
        using var before = Session(Write(21, [2, 2, 3, 3], [0.5, 0.5, -1, -1]));
        using var after = Session(Google.Protobuf.MessageExtensions.ToByteArray(old));
        var feeds = new Dictionary<string, Value> { ["x"] = Value.Random(new Shape(2, 4, 3), 3) };
        AssertEqual(Run(before, feeds), Run(after, feeds), 1e-6);
    }

    [Fact]
    public void Apply_OpsetOlderThanSeven_IsRefusedWithAWayOut()
    {
        byte[] bytes = new TestModel(6).Input("x", ElementType.Float, 2).Output("y").Node("Relu", ["x"], ["y"]).Bytes();
        var refusal = Assert.Throws<ModelException>(() => OnnxModel.Parse(bytes, "old.onnx"));
        Assert.Contains("old.onnx", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("opset 6", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenSession_OpsetNewerThanTheRuntime_IsRefusedWithTheRuntimesMessage()
    {
        byte[] bytes = new TestModel(999).Input("x", ElementType.Float, 2).Output("y").Node("Relu", ["x"], ["y"]).Bytes();
        var refusal = Assert.Throws<ModelException>(() => Session(OnnxModel.Parse(bytes, "new.onnx")));
        Assert.Contains("new.onnx", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("999", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_TrainingOutputThatIsRead_IsRefusedByName()
    {
        byte[] bytes = new TestModel(9).Input("x", ElementType.Float, 2, 3).Output("y").Output("m")
            .Constant("v", ElementType.Float, [3], 1, 2, 3)
            .Node("BatchNormalization", ["x", "v", "v", "v", "v"], ["y", "m"]).Bytes();
        var refusal = Assert.Throws<ModelException>(() => OnnxModel.Parse(bytes));
        Assert.Contains("'m'", refusal.Message, StringComparison.Ordinal);
    }
}
