using Microsoft.ML.OnnxRuntime;

namespace OnnxGrad.Tests.Rules;

public class OperatorRegistryTests
{
    /// <summary>The table: one list a family of rules, in the files that mirror the rules'.</summary>
    internal static readonly IReadOnlyList<RuleCase> Table =
    [
        .. ActivationRulesTests.Cases,
        .. ArithmeticRulesTests.Cases,
        .. ConvolutionRulesTests.Cases,
        .. IndexingRulesTests.Cases,
        .. LinearAlgebraRulesTests.Cases,
        .. NormalizationRulesTests.Cases,
        .. PaddingRulesTests.Cases,
        .. PoolingRulesTests.Cases,
        .. QuantizationRulesTests.Cases,
        .. ReductionRulesTests.Cases,
        .. ResamplingRulesTests.Cases,
        .. ShapeRulesTests.Cases,
    ];

    public static TheoryData<string> Rows => [.. Table.Select(r => r.ToString())];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Rule_AgainstCentralDifferences_Agrees(string name)
    {
        var row = Table.Single(r => r.ToString() == name);
        GradientCheck.Run(row, GraphOptimizationLevel.ORT_DISABLE_ALL);
        GradientCheck.Run(row, GraphOptimizationLevel.ORT_ENABLE_ALL);
    }

    [Fact]
    public void Operators_EveryRule_HasARowInTheTable() =>
        Assert.Empty(StandardOperators.Registry.Definitions.Where(d => d.Rule is not null).Select(d => d.Name)
            .Except(Table.Select(r => r.Operator)));

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
