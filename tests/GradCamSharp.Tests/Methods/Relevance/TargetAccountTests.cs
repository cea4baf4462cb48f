using GradCamSharp.Errors;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using GradCamSharp.Tests.Oracle;

namespace GradCamSharp.Tests.Methods.Relevance;

/// <summary>Where the score of a target goes: of boxes, masks and key points as of classes.</summary>
public class TargetAccountTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("yolov8", "box:0", "box:1")]
    [InlineData("detr", "box:0", "box:1")]
    [InlineData("segmentation", "class:top1@mask", "class:1@4,5")]
    [InlineData("keypoints", "keypoint:0", "keypoint:1")]
    public void Account_OfTargets_IsOfTheScoreAndCloses(string network, string first, string second)
    {
        var oracle = new TargetCase(network);
        using var explainer = oracle.Load();
        var result = explainer.Explain(
            oracle.Input(explainer), [RelevanceMethods.Zero, RelevanceMethods.Auto], [.. Target.Parse(first), .. Target.Parse(second)],
            Token);
        Assert.NotEmpty(result.Explanations);
        foreach (var e in result.Explanations)
        {
            var account = e.Account!;
            Assert.Equal(e.Score, account.Score, 1e-4 * Math.Max(1, Math.Abs(e.Score)));
            Assert.InRange(account.Error, 0, RelevanceAccount.Limit);
            Assert.Equal(e.Raw.ToArray().Sum(v => (double)v), account.Input, 1e-5 * account.InputMagnitude);
            Assert.Equal(e.Method == RelevanceMethods.Auto, e.Note is not null);
        }
    }

    [Fact]
    public void Account_OfAMethodThatSharesOutNothing_IsNotThere()
    {
        var oracle = new TargetCase("yolov8");
        using var explainer = oracle.Load();
        var result = explainer.Explain(oracle.Input(explainer), [new HiResCam(), new DeepLiftRescale()], Target.Parse("box:0"), Token);
        Assert.All(result.Explanations, e => Assert.Null(e.Account));
        Assert.Null(result.Explanations[0].Residual);
        Assert.InRange(result.Explanations[1].Residual!.Value, 0, 1e-4);
    }

    [Fact]
    public void Explain_RulesThatLoseRelevance_NamesTheNode()
    {
        var rules = RelevanceMethods.Zero.Composite!.ToRuleSet("lossy").With("Conv", static c => c.With(c.Dy * 0.5).Derivative());
        var oracle = new TargetCase("yolov8");
        using var explainer = oracle.Load();
        var refusal = Assert.Throws<ExplanationException>(() => explainer.Explain(
            oracle.Input(explainer), [RelevanceMethods.Auto with { Rules = rules }], Target.Parse("box:0"), Token));
        Assert.Equal(ExplanationError.OpenAccount, refusal.Kind);
        Assert.Contains("Conv '", refusal.Message, StringComparison.Ordinal);
    }
}
