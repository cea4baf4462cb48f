namespace OnnxGrad.Tests.Differentiation;

public class DifferentiationPathTests
{
    private readonly OnnxModel model = OnnxModel.Create();
    private readonly Tensor x;

    public DifferentiationPathTests() => x = model.Graph.Input("x", ElementType.Float, new Shape(2));

    [Fact]
    public void Between_ChainWithSideBranches_HoldsTheWayAlone()
    {
        var before = x.Abs();
        var layer = before.Exp();
        var score = layer.Tanh() + before;
        _ = layer.Log();
        var path = DifferentiationPath.Between(model.Graph, [layer.Name], score.Name, StandardOperators.Registry);
        Assert.Equal(["Tanh", "Add"], path.Nodes.Select(n => n.Operator));
        Assert.True(path.Contains(layer.Name));
        Assert.True(path.Contains(score.Name));
        Assert.False(path.Contains(before.Name));
        Assert.False(path.Contains(""));
        Assert.Empty(path.Missing);
    }

    [Fact]
    public void Between_NoWay_IsEmpty()
    {
        var layer = x.Exp();
        Assert.Empty(DifferentiationPath.Between(model.Graph, [layer.Name], x.Tanh().Name, StandardOperators.Registry).Nodes);
    }

    [Fact]
    public void Between_PiecewiseConstantOperator_EndsTheWay()
    {
        var score = x.Sign() * x.Exp();
        var path = DifferentiationPath.Between(model.Graph, [x.Name], score.Name, StandardOperators.Registry);
        Assert.Equal(["Exp", "Mul"], path.Nodes.Select(n => n.Operator));
    }

    [Fact]
    public void Between_CastToIntegers_EndsTheWay()
    {
        var score = x.Cast(ElementType.Int64).Cast(ElementType.Float);
        Assert.Empty(DifferentiationPath.Between(model.Graph, [x.Name], score.Name, StandardOperators.Registry).Nodes);
    }

    [Fact]
    public void Missing_UnknownOperatorsOnTheWay_AreListedInOrder()
    {
        var first = model.Graph.Append("First", [x], x.Type, x.Shape);
        var second = model.Graph.Append("Second", [first], x.Type, x.Shape);
        _ = model.Graph.Append("Aside", [x], x.Type, x.Shape);
        var path = DifferentiationPath.Between(model.Graph, [x.Name], second.Name, StandardOperators.Registry);
        Assert.Equal(["First", "Second"], path.Missing.Select(n => n.Operator));
        Assert.Throws<ModelException>(path.ThrowIfRulesAreMissing);
    }
}
