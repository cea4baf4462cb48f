namespace OnnxGrad.Tests.Graphs;

public class TensorSignTests
{
    private readonly Graph graph = OnnxModel.Create().Graph;

    [Fact]
    public void IsNonNegative_RectifiedAndJoined_IsKnown()
    {
        var x = Input();
        Assert.True(x.Relu().IsNonNegative);
        Assert.True(Tensor.Concat(1, x.Relu(), x.Sigmoid().MaxPool([2, 2], Window.Square(stride: 1))).IsNonNegative);
        Assert.True((x.Relu() + x.Abs()).Reshape(new Shape(1, 32)).IsNonNegative);
    }

    [Fact]
    public void IsNonNegative_SomethingSigned_IsNotClaimed()
    {
        var x = Input();
        Assert.False(x.IsNonNegative);
        Assert.False((x.Relu() + x).IsNonNegative);
        Assert.False((x.Relu() - 1).IsNonNegative);
        Assert.False(x.Relu().Conv(graph.Constant(ElementType.Float, new Shape(1, 2, 1, 1), [1, -1]), null, Window.Square()).IsNonNegative);
        Assert.False(Tensor.Concat(1, x.Relu(), -x.Relu()).IsNonNegative);
    }

    [Fact]
    public void IsNonNegative_LongChainOfSharedValues_IsWalkedOnce()
    {
        // Each link doubles the number of ways back to x: 2^200 of them.
        var y = Input().Relu();
        for (int i = 0; i < 200; i++)
            y += y;
        Assert.True(y.IsNonNegative);
    }

    private Tensor Input() => graph.Input("x", ElementType.Float, new Shape(1, 2, 4, 4));
}
