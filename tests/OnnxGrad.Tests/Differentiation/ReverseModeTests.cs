using OnnxGrad.Tests.Model;

namespace OnnxGrad.Tests.Differentiation;

public class ReverseModeTests
{
    private static readonly OperatorRegistry Operators = StandardOperators.Registry;

    private readonly OnnxModel model = OnnxModel.Create();

    [Fact]
    public void Gradients_ValueUsedTwice_AddsUp()
    {
        // y = x^2 + 3 x: 2 x + 3, at -1, 0 and 2.
        var x = Input("x", 3);
        Assert.Equal([1, 3, 7], Run(Gradient(x * x + x * 3, x), new() { ["x"] = [-1, 0, 2] }));
    }

    [Fact]
    public void Gradients_ValueInBetween_IsDifferentiatedFromThere()
    {
        // y = u^2 with u = 2 x: dy/du = 2 u = 4 x.
        var x = Input("x", 2);
        var u = x * 2;
        Assert.Equal([4, 12], Run(Gradient(u * u, u), new() { ["x"] = [1, 3] }));
    }

    [Fact]
    public void Gradients_ValueThatIsAlsoOnTheWayOfAnother_CountsForBoth()
    {
        // y = u x with u = x^2: dy/du = x, dy/dx = 3 x^2 in all.
        var x = Input("x", 2);
        var u = x * x;
        var y = u * x;
        var gradients = ReverseMode.Gradients(y, y.Graph.Constant(1, y.Type), [x, u], Operators);
        var both = Tensor.Concat(0, gradients[0]!.Value, gradients[1]!.Value);
        Assert.Equal([3, 27, 1, 3], Run(both, new() { ["x"] = [1, 3] }));
    }

    [Fact]
    public void Gradients_Output_WithRespectToItselfIsTheSeed()
    {
        var x = Input("x", 2);
        var y = x.Exp();
        Assert.Equal([5, 5], Run(ReverseMode.Gradients(y, (x * 0 + 5), [y], Operators)[0]!.Value, new() { ["x"] = [1, 3] }));
    }

    [Fact]
    public void Gradients_UnreachableValue_IsNull()
    {
        var x = Input("x", 2);
        var other = Input("other", 2);
        var gradients = ReverseMode.Gradients(x.Exp(), x.Graph.Constant(1, x.Type), [x, other], Operators);
        Assert.NotNull(gradients[0]);
        Assert.Null(gradients[1]);
    }

    [Fact]
    public void Gradients_BehindAPiecewiseConstantOperator_IsNull()
    {
        var x = Input("x", 2);
        Assert.Null(ReverseMode.Gradients(x.Sign() * 2, x.Graph.Constant(1, x.Type), [x], Operators)[0]);
        var truncated = x.Cast(ElementType.Int32).Cast(ElementType.Float);
        Assert.Null(ReverseMode.Gradients(truncated, x.Graph.Constant(1, x.Type), [x], Operators)[0]);
    }

    [Fact]
    public void Gradients_CastToDoubleAndBack_IsTheGradientInTheInputsType()
    {
        var x = Input("x", 2);
        var gradient = Gradient(x.Cast(ElementType.Double).Square().Cast(ElementType.Float), x);
        Assert.Equal(ElementType.Float, gradient.Type);
        Assert.Equal([2, 6], Run(gradient, new() { ["x"] = [1, 3] }));
    }

    [Fact]
    public void Gradients_MappedSeed_GivesOneGradientForEach()
    {
        // y = (x0 x1, x0 + x1); the seeds pick one row of the Jacobian each: (x1, x0) and (1, 1).
        var x = Input("x", 2);
        var x0 = x.Slice(0, 0, 1);
        var x1 = x.Slice(0, 1, 2);
        var y = Tensor.Concat(0, x0 * x1, x0 + x1);
        var seed = y.Graph.Constant(y.Type, new Shape(2, 2), 1, 0, 0, 1).Map();
        var gradient = ReverseMode.Gradients(y, seed, [x], Operators)[0]!.Value;
        Assert.Equal([5, 3, 1, 1], Run(gradient.Unmap(0), new() { ["x"] = [3, 5] }));
    }

    [Fact]
    public void Gradients_MissingRules_AreAllNamedWithTheirNodes()
    {
        var x = Input("x", 2);
        var first = x.Graph.Append("NoSuchOperator", [x], x.Type, x.Shape);
        var second = x.Graph.Append("Loop", [first], x.Type, x.Shape);
        var aside = x.Graph.Append("AlsoUnknown", [x], x.Type, x.Shape);
        var e = Assert.Throws<ModelException>(() => ReverseMode.Gradients(second, x.Graph.Constant(1, x.Type), [x], Operators));
        Assert.Contains($"NoSuchOperator ('{first.Name}')", e.Message, StringComparison.Ordinal);
        Assert.Contains($"Loop ('{second.Name}': {StandardOperators.Registry.Find("Loop")!.Refusal})", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(aside.Name, e.Message, StringComparison.Ordinal);
        Assert.Contains("docs/adding-an-operator.md", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gradients_MeansOfOpenSizes_DivideByTheLengthsOfTheRun()
    {
        // y = mean over the plane, twice: each of 2 x 3 positions gets 1/6 of each.
        var x = model.Graph.Input("x", ElementType.Float, new Shape(1, 1, new Dimension("H"), new Dimension("W")));
        var pooled = model.Graph.Append("GlobalAveragePool", [x], x.Type, new Shape(1, 1, 1, 1));
        var gradient = Gradient(pooled + x.MeanSpatial(), x);
        model.Graph.Output("result", gradient);
        using var session = Runtime.Session(model);
        var fed = new Runtime.Value(ElementType.Float, new Shape(1, 1, 2, 3), new double[6]);
        var result = Runtime.Run(session, new Dictionary<string, Runtime.Value> { ["x"] = fed })["result"];
        Assert.Equal(new Shape(1, 1, 2, 3), result.Shape);
        Assert.All(result.Data, d => Assert.Equal(1.0 / 3, d, 1e-6));
    }

    [Fact]
    public void Gradients_ConvolutionOfOpenSizes_IsRefusedByItsNode()
    {
        var x = model.Graph.Input("x", ElementType.Float, new Shape(1, 1, new Dimension("H"), new Dimension("W")));
        var y = x.Conv(model.Graph.Weights("w", new Shape(1, 1, 3, 3), new float[9]), null, Window.Square(stride: 2, pad: 1));
        Assert.Equal(new Shape(1, 1, (new Dimension("H") + 1) / 2, (new Dimension("W") + 1) / 2), y.Shape);
        var e = Assert.Throws<ModelException>(() => Gradient(y, x));
        Assert.Contains(y.Name, e.Message, StringComparison.Ordinal);
        Assert.Contains("'H'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gradients_AxisThatMayHaveBeenRepeated_IsRefused()
    {
        // Where N is 1 x is repeated, and its gradient a sum; else not.
        var x = model.Graph.Input("x", ElementType.Float, new Shape(Dimension.Batch));
        var e = Assert.Throws<ModelException>(() => Gradient(x + model.Graph.Constant(ElementType.Float, new Shape(2), 1, 2), x));
        Assert.Contains("[2]", e.Message, StringComparison.Ordinal);
        Assert.Contains("[N]", e.Message, StringComparison.Ordinal);
    }

    private static Tensor Gradient(Tensor y, Tensor x) => ReverseMode.Gradients(y, y.Graph.Constant(1, y.Type), [x], Operators)[0]!.Value;

    private Tensor Input(string name, long length) => model.Graph.Input(name, ElementType.Float, new Shape(length));

    private double[] Run(Tensor result, Dictionary<string, double[]> feeds)
    {
        model.Graph.Output("result", result);
        using var session = Runtime.Session(model);
        var values = feeds.ToDictionary(f => f.Key, f => new Runtime.Value(ElementType.Float, new Shape(f.Value.Length), f.Value));
        return Runtime.Run(session, values)["result"].Data;
    }
}
