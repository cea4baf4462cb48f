using Microsoft.ML.OnnxRuntime;

namespace OnnxGrad.Tests.Rules;

/// <summary>Every rule against central differences, in the three forms in which rules are used.</summary>
public class RuleTableTests
{
    public static TheoryData<string> Names => [.. RuleTable.Rows.Select(r => r.ToString())];

    [Theory]
    [MemberData(nameof(Names))]
    public void Rule_InDoublesForSeveralCotangents_IsThatOfCentralDifferences(string name)
    {
        GradientCheck.RunMapped(RuleTable.Find(name), GraphOptimizationLevel.ORT_DISABLE_ALL);
        GradientCheck.RunMapped(RuleTable.Find(name), GraphOptimizationLevel.ORT_ENABLE_ALL);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rule_InFloatsForOneCotangent_IsThatOfCentralDifferences(string name)
    {
        GradientCheck.RunSingle(RuleTable.Find(name), GraphOptimizationLevel.ORT_DISABLE_ALL);
        GradientCheck.RunSingle(RuleTable.Find(name), GraphOptimizationLevel.ORT_ENABLE_ALL);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rule_WithAnOpenBatch_IsThatOfCentralDifferences(string name)
    {
        var row = RuleTable.Find(name);
        Assert.Equal(row.FixesBatch is null, GradientCheck.RunOpen(row, GraphOptimizationLevel.ORT_DISABLE_ALL));
    }

    [Fact]
    public void Rows_OfEveryRule_AreInTheTable() =>
        Assert.Empty(StandardOperators.Registry.Definitions.Where(d => d.Rule is not null).Select(d => d.Name)
            .Except(RuleTable.Rows.Select(r => r.Operator)));
}
