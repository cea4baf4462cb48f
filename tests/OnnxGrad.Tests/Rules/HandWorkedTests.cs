using Google.Protobuf;
using OnnxGrad.Tests.Model;

namespace OnnxGrad.Tests.Rules;

/// <summary>Gradients at the points that central differences cannot judge: kinks, ties and zeros, each worked by hand.</summary>
public class HandWorkedTests
{
    [Theory]
    // x = -1, 0, 1, 5, 6, 7 with alternating gradients.
    [InlineData("gradient", new double[] { 0, 0, 3, -4, 0, 0 })]
    [InlineData("guided backpropagation", new double[] { 0, 0, 3, 0, 0, 0 })]
    [InlineData("deconvolution", new double[] { 1, 0, 3, 0, 5, 0 })]
    public void Clip_From0To6_IsARectifier(string rules, double[] expected) =>
        Assert.Equal(expected, OneNode.Gradient("Clip", [1, -2, 3, -4, 5, -6], [-1, 0, 1, 5, 6, 7], [0, 6], NamedRuleSets.Find(rules)));

    [Theory]
    [InlineData("gradient", new double[] { 0, 0, 3, -4 })]
    [InlineData("guided backpropagation", new double[] { 0, 0, 3, 0 })]
    [InlineData("deconvolution", new double[] { 1, 0, 3, 0 })]
    public void Relu_EachRule_PassesItsPart(string rules, double[] expected) =>
        Assert.Equal(expected, OneNode.Gradient("Relu", [1, -2, 3, -4], [-1, 0, 1, 5], rules: NamedRuleSets.Find(rules)));

    [Theory]
    [InlineData("gradient", new double[] { 0, 2, -4, 8 })]
    [InlineData("guided backpropagation", new double[] { 0, 2, 0, 8 })]
    public void Relu_TinyAndHugeInputs_AreOpenWherePositive(string rules, double[] expected) =>
        Assert.Equal(expected, OneNode.Gradient("Relu", [1, 2, -4, 8], [-1e-37, 1.2e-38, 1e-37, 3e38], rules: NamedRuleSets.Find(rules)));

    [Fact]
    public void Relu_In16BitFloats_IsOpenForTheSmallestOfThem()
    {
        // Half.Epsilon is subnormal: 6e-8.
        double[] x = [-1, 0, (double)Half.Epsilon, 1, (double)Half.MaxValue];
        var model = OnnxModel.Create();
        var input = model.Graph.Input("x", ElementType.Float16, new Shape(x.Length));
        var seed = model.Graph.Constant(ElementType.Float16, input.Shape, [1, 2, 3, 4, 5]);
        var gradients = ReverseMode.Gradients(input.Relu(), seed, [input], model.Operators);
        model.Graph.Output("dx", gradients[0]!.Value);

        using var session = Runtime.Session(model);
        var feeds = new Dictionary<string, Runtime.Value> { ["x"] = new(ElementType.Float16, input.Shape, x) };
        Assert.Equal([0, 0, 3, 4, 5], Runtime.Run(session, feeds)["dx"].Data);
    }

    [Theory]
    [InlineData("gradient")]
    [InlineData("guided backpropagation")]
    public void Relu_ForHalfPrecision_UsesNoNumberThat16BitsCannotHold(string rules)
    {
        var model = OnnxModel.Create(operators: StandardOperators.HalfPrecision);
        var x = model.Graph.Input("x", ElementType.Float, new Shape(3));
        var gradient = ReverseMode.Gradients(
            x.Relu(), model.Graph.Constant(1, ElementType.Float), [x], model.Operators, NamedRuleSets.Find(rules))[0]!.Value;
        model.Graph.Output("dx", gradient);
        Assert.All(model.Graph.Nodes, n => Assert.True(Half.IsFinite((Half)n.Float("alpha", 0)), n.ToString()));

        using var session = Runtime.Session(model);
        var feeds = new Dictionary<string, Runtime.Value> { ["x"] = new(ElementType.Float, x.Shape, [0, float.Epsilon, 1]) };
        Assert.Equal([0, 1, 1], Runtime.Run(session, feeds)["dx"].Data);
    }

    [Fact]
    public void StridedConv_UnderTheGuidedRule_PassesItsDerivative()
    {
        var test = new TestModel(OnnxModel.OldestOpset).Input("x", ElementType.Float, 1, 16, 3, 3);
        // Each of 16 channels by its number, at every second position.
        test.Constant("w", ElementType.Float, [1, 16, 1, 1], [.. Enumerable.Range(1, 16).Select(i => (double)i)])
            .Node("Conv", ["x", "w"], ["y"], ("strides", new long[] { 2, 2 })).Output("y");
        var model = OnnxModel.Parse(test.Proto.ToByteArray());
        model = model.WithShapes(ShapeInference.Analyse(model, new Dictionary<string, Shape> { ["x"] = new Shape(1, 16, 3, 3) }));
        var graph = model.Graph;
        var seed = graph.Constant(ElementType.Float, graph["y"].Shape, [1, -2, 3, -4]);
        var gradients = ReverseMode.Gradients(
            graph["y"], seed, [graph["x"]], StandardOperators.Registry, StandardRuleSets.GuidedBackpropagation);
        graph.Output("dx", gradients[0]!.Value);

        using var session = Runtime.Session(model);
        var feeds = new Dictionary<string, Runtime.Value> { ["x"] = new(ElementType.Float, new Shape(1, 16, 3, 3), new double[144]) };
        double[] expected = [.. Enumerable.Range(1, 16).SelectMany(i => new double[] { i, 0, -2 * i, 0, 0, 0, 3 * i, 0, -4 * i })];
        Assert.Equal(expected, Runtime.Run(session, feeds)["dx"].Data);
    }

    [Fact]
    public void Pow_OfARootAt0_PassesZeroAsSqrtDoes() =>
        Assert.Equal([0, 0, 1.5], OneNode.Gradient("Pow", [0, 2, 6], [0, 0, 4], [0.5]));

    [Fact]
    public void Clip_FromBelow0_KeepsItsDerivativeUnderEveryRule() =>
        Assert.Equal([0, -2, 3, 0], OneNode.Gradient("Clip", [1, -2, 3, -4], [-2, -0.5, 0.5, 2], [-1, 1], StandardRuleSets.Deconvolution));

    [Theory]
    [InlineData("Max", new double[] { 2, 0, 6 }, new double[] { 2, 5, 0 })]
    [InlineData("Min", new double[] { 2, 5, 0 }, new double[] { 2, 0, 6 })]
    public void MaxAndMin_Tie_IsSplitEvenly(string op, double[] first, double[] second)
    {
        double[][] gradients = OneNode.Gradients(op, [4, 5, 6], [[1, 1, 3], [1, 2, 2]]);
        Assert.Equal(first, gradients[0]);
        Assert.Equal(second, gradients[1]);
    }

    [Fact]
    public void ReduceMax_Tie_IsSplitEvenly() => Assert.Equal([0, 3, 3, 0], OneNode.Gradient("ReduceMax", [6], [1, 2, 2, 0]));

    [Fact]
    public void ReduceMin_Tie_IsSplitEvenly() => Assert.Equal([2, 0, 2, 2], OneNode.Gradient("ReduceMin", [6], [1, 2, 1, 1]));

    [Theory]
    // The product of the others: 2 3, 1 3, 1 2; with one zero only there; with two nowhere.
    [InlineData(new double[] { 1, 2, 3 }, new double[] { 6, 3, 2 })]
    [InlineData(new double[] { 1, 0, 3 }, new double[] { 0, 3, 0 })]
    [InlineData(new double[] { 0, 0, 3 }, new double[] { 0, 0, 0 })]
    public void ReduceProd_Zeros_AreExact(double[] x, double[] expected) => Assert.Equal(expected, OneNode.Gradient("ReduceProd", [1], x));

    [Theory]
    [InlineData("ReduceL1")]
    [InlineData("ReduceL2")]
    [InlineData("ReduceSumSquare")]
    public void Norms_AtZero_PassNothing(string op) => Assert.Equal([0, 0], OneNode.Gradient(op, [1], [0, 0]));

    [Fact]
    public void LpNormalization_AtZero_PassesNothing() => Assert.Equal([0, 0], OneNode.Gradient("LpNormalization", [1, 2], [0, 0]));

    [Theory]
    [InlineData("Abs")]
    [InlineData("Sqrt")]
    public void Functions_AtZero_PassNothing(string op) => Assert.Equal([0], OneNode.Gradient(op, [1], [0]));

    [Fact]
    public void Pow_ZerosAndNegatives_GiveNoNaN()
    {
        // d/dx x^e = e x^(e-1): 0^0 is 1 for every x, (-2)^3 has slope 12, 0^1 slope 1. d/de x^e = x^e log x where x > 0, e^2 there.
        double[][] gradients = OneNode.Gradients("Pow", [1, 1, 1, 1], [[0, -2, 0, Math.E], [0, 3, 1, 2]]);
        Assert.Equal([0, 12, 1], gradients[0][..3]);
        Assert.Equal([0, 0, 0], gradients[1][..3]);
        Assert.Equal(2 * Math.E, gradients[0][3], 1e-5);
        Assert.Equal(Math.E * Math.E, gradients[1][3], 1e-5);
    }

    [Theory]
    [InlineData("Elu")]
    [InlineData("Mish")]
    [InlineData("Softplus")]
    [InlineData("Gelu")]
    [InlineData("HardSwish")]
    public void Activations_FarFromZero_AreFinite(string op)
    {
        string name = op == "Gelu" ? "com.microsoft.Gelu" : op;
        double[] gradient = OneNode.Gradient(name, [1, 1], [-500, 500]);
        Assert.Equal(0, gradient[0], 1e-6);
        Assert.Equal(1, gradient[1], 1e-6);
    }
}
