using OnnxGrad.Tests.Model;
using OnnxGrad.Tests.Rules;

namespace OnnxGrad.Tests.Operators;

/// <summary>Rules from outside: for an operator that the library does not know, and rule sets.</summary>
public class CustomRuleTests
{
    private static readonly OperatorDefinition FusedMatMul = OperatorDefinition.Differentiable("com.microsoft.FusedMatMul", static c =>
    [
        c.Dy.MatMul(c.X(1).TransposeMatrix()) * c.Float("alpha", 1),
        c.X(0).TransposeMatrix().MatMul(c.Dy) * c.Float("alpha", 1),
    ]);

    [Fact]
    public void Gradients_OperatorWithoutARule_IsRefusedByName()
    {
        var model = Product(StandardOperators.Registry);
        var e = Assert.Throws<ModelException>(() => Gradient(model));
        Assert.Contains("com.microsoft.FusedMatMul", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gradients_RuleRegisteredFromOutside_IsUsed()
    {
        var model = Product(StandardOperators.Registry.With(FusedMatMul));
        model.Graph.Output("dx", Gradient(model));
        using var session = Runtime.Session(model);
        var x = new Runtime.Value(ElementType.Float, new Shape(1, 2), [5, 6]);
        // y = 0.5 x W: each x_i gets half the sum of its row of W.
        Assert.Equal([1.5, 3.5], Runtime.Run(session, new Dictionary<string, Runtime.Value> { ["x"] = x })["dx"].Data);
    }

    [Fact]
    public void Gradients_RuleThatForgetsAnInput_IsAnError()
    {
        var forgetful = OperatorDefinition.Differentiable("com.microsoft.FusedMatMul", static _ => [null, null]);
        var e = Assert.Throws<ModelException>(() => Gradient(Product(StandardOperators.Registry.With(forgetful))));
        Assert.Contains("no answer for its input 0, 'x'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gradients_InputDefinedAsZero_PassesNothing()
    {
        var model = Product(StandardOperators.Registry.With(FusedMatMul.WithZero(0)));
        var graph = model.Graph;
        Assert.Null(ReverseMode.Gradients(graph["y"], graph.Constant(1, ElementType.Float), [graph["x"]], model.Operators)[0]);
    }

    [Fact]
    public void Gradients_InputDefinedAsRefused_IsRefusedWithTheReason()
    {
        var model = Product(StandardOperators.Registry.With(FusedMatMul.WithRefused(0, "it is secret")));
        Assert.Contains("it is secret", Assert.Throws<ModelException>(() => Gradient(model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gradients_RuleSetFromOutside_ReplacesAnOperatorsRule()
    {
        var doubled = new RuleSet("doubled", new Dictionary<string, VjpRule> { ["Relu"] = static c => [c.Derivative()[0]!.Value * 2] });
        Assert.Equal([0, 4, -6], OneNode.Gradient("Relu", [1, 2, -3], [-1, 1, 2], rules: doubled));
    }

    private static OnnxModel Product(OperatorRegistry operators)
    {
        var test = new TestModel(OnnxModel.OldestOpset).Input("x", ElementType.Float, 1, 2)
            .Constant("w", ElementType.Float, [2, 2], 1, 2, 3, 4)
            .Node("FusedMatMul", ["x", "w"], ["y"], ("alpha", 0.5f)).Output("y");
        test.Proto.Graph.Node[^1].Domain = "com.microsoft";
        test.Proto.OpsetImport.Add(new Protobuf.OperatorSetIdProto { Domain = "com.microsoft", Version = 1 });
        var model = OnnxModel.Parse(Google.Protobuf.MessageExtensions.ToByteArray(test.Proto), operators: operators);
        model = model.WithShapes(ShapeInference.Analyse(model, new Dictionary<string, Shape> { ["x"] = new Shape(1, 2) }));
        return model;
    }

    private static Tensor Gradient(OnnxModel model)
    {
        var graph = model.Graph;
        return ReverseMode.Gradients(graph["y"], graph.Constant(1, ElementType.Float), [graph["x"]], model.Operators)[0]!.Value;
    }
}
