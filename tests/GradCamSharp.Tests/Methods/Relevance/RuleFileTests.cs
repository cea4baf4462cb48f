using GradCamSharp.Errors;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using GradCamSharp.Tests.Checking;
using OnnxGrad;

namespace GradCamSharp.Tests.Methods.Relevance;

public class RuleFileTests
{
    [Fact]
    public void Parse_RulesForOperatorsAndLayers_AreWalkedBy()
    {
        var own = RuleFile.Parse(
            """
            {
              "base": "lrp-epsilon-plus",
              "rules": [
                { "operator": "Gemm", "rule": "gamma", "gamma": 0.05 },
                { "operator": "MatMul", "rule": "gamma", "gamma": 0.05 }
              ]
            }
            """,
            "my.json");
        var same = RelevanceMethods.All.Single(m => m.Name == "lrp-epsilon-plus").With("dense", "gamma:0.05");
        var model = SmallNetwork.Create().Model;
        using var explainer = Explainer.From(model, new ExplainerOptions());
        float[] input = [.. Enumerable.Range(0, 3 * 8 * 8).Select(i => MathF.Sin(i))];
        var maps = explainer.Explain(
            input, new Shape(1, 3, 8, 8), [own, same], [ClassRequest.Top1], TestContext.Current.CancellationToken).Maps;
        Assert.Equal(maps[same].Values.ToArray(), maps[own].Values.ToArray());
        Assert.Contains(maps[own].Values, v => v != 0);
    }

    [Theory]
    [InlineData("[", "it is not JSON")]
    [InlineData("[]", "it is no JSON object")]
    [InlineData("""{ "bases": "lrp-0" }""", "it has 'bases'")]
    [InlineData("""{ "base": "lrp-1" }""", "base is \"lrp-1\"")]
    [InlineData("""{ "set": { "conv": "gama:1" } }""", "set.conv: 'lrp-0.conv' takes")]
    [InlineData("""{ "rules": [ { "rule": "flat" } ] }""", "rules[0] names neither operator nor layer")]
    [InlineData("""{ "rules": [ { "operator": "Conv", "layer": "a*", "rule": "flat" } ] }""", "rules[0] names both")]
    [InlineData("""{ "rules": [ { "operator": "Conv" } ] }""", "rules[0] has no rule")]
    [InlineData("""{ "rules": [ { "operator": "Conv", "rule": "gamma" } ] }""", "rules[0] has no 'gamma'")]
    [InlineData("""{ "rules": [ { "operator": "Conv", "rule": "gamma", "gamma": -1 } ] }""", "rules[0]: the numbers of gamma do not fit")]
    [InlineData("""{ "rules": [ { "operator": "Conv", "rule": "gamma", "gamma": "much" } ] }""", "rules[0].gamma is \"much\"")]
    [InlineData("""{ "rules": [ { "operator": "Conv", "rule": "alphabeta", "alpha": 2, "beta": 2 } ] }""", "do not fit")]
    [InlineData("""{ "rules": [ { "operator": "Conv", "rule": "best" } ] }""", "rules[0].rule is 'best'")]
    [InlineData("""{ "rules": [ { "operator": "Conv", "rule": "flat", "gamma": 1 } ] }""", "rules[0] has 'gamma'")]
    public void Parse_BadFiles_AreRefusedWithThePlace(string json, string expected)
    {
        var refusal = Assert.Throws<ExplanationException>(() => RuleFile.Parse(json, "my.json"));
        Assert.Equal(ExplanationError.BadRules, refusal.Kind);
        Assert.Contains("'my.json'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoSuchFile_IsRefused()
    {
        string message = Assert.Throws<ExplanationException>(() => RuleFile.Read("nowhere.json")).Message;
        Assert.Contains("there is no such file", message, StringComparison.Ordinal);
    }
}
