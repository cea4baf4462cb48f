using GradCamSharp.Errors;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Tests.Methods.Relevance;

/// <summary>Rules on a layer of two inputs, x = (1, -2), w = (3, 1), b = -0.5: worked by hand in GRADIENT-FAMILY.md.</summary>
public class LayerRuleTests
{
    [Theory]
    [InlineData("lrp-0", 6, -4, "bias", -1)]
    [InlineData("epsilon:0.5", 3, -2, "epsilon", 0.5)]
    [InlineData("gamma:1", 12 / 7.0, -4 / 7.0, "bias", -1 / 7.0)]
    [InlineData("zplus", 1, 0, "bias", 0)]
    [InlineData("alphabeta:2:1", 2, -0.8, "bias", -0.2)]
    public void Explain_HandWorkedLayer_SharesOutOne(string rule, double first, double second, string kind, double kept)
    {
        // c = 2, so that R = 1 arrives at y = 0.5.
        var method = (LayerwiseRelevance)RelevanceMethods.Zero.With("dense", rule);
        var (map, account) = Explained(method, 2);
        Assert.Equal([first, second], map.Select(v => Math.Round((double)v, 5)), new Near());
        Assert.Equal(kept, account.Absorbed.GetValueOrDefault(kind), 1e-5);
        Assert.True(account.Closes);
    }

    [Theory]
    [InlineData("flat", 0.5, 0.5)]
    [InlineData("wsquare", 0.9, 0.1)]
    [InlineData("box:-3:3", 12 / 13.0, 1 / 13.0)]
    public void Explain_HandWorkedFirstLayer_SharesOutOne(string rule, double first, double second)
    {
        var (map, account) = Explained((LayerwiseRelevance)RelevanceMethods.Zero.With("first", rule), 2);
        Assert.Equal([first, second], map.Select(v => (double)v), new Near());
        Assert.True(account.Closes);
    }

    [Theory]
    [InlineData("gamma")]
    [InlineData("gamma:-1")]
    [InlineData("gamma:1:2")]
    [InlineData("alphabeta:2:2")]
    [InlineData("box:1:-1")]
    [InlineData("box:1:2:3")]
    [InlineData("delta:1")]
    [InlineData("epsilon:NaN")]
    public void TryParse_NoRules_AreNone(string text) => Assert.False(LayerRule.TryParse(text, out _));

    [Theory]
    [InlineData("lrp-0")]
    [InlineData("epsilon-rms:0.1")]
    [InlineData("zplus")]
    [InlineData("alphabeta:2:1")]
    [InlineData("box:-2:-1:2:1")]
    public void ToString_EveryRule_IsReadAgain(string text)
    {
        Assert.True(LayerRule.TryParse(text, out var rule));
        Assert.Equal(text, rule.ToString());
        Assert.True(LayerRule.TryParse(rule.ToString(), out var again));
        Assert.Equal(rule, again);
    }

    [Fact]
    public void Explain_SigmoidOnTheMainPath_IsRefusedWithNodeAndWayOut()
    {
        var model = TinyNetwork.Build(new Shape(1, 2, 1, 1), rectified: false, (graph, features) =>
            TinyNetwork.Dense(features.Sigmoid(), "head", [1, 1], [2, -1]));
        using var explainer = Explainer.From(model, new ExplainerOptions { Layer = "features" });
        var refusal = Assert.Throws<ExplanationException>(() => explainer.Explain(
            new float[] { 1, 2 }, new Shape(1, 2, 1, 1), [RelevanceMethods.Zero], [ClassRequest.Top1],
            TestContext.Current.CancellationToken));
        Assert.Equal(ExplanationError.NoRelevanceRule, refusal.Kind);
        Assert.Contains("Sigmoid", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("a rule of your own", refusal.Message, StringComparison.Ordinal);
    }

    private static (float[] Map, RelevanceAccount Account) Explained(LayerwiseRelevance method, float factor)
    {
        var model = TinyNetwork.Build(new Shape(1, 2, 1, 1), rectified: false, (graph, features) =>
        {
            var flat = features.Reshape(new Shape(1, 2));
            var y = graph.Append(
                "Gemm",
                [flat, graph.Weights("w", new Shape(2, 1), [3, 1]), graph.Weights("b", new Shape(1), [-0.5f])], ElementType.Float,
                new Shape(1, 1));
            return Tensor.Concat(1, y * factor, y);
        });
        using var explainer = Explainer.From(model, new ExplainerOptions { Layer = "features" });
        var maps = explainer.Explain(
            new float[] { 1, -2 }, new Shape(1, 2, 1, 1), [method], [ClassRequest.Index(0)],
            TestContext.Current.CancellationToken).Maps[method];
        return ([.. maps.Values], maps.Account(0, 0)!);
    }

    private sealed class Near : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) < 1e-5;

        public int GetHashCode(double obj) => 0;
    }
}
