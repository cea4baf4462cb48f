namespace OnnxGrad.Tests.Operators;

public class TensorSignTests
{
    private readonly Graph graph = OnnxModel.Create().Graph;

    [Fact]
    public void IsNonNegative_RectifiedAndJoined_IsKnown()
    {
        var x = Input();
        Assert.True(IsNonNegative(x.Relu()));
        Assert.True(IsNonNegative(Tensor.Concat(1, x.Relu(), x.Sigmoid().MaxPool([2, 2], Window.Square(stride: 1)))));
        Assert.True(IsNonNegative((x.Relu() + x.Abs()).Reshape(new Shape(1, 32))));
    }

    [Fact]
    public void IsNonNegative_SomethingSigned_IsNotClaimed()
    {
        var x = Input();
        Assert.False(IsNonNegative(x));
        Assert.False(IsNonNegative(x.Relu() + x));
        Assert.False(IsNonNegative(x.Relu() - 1));
        var weights = graph.Constant(ElementType.Float, new Shape(1, 2, 1, 1), [1, -1]);
        Assert.False(IsNonNegative(x.Relu().Conv(weights, null, Window.Square())));
        Assert.False(IsNonNegative(Tensor.Concat(1, x.Relu(), -x.Relu())));
    }

    [Fact]
    public void IsNonNegative_LongChainOfSharedValues_IsWalkedOnce()
    {
        // Each link doubles the number of ways back to x: 2^200 of them.
        var y = Input().Relu();
        for (int i = 0; i < 200; i++)
            y += y;
        Assert.True(IsNonNegative(y));
    }

    private static bool IsNonNegative(Tensor tensor) => StandardOperators.Registry.IsNonNegative(tensor);

    private Tensor Input() => graph.Input("x", ElementType.Float, new Shape(1, 2, 4, 4));
}
