using GradCamSharp.Evaluation.Metrics;

namespace GradCamSharp.Evaluation.Tests.Metrics;

public sealed class MeanIntervalTests
{
    // From tables of Student's t distribution, two-sided 95 %.
    [Theory]
    [InlineData(1, 12.706)]
    [InlineData(2, 4.303)]
    [InlineData(3, 3.182)]
    [InlineData(4, 2.776)]
    [InlineData(9, 2.262)]
    [InlineData(29, 2.045)]
    [InlineData(120, 1.980)]
    public void Student_Degrees_IsTheTablesQuantile(int degrees, double expected) =>
        Assert.Equal(expected, MeanInterval.Student(degrees), 0.02);

    // 1, 2, 3, 4: mean 2.5, standard deviation 1.2910, standard error 0.6455, t of 3 degrees 3.182.
    [Fact]
    public void Of_Differences_IsStudentsInterval()
    {
        var interval = MeanInterval.Of([1, 2, 3, 4]);
        Assert.Equal(2.5, interval.Mean, 12);
        Assert.Equal(2.5 - (3.182 * 0.6455), interval.Low, 0.02);
        Assert.Equal(2.5 + (3.182 * 0.6455), interval.High, 0.02);
        Assert.True(interval.ExcludesZero);
        Assert.False(MeanInterval.Of([1, -2, 3, -1]).ExcludesZero);
    }

    [Fact]
    public void Of_OneDifferenceOrNone_SaysNothing()
    {
        Assert.False(MeanInterval.Of([]).ExcludesZero);
        Assert.False(MeanInterval.Of([5]).ExcludesZero);
    }

    // All alike: there is no doubt. All 0: there is no difference.
    [Fact]
    public void Of_EqualDifferences_IsAPoint()
    {
        Assert.True(MeanInterval.Of([2, 2, 2]).ExcludesZero);
        Assert.False(MeanInterval.Of([0, 0, 0]).ExcludesZero);
    }

    // Two of two is no certainty; twenty of twenty is.
    [Fact]
    public void OfAnswers_AllAgree_IsSureOfManyOnly()
    {
        Assert.False(MeanInterval.OfAnswers([1, 1], 1).ExcludesZero);
        var many = MeanInterval.OfAnswers([.. Enumerable.Repeat(1.0, 20)], 1);
        Assert.True(many.ExcludesZero);
        Assert.Equal(1, many.Mean);
    }

    // Two classes, the means of which are 1 and 0.
    [Fact]
    public void Of_Weights_IsTheMeanOfTheClassesMeans() =>
        Assert.Equal(0.5, MeanInterval.Of([1, 0, 0, 0], [1, 1 / 3.0, 1 / 3.0, 1 / 3.0]).Mean, 12);
}
