using System.Collections.Concurrent;

namespace OnnxGrad.Tests.NodeTests;

public class NodeGradientTests(ITestOutputHelper output)
{
    private static readonly ConcurrentDictionary<string, Dictionary<NodeTest, NodeGradientResult>> Results = new();

    /// <summary>The operators that the archive has tests of and that have a rule, or are brought to ones that do.</summary>
    public static TheoryData<string> Operators => NodeTestArchive.Tests.Count == 0
        ? ["all"]
        : [.. NodeTestArchive.Tests.Select(t => t.Operator).Distinct()
            .Where(o => StandardOperators.Registry.Find(o)?.Rule is not null || o is "Scatter" or "Upsample")
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Operators))]
    public void Gradient_OfEveryVariantInTheStandardsTests_AgreesWithCentralDifferencesOrIsListed(string op)
    {
        SharedData.Path(NodeTestArchive.FileName);
        var wrong = new List<string>();
        foreach (var (test, result) in ResultsOf(op))
        {
            if (result.Disagreement is { } reason && !LeftOut.Contains(test.Name))
                wrong.Add($"{test.Name}\t{op}\t{reason}");
            else if (result.Disagreement is null && LeftOut.Contains(test.Name))
                wrong.Add(
                    $"{test.Name} is in the list of what is left out, but " +
                    $"{(result.Qualifies ? "agrees" : "does not qualify")}: take it off.");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Gradient_OfAllTestsThatQualify_AgreesInNineteenOfTwenty()
    {
        SharedData.Path(NodeTestArchive.FileName);
        var operators = Operators.Select(o => o.Data).ToList();
        var qualified = operators.ToDictionary(o => o, o => ResultsOf(o).Values.Where(r => r.Qualifies).ToList());
        foreach (var (op, results) in qualified)
        {
            output.WriteLine($"{op}: {results.Count(r => r.Disagreement is null)} of {results.Count}");
            foreach (var (test, result) in ResultsOf(op).Where(r => !r.Value.Qualifies))
                output.WriteLine($"  {test.Name} does not qualify: {result.Unqualified}");
        }

        int all = qualified.Values.Sum(r => r.Count), agreeing = qualified.Values.Sum(r => r.Count(x => x.Disagreement is null));
        output.WriteLine($"all: {agreeing} of {all}");
        Assert.True(agreeing >= 0.95 * all, $"Only {agreeing} of {all} agree.");
        Assert.Equal(all, LeftOut.Qualifying);
        var tests = NodeTestArchive.Tests.Where(t => operators.Contains(t.Operator));
        Assert.Empty(LeftOut.Tests.Select(t => t.Test).Except(tests.Select(t => t.Name)));
    }

    private static Dictionary<NodeTest, NodeGradientResult> ResultsOf(string op) => Results.GetOrAdd(op,
        static op => NodeTestArchive.Tests.Where(t => t.Operator == op).ToDictionary(t => t, NodeGradientCheck.Run));
}
