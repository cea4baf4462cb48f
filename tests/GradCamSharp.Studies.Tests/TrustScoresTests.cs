namespace GradCamSharp.Studies.Tests;

public sealed class TrustScoresTests
{
    [Fact]
    public void Of_UnequalNumbersOfAnswers_EveryPictureCountsOne()
    {
        // 3 of 4, 0 of 1, 1 of 2 for A; the picture without answers counts nothing.
        var scores = TrustScores.Of([[3, 1, 0], [0, 0, 1], [1, 1, 0], [0, 0, 0]]);
        Assert.Equal(0.75 + 0.5, scores.A);
        Assert.Equal(0.25 + 0.5, scores.B);
        Assert.Equal(1, scores.Same);
        Assert.Equal(3, scores.Sum);
    }

    [Fact]
    public void Of_NoAnswers_IsZero() => Assert.Equal(default, TrustScores.Of([]));
}
