using Microsoft.ML.OnnxRuntime;
using OnnxGrad.Tests.Differentiation.Rules;

namespace OnnxGrad.Tests.Differentiation;

public class VjpRulesTests
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
        Assert.Empty(VjpRules.Operators.Except(Table.Select(r => r.Operator)));
}
