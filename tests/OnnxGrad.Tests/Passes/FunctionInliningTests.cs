using OnnxGrad.Protobuf;
using OnnxGrad.Tests.Model;
using static OnnxGrad.Tests.Model.Runtime;

namespace OnnxGrad.Tests.Passes;

/// <summary>ONNX Runtime inlines functions itself: what it answers for the model as written is the oracle.</summary>
public class FunctionInliningTests
{
    [Fact]
    public void Parse_FunctionWithAttributesCalledTwice_AnswersAsBefore()
    {
        var f = Function("leak", ["x"], ["y"], 18,
            Ref(TestModel.NewNode("LeakyRelu", ["x"], ["inner"]), "alpha", "slope"),
            TestModel.NewNode("Neg", ["inner"], ["y"]));
        f.Attribute.Add("slope");
        AssertAnswersAsBefore(Calls(18, f)
            .Node("local.leak", ["x"], ["a"], ("slope", 0.25f))
            .Node("local.leak", ["a"], ["inner"], ("slope", 0.5f))
            .Node("Add", ["inner", "a"], ["y"]));
    }

    [Fact]
    public void Parse_AttributeWithADefaultAndOneLeftOut_AnswersAsBefore()
    {
        var f = Function("leak", ["x"], ["y"], 18,
            Ref(TestModel.NewNode("LeakyRelu", ["x"], ["inner"]), "alpha", "slope"),
            Ref(TestModel.NewNode("Elu", ["inner"], ["y"]), "alpha", "absent"));
        f.Attribute.Add("absent");
        f.AttributeProto.Add(new AttributeProto { Name = "slope", F = 0.75f, Type = AttributeProto.Types.AttributeType.Float });
        AssertAnswersAsBefore(Calls(18, f).Node("local.leak", ["x"], ["y"]));
    }

    [Fact]
    public void Parse_NestedFunctionsAndAnOptionalInputLeftOut_AnswersAsBefore()
    {
        var inner = Function("bounded", ["x", "low", "high"], ["y"], 18, TestModel.NewNode("Clip", ["x", "low", "high"], ["y"]));
        var outer = Function("twice", ["x"], ["y", "z"], 18,
            TestModel.NewNode("Constant", [], ["c"], ("value", TensorData.Number("c", ElementType.Float, default, 0.5))),
            TestModel.NewNode("local.bounded", ["x", "", "c"], ["v"]),
            TestModel.NewNode("local.bounded", ["v"], ["y"]),
            TestModel.NewNode("Neg", ["y"], ["z"]));
        AssertAnswersAsBefore(Calls(18, inner, outer)
            .Node("local.twice", ["x"], ["a", "b"])
            .Node("local.twice", ["b"], ["", "d"])
            .Node("Sub", ["a", "d"], ["y"]));
    }

    [Fact]
    public void Parse_CallInABranchAndABranchInAFunction_AnswersAsBefore()
    {
        var then = new GraphProto { Name = "then" };
        then.Node.Add(Ref(TestModel.NewNode("LeakyRelu", ["x"], ["t"]), "alpha", "slope"));
        then.Output.Add(new ValueInfoProto { Name = "t", Type = TestModel.Info("t", ElementType.Float, 3, 4).Type });
        var otherwise = new GraphProto { Name = "else" };
        otherwise.Node.Add(TestModel.NewNode("Abs", ["x"], ["e"]));
        otherwise.Output.Add(TestModel.Info("e", ElementType.Float, 3, 4));
        var f = Function("choose", ["x"], ["y"], 18,
            TestModel.NewNode("ReduceSum", ["x"], ["s"], ("keepdims", 0L)),
            TestModel.NewNode("Cast", ["s"], ["c"], ("to", (long)ElementType.Bool)),
            TestModel.NewNode("If", ["c"], ["y"], ("then_branch", then), ("else_branch", otherwise)));
        f.Attribute.Add("slope");
        AssertAnswersAsBefore(Calls(18, f)
            .Node("local.choose", ["x"], ["a"], ("slope", 0.25f))
            .Node("local.choose", ["a"], ["y"], ("slope", 0.5f)));
    }

    [Fact]
    public void Parse_FunctionOfAnOlderOpset_KeepsItsMeaning()
    {
        // Softmax of opset 11 flattens all axes from the first on; that of the model's opset does not.
        // x / (sum of all exponentials of an item).
        var f = Function("old", ["x"], ["y"], 11, TestModel.NewNode("Softmax", ["x"], ["y"]));
        var written = new TestModel(18, 8).Import("local", 1).Input("x", ElementType.Float, 1, 2, 2).Output("y")
            .Node("local.old", ["x"], ["y"]);
        written.Proto.Functions.Add(f);
        using var session = Session(OnnxModel.Parse(written.Bytes()));
        var feeds = new Dictionary<string, Value> { ["x"] = new(ElementType.Float, new Shape(1, 2, 2), [0, 0, 0, 0]) };
        double[] y = Run(session, feeds)["y"].Data;
        Assert.Equal([0.25, 0.25, 0.25, 0.25], y);
    }

    [Fact]
    public void Parse_OutputThatIsAnInput_AnswersAsWritten()
    {
        var f = Function("same", ["x"], ["x", "n"], 18, TestModel.NewNode("Neg", ["x"], ["n"]));
        var written = Calls(18, f).Node("local.same", ["x"], ["a", "b"]).Node("Sub", ["a", "b"], ["y"]);
        using var session = Session(OnnxModel.Parse(written.Bytes()));
        var x = Value.Random(new Shape(3, 4), 1);
        double[] expected = [.. x.Data.Select(v => 2.0 * (float)v)];
        Assert.Equal(expected, Run(session, new Dictionary<string, Value> { ["x"] = x })["y"].Data);
    }

    [Fact]
    public void Parse_FunctionThatCallsItself_IsRefused()
    {
        var f = Function("endless", ["x"], ["y"], 18, TestModel.NewNode("local.endless", ["x"], ["y"]));
        byte[] bytes = Calls(18, f).Node("local.endless", ["x"], ["y"]).Bytes();
        var e = Assert.Throws<ModelException>(() => OnnxModel.Parse(bytes));
        Assert.Contains("'endless' calls itself", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_FunctionsThatUnfoldToBillionsOfNodes_AreRefused()
    {
        var functions = Enumerable.Range(0, 40).Select(i => i == 39
            ? Function("f39", ["x"], ["y"], 18, TestModel.NewNode("Neg", ["x"], ["y"]))
            : Function(
                $"f{i}", ["x"], ["y"], 18,
                TestModel.NewNode($"local.f{i + 1}", ["x"], ["v"]), TestModel.NewNode($"local.f{i + 1}", ["v"], ["y"])));
        byte[] bytes = Calls(18, [.. functions]).Node("local.f0", ["x"], ["y"]).Bytes();
        Assert.Contains("unfold", Assert.Throws<ModelException>(() => OnnxModel.Parse(bytes)).Message, StringComparison.Ordinal);
    }

    private static void AssertAnswersAsBefore(TestModel written)
    {
        byte[] bytes = written.Bytes();
        var model = OnnxModel.Parse(bytes);
        Assert.DoesNotContain(model.Graph.Nodes, n => n.Domain == "local");
        using var before = Session(bytes);
        using var after = Session(model);
        foreach (int seed in new[] { 1, 2, 3 })
        {
            var feeds = new Dictionary<string, Value> { ["x"] = Value.Random(new Shape(3, 4), seed) };
            AssertEqual(Run(before, feeds), Run(after, feeds), 0);
        }
    }

    private static TestModel Calls(long opset, params FunctionProto[] functions)
    {
        var model = new TestModel(opset, 8).Import("local", 1).Input("x", ElementType.Float, 3, 4).Output("y");
        model.Proto.Functions.Add(functions);
        return model;
    }

    private static FunctionProto Function(string name, string[] inputs, string[] outputs, long opset, params NodeProto[] nodes)
    {
        var function = new FunctionProto { Name = name, Domain = "local" };
        function.Input.Add(inputs);
        function.Output.Add(outputs);
        function.Node.Add(nodes);
        function.OpsetImport.Add(new OperatorSetIdProto { Version = opset });
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = "local", Version = 1 });
        return function;
    }

    private static NodeProto Ref(NodeProto node, string attribute, string from)
    {
        node.Attribute.Add(new AttributeProto { Name = attribute, RefAttrName = from, Type = AttributeProto.Types.AttributeType.Float });
        return node;
    }
}
