using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using OnnxGrad.Protobuf;
using OnnxGrad.Tests.Model;
using static OnnxGrad.Tests.Model.Runtime;

namespace OnnxGrad.Tests.Passes;

public class Float16WideningTests
{
    [Fact]
    public void Load_Float16Network_ComputesInFloat32WhatTheWeightsSay()
    {
        string path = SharedData.Path("models/squeezenet1.1/model-fp16.onnx");
        var model = OnnxModel.Load(path);
        Assert.All(model.Inputs.Concat(model.Outputs), v => Assert.Equal(ElementType.Float, v.Type));
        // The other file holds the same weights, widened by somebody else.
        var wide = OnnxModel.Load(SharedData.Path("models/squeezenet1.1/model.onnx"));
        foreach (var level in new[] { GraphOptimizationLevel.ORT_DISABLE_ALL, GraphOptimizationLevel.ORT_ENABLE_ALL })
        {
            using var narrowSession = Session(model, level);
            using var wideSession = Session(wide, level);
            var feeds = Feeds(narrowSession);
            var expected = Run(wideSession, wideSession.InputNames.ToDictionary(n => n, _ => feeds.Values.Single())).Values.Single();
            var actual = Run(narrowSession, feeds).Values.Single();
            AssertEqual(new() { ["y"] = expected }, new() { ["y"] = actual }, 1e-6);
        }
    }

    [Fact]
    public void Load_Float16Network_LeavesTheWeightsInTheFile()
    {
        string path = SharedData.Path("models/squeezenet1.1/model-fp16.onnx");
        Assert.InRange(OnnxModel.Load(path).ToBytes().Length, 1, 60_000);
    }

    [Theory]
    [InlineData(ElementType.Float16)]
    [InlineData(ElementType.BFloat16)]
    public void Parse_NarrowTypesEverywhere_BecomeFloat32(ElementType narrow)
    {
        // Numbers of few bits, exact in both types: 1000 weights behind a Cast, a small constant, a Constant node, a fill value,
        // casts there and back, a branch.
        float[] numbers = [.. Enumerable.Range(0, 1000).Select(i => (i % 31) - 15f)];
        var branch = new GraphProto { Name = "then" };
        branch.Node.Add(TestModel.NewNode("Constant", [], ["three"], ("value", Narrow("three", narrow, [], 3))));
        branch.Node.Add(TestModel.NewNode("Mul", ["sum", "three"], ["inside"]));
        branch.Output.Add(TestModel.Info("inside", narrow, 1000));
        var other = new GraphProto { Name = "else" };
        other.Node.Add(TestModel.NewNode("Identity", ["sum"], ["same"]));
        other.Output.Add(TestModel.Info("same", narrow, 1000));
        var written = new TestModel(18, 8).Input("x", narrow, 1000).Input("c", ElementType.Bool).Output("y", narrow, 1000)
            .Ints("shape", 1000)
            .Node("Add", ["x", "w"], ["a"])
            .Node("Cast", ["x"], ["wide"], ("to", (long)ElementType.Double))
            .Node("Cast", ["wide"], ["back"], ("to", (long)narrow))
            .Node("Constant", [], ["half"], ("value", Narrow("half", narrow, [], 0.5f)))
            .Node("ConstantOfShape", ["shape"], ["sevens"], ("value", Narrow("seven", narrow, [1], 7)))
            .Node("Mul", ["half", "back"], ["h"])
            .Node("Sum", ["a", "h", "sevens", "s"], ["sum"])
            .Node("If", ["c"], ["y"], ("then_branch", branch), ("else_branch", other));
        written.Graph.Initializer.Add(Narrow("w", narrow, [1000], numbers));
        written.Graph.Initializer.Add(Narrow("s", narrow, [1], 4));
        var model = OnnxModel.Parse(written.Bytes());
        Assert.Equal([4.0], model.Graph.ConstantFloats("s") ?? []);

        using var session = Session(model);
        var x = new Value(ElementType.Float, new Shape(1000), [.. Enumerable.Range(0, 1000).Select(i => (double)(i % 8))]);
        foreach (double condition in new[] { 0.0, 1 })
        {
            var feeds = new Dictionary<string, Value> { ["x"] = x, ["c"] = new(ElementType.Bool, default, [condition]) };
            double[] y = Run(session, feeds)["y"].Data;
            double[] expected = [.. x.Data.Select((v, i) => (v + numbers[i] + (v / 2) + 7 + 4) * (condition > 0 ? 3 : 1))];
            Assert.Equal(expected, y);
        }
    }

    private static TensorProto Narrow(string name, ElementType type, long[] shape, params float[] values)
    {
        ushort[] bits = Array.ConvertAll(values, v => type == ElementType.Float16
            ? BitConverter.HalfToUInt16Bits((Half)v)
            : (ushort)(BitConverter.SingleToUInt32Bits(v) >> 16));
        var bytes = ByteString.CopyFrom(MemoryMarshal.AsBytes(bits.AsSpan()));
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = bytes };
        tensor.Dims.AddRange(shape);
        return tensor;
    }
}
