using GradCamSharp.Evaluation.Metrics;

namespace GradCamSharp.Evaluation.Tests.Metrics;

public sealed class WinsTests
{
    // Of eight pictures the first wins 5, the second 1, 2 are equal: 62.5, 12.5 and 25 %, and with half of the ties 75 and 25 %.
    [Fact]
    public void Add_EightPictures_ReportsTiesApartAndHalfToEach()
    {
        var wins = new Wins();
        for (int i = 0; i < 5; i++)
            wins.Add(0.5, 0.25);
        wins.Add(0.25, 0.5);
        wins.Add(0.5, 0.5);
        wins.Add(0, 0);
        Assert.Equal((62.5, 12.5, 25.0), (wins.First, wins.Second, wins.Ties));
        Assert.Equal((75.0, 25.0), (wins.FirstWithTies, wins.SecondWithTies));
    }

    [Fact]
    public void First_NothingAdded_IsZero() => Assert.Equal((0, 0, 0), (new Wins().First, new Wins().Second, new Wins().Ties));
}
