using GradCamSharp.Evaluation.Experiments.Comparing;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Methods;

namespace GradCamSharp.Evaluation.Tests.Experiments.Comparing;

/// <summary>The four answers, and what decides where faithfulness does not.</summary>
public sealed class RecommendationTests
{
    private const int Pictures = 80;

    [Fact]
    public void Of_OneAheadByBothMeasures_RecommendsIt()
    {
        var found = Recommendation.Of(Evidence([0.3, 0.5, 0.1], [0.3, 0.5, 0.1]));
        Assert.Equal((CompareAnswer.One, 1, 1, 0), (found.Answer, found.Recommended, found.Best, found.Next));
        Assert.True(found.P[0] < ModelConfidenceSet.Level);
        Assert.InRange(found.Stability, 0.99, 1);
    }

    [Fact]
    public void Of_MeasuresThatDisagree_RecommendsNothing()
    {
        var found = Recommendation.Of(Evidence([0.3, 0.5, 0.1], [0.5, 0.3, 0.1]));
        Assert.Equal((CompareAnswer.Disagreement, (int?)null, 1, 0), (found.Answer, found.Recommended, found.Best, found.SecondBest));
    }

    [Fact]
    public void Of_SecondMeasureThatTellsNothingApart_StillRecommends()
    {
        var found = Recommendation.Of(Evidence([0.3, 0.5, 0.1], [0.4, 0.4, 0.1]));
        Assert.Equal((CompareAnswer.One, 1), (found.Answer, found.Recommended));
        Assert.Equal([0, 1], found.SecondLeft);
    }

    [Fact]
    public void Of_NothingAboveTheCentre_RecommendsNothing()
    {
        var found = Recommendation.Of(Evidence([0.3, 0.5, 0.5], [0.3, 0.5, 0.5]));
        Assert.Equal((CompareAnswer.NothingBeatsCentre, (int?)null), (found.Answer, found.Recommended));
    }

    [Fact]
    public void Of_NothingPasses_SaysSo() =>
        Assert.Equal(
            CompareAnswer.NothingPasses, Recommendation.Of(Evidence([0.3, 0.5, 0.1], [0.3, 0.5, 0.1]) with { Passing = [] }).Answer);

    [Fact]
    public void Of_OneCandidate_HasToBeatTheCentreAlone()
    {
        var evidence = Evidence([0.3, 0.5, 0.1], [0.3, 0.5, 0.1]) with { Passing = [0] };
        var found = Recommendation.Of(evidence);
        Assert.Equal((CompareAnswer.One, 0, (int?)null), (found.Answer, found.Recommended, found.Next));
    }

    [Fact]
    public void Of_NoDifference_SaysWhatWouldHaveBeenFound()
    {
        var evidence = Evidence([0.5, 0.5, 0.1], [0.5, 0.5, 0.1]);
        var found = Recommendation.Of(evidence);
        Assert.Equal(CompareAnswer.NoDifference, found.Answer);
        double error = evidence.Primary.Error(0, 1);
        Assert.Equal(2.8 * error, found.SmallestDifference!.Value, 1e-12);
        Assert.Equal((int)Math.Ceiling(Math.Pow(2.8 * error * Math.Sqrt(Pictures) / 0.02, 2)), found.PicturesNeeded);
    }

    [Theory]
    [InlineData(0.8, 0.3, 0.4, 0.4, 1.0, 1.0, 1, ChosenBy.Specific)]
    [InlineData(0.5, 0.5, 0.4, 0.7, 1.0, 1.0, 1, ChosenBy.Mass)]
    [InlineData(0.5, 0.5, 0.4, 0.4, 2.0, 1.0, 1, ChosenBy.Cost)]
    [InlineData(0.5, 0.5, 0.4, 0.4, 1.02, 1.0, 0, ChosenBy.Default)]
    public void Of_NoDifference_TakesByTheFirstThatTells(
        double logit0, double logit1, double mass0, double mass1, double cost0, double cost1, int chosen, ChosenBy by)
    {
        var found = Recommendation.Of(Evidence([0.5, 0.5, 0.1], [0.5, 0.5, 0.1]) with
        {
            Specific = Means([-logit0, -logit1, -1], 3),
            Mass = Means([mass0, mass1, 0.2], 4),
            Costs = [cost0, cost1, double.PositiveInfinity],
            Default = "first",
        });
        Assert.Equal((CompareAnswer.NoDifference, chosen, by), (found.Answer, found.Recommended, found.ChosenBy));
    }

    private static Evidence Evidence(double[] primary, double[] second) =>
        new(["first", "second", "centre"], [0, 1], 2, Means(primary, 1), Means(second, 2));

    private static PairedMeans Means(double[] truths, ulong seed) => new(
        [.. truths.Select((t, c) => Enumerable.Range(0, Pictures).Select(i =>
            t + (0.1 * new RandomNumbers(seed)[c].Normal(i)) - (0.1 * Mean(new RandomNumbers(seed)[c]))).ToArray())],
        new Bootstrap(Pictures, 1, draws: 2000));

    // Equal truths are equal to the last digit: noise has no mean of its own here.
    private static double Mean(RandomNumbers random) => Enumerable.Range(0, Pictures).Average(i => random.Normal(i));
}
