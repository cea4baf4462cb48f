namespace OnnxGrad.Tests.Rules;

/// <summary>The table of gradient tests: one list a family of rules, in the files that mirror the rules'.</summary>
internal static class RuleTable
{
    public static readonly IReadOnlyList<RuleCase> Rows =
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
        .. SamplingRulesTests.Cases,
        .. ShapeRulesTests.Cases,
    ];

    /// <summary>The row of a name.</summary>
    public static RuleCase Find(string name) => Rows.Single(r => r.ToString() == name);
}
