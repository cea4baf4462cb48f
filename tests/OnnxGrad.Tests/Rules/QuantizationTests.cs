using Google.Protobuf;
using OnnxGrad.Tests.Model;

namespace OnnxGrad.Tests.Rules;

/// <summary>Gradients straight through the rounding, worked by hand.</summary>
public class QuantizationTests
{
    [Fact]
    public void QuantizeAndDequantize_Inside_PassWhatArrives() =>
        Assert.Equal([1, -2, 3], Gradient(ElementType.Int8, zero: 10, [1, -2, 3], [-0.3, 0.01, 0.7]));

    [Fact]
    public void QuantizeAndDequantize_Saturated_PassNothing() =>
        // 0.125 (-128 - 10) = -17.25 and 0.125 (127 - 10) = 14.625 are the bounds; at them it is held, not cut.
        Assert.Equal([0, 2, 3, 0], Gradient(ElementType.Int8, zero: 10, [1, 2, 3, 4], [-17.5, -17.25, 14.625, 15]));

    [Theory]
    // The least integer stands for 0: negative values are cut as by a ReLU, above 31.875 it saturates as a ReLU6 does.
    [InlineData("gradient", new double[] { 0, 0, 3, -4, 0 })]
    [InlineData("guided backpropagation", new double[] { 0, 0, 3, 0, 0 })]
    [InlineData("deconvolution", new double[] { 1, 0, 3, 0, 5 })]
    public void QuantizeAndDequantize_FromZero_IsARectifier(string rules, double[] expected) =>
        Assert.Equal(expected, Gradient(ElementType.UInt8, zero: 0, [1, -2, 3, -4, 5], [-1, 0, 0.01, 5, 32], NamedRuleSets.Find(rules)));

    [Fact]
    public void QuantizeAndDequantize_OtherScales_MultiplyTheirQuotient() =>
        Assert.Equal([4, -8], Gradient(ElementType.UInt8, zero: 128, [1, -2], [0.5, 2], readScale: 0.5));

    [Fact]
    public void MaxPool_OfIntegers_SendsTheGradientToTheMaximum()
    {
        var test = Quantized(ElementType.UInt8, 0, 0.125, 4)
            .Ints("map", 1, 1, 4).Ints("line", 2)
            .Node("Reshape", ["q", "map"], ["m"])
            .Node("MaxPool", ["m"], ["p"], ("kernel_shape", new long[] { 2 }), ("strides", new long[] { 2 }))
            .Node("Reshape", ["p", "line"], ["l"]).Node("DequantizeLinear", ["l", "s", "z"], ["y"]).Output("y");
        Assert.Equal([0, 3, 5, 0], Differentiate(test, [3, 5], [1, 2, 4, 3]));
    }

    [Fact]
    public void MatMulInteger_OfRangeQuantizedValues_IsTheMatrixProduct()
    {
        // w - zero = [2, -3], scale 0.5: y = x . [1, -1.5].
        var test = new TestModel(OnnxModel.OldestOpset).Input("x", ElementType.Float, 1, 2)
            .Constant("w", ElementType.UInt8, [2, 1], 130, 125).Constant("wz", ElementType.UInt8, [], 128)
            .Constant("ws", ElementType.Float, [], 0.5)
            .Node("DynamicQuantizeLinear", ["x"], ["q", "s", "z"]).Node("MatMulInteger", ["q", "w", "z", "wz"], ["i"])
            .Node("Cast", ["i"], ["f"], ("to", 1L)).Node("Mul", ["s", "ws"], ["sw"]).Node("Mul", ["f", "sw"], ["y"]).Output("y");
        double[] gradient = Differentiate(test, [2], [0.3, -0.8], 1, 2);
        Assert.Equal(2, gradient[0], 1e-6);
        Assert.Equal(-3, gradient[1], 1e-6);
    }

    private static double[] Gradient(
        ElementType type, int zero, double[] dy, double[] x, RuleSet? rules = null, double? readScale = null)
    {
        var test = Quantized(type, zero, 0.125, x.Length).Constant("r", ElementType.Float, [], readScale ?? 0.125)
            .Node("DequantizeLinear", ["q", "r", "z"], ["y"]).Output("y");
        return Differentiate(test, dy, x, rules);
    }

    private static TestModel Quantized(ElementType type, int zero, double scale, int length) => new TestModel(OnnxModel.OldestOpset)
        .Input("x", ElementType.Float, length).Constant("s", ElementType.Float, [], scale).Constant("z", type, [], zero)
        .Node("QuantizeLinear", ["x", "s", "z"], ["q"]);

    private static double[] Differentiate(TestModel test, double[] dy, double[] x, params long[] shape) =>
        Differentiate(test, dy, x, RuleSet.Gradient, shape);

    private static double[] Differentiate(TestModel test, double[] dy, double[] x, RuleSet? rules, params long[] shape)
    {
        var own = new Shape(shape.Length > 0 ? shape : [x.Length]);
        var model = OnnxModel.Parse(test.Proto.ToByteArray());
        model = model.WithShapes(ShapeInference.Analyse(model, new Dictionary<string, Shape> { ["x"] = own }));
        var graph = model.Graph;
        var y = graph["y"];
        var seed = graph.Constant(ElementType.Float, y.Shape, dy);
        graph.Output("dx", ReverseMode.Gradients(y, seed, [graph["x"]], StandardOperators.Registry, rules)[0]!.Value);
        using var session = Runtime.Session(model);
        return Runtime.Run(session, new Dictionary<string, Runtime.Value> { ["x"] = new(ElementType.Float, own, x) })["dx"].Data;
    }
}
