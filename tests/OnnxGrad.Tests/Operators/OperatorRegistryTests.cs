namespace OnnxGrad.Tests.Operators;

public class OperatorRegistryTests
{
    [Fact]
    public void Derivative_ShapingAndRefusedInputs_AreNotTheRules()
    {
        var resize = StandardOperators.Registry.Find("Resize")!;
        Assert.Equal([InputDerivative.Rule, InputDerivative.Zero], [resize.Derivative(0), resize.Derivative(2)]);
        var quantize = StandardOperators.Registry.Find("QuantizeLinear")!;
        Assert.Equal([InputDerivative.Rule, InputDerivative.Refused], [quantize.Derivative(0), quantize.Derivative(1)]);
        Assert.Equal(InputDerivative.Zero, StandardOperators.Registry.Find("Floor")!.Derivative(0));
        Assert.Equal(InputDerivative.Refused, StandardOperators.Registry.Find("Loop")!.Derivative(0));
    }

    [Fact]
    public void With_ADefinition_LeavesTheOtherRegistryAsItIs()
    {
        var more = StandardOperators.Registry.With(OperatorDefinition.PiecewiseConstant("my.domain.Snap"));
        Assert.NotNull(more.Find("my.domain.Snap"));
        Assert.Null(StandardOperators.Registry.Find("my.domain.Snap"));
    }
}
