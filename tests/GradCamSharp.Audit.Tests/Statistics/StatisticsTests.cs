using GradCamSharp.Audit.Statistics;

namespace GradCamSharp.Audit.Tests.Statistics;

/// <summary>Expected figures are SciPy's.</summary>
public sealed class StatisticsTests
{
    [Theory]
    [InlineData(7, 20, 10, 80, 0.0017527953145124178)]
    [InlineData(60, 200, 260, 1800, 1.1493300765194895e-09)]
    public void Greater_OfCounts_IsFishersExactTest(int inGroup, int group, int inAll, int all, double expected) =>
        Assert.Equal(1, FisherExact.Greater(inGroup, group, inAll, all) / expected, 1e-8);

    [Fact]
    public void Greater_OfNothingInGroup_IsSure() => Assert.Equal(1, FisherExact.Greater(0, 5, 3, 20), 1e-12);

    [Fact]
    public void Greater_OfValues_IsTheTestOfMannAndWhitney() => Assert.Equal(
        0.030814143472430635, MannWhitney.Greater([1.5, 2, 2, 7, 9, 4.25, 8], [1, 2, 3, 3, 0.5, 2, 1.25, 4.25, 0]), 1e-9);

    [Fact]
    public void Greater_OfEqualValues_IsNothing() => Assert.Equal(1, MannWhitney.Greater([2, 2], [2, 2, 2]));

    [Theory]
    [InlineData(0.5, 0.3085375387259869)]
    [InlineData(2.9, 0.0018658133003840375)]
    [InlineData(3.1, 0.0009676032132183563)]
    [InlineData(8, 6.22096057427174e-16)]
    [InlineData(-1.3, 0.9031995154143897)]
    public void Above_OfZ_IsTheNormalTail(double z, double expected) => Assert.Equal(1, Normal.Above(z) / expected, 1e-9);

    [Fact]
    public void Holm_OfValues_MultipliesByWhatIsLeft()
    {
        double[] expected = [0.03, 0.06, 0.06, 0.02];
        Assert.All(expected.Zip(Corrections.Holm([0.01, 0.04, 0.03, 0.005])), p => Assert.Equal(p.First, p.Second, 1e-12));
    }

    [Fact]
    public void BenjaminiHochberg_OfValues_MultipliesByNumberOverRank()
    {
        double[] expected = [0.02, 0.04, 0.04, 0.02];
        Assert.All(expected.Zip(Corrections.BenjaminiHochberg([0.01, 0.04, 0.03, 0.005])), p => Assert.Equal(p.First, p.Second, 1e-12));
    }

    [Fact]
    public void OfNumbers_ThatRiseWithTheClass_TellIt()
    {
        // H of SciPy's kruskal is 6.046783625730991; epsilon squared is H (n + 1) / (n^2 - 1).
        double[] values = [1, 2, 3, 9, 4, 5, 6, 6, 7, 8, 10, 11];
        int[] classes = [0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2];
        var tells = ClassTells.OfNumbers(values, classes, 1);
        Assert.Equal(6.046783625730991 * 13 / 143, tells.Strength, 1e-9);
        Assert.InRange(tells.P, 0.005, 0.1);
    }

    [Fact]
    public void OfNames_IsCramersV()
    {
        // Chi squared of SciPy is 14.581308887191241 for the counts [[10, 2, 3], [1, 12, 4]].
        var pairs = new List<(int Name, int Class)>();
        foreach (var (name, @class, count) in ((int, int, int)[])[(0, 0, 10), (0, 1, 2), (0, 2, 3), (1, 0, 1), (1, 1, 12), (1, 2, 4)])
            pairs.AddRange(Enumerable.Repeat((name, @class), count));
        double n = pairs.Count, phi = (14.581308887191241 / n) - (1.0 * 2 / (n - 1)), rows = 2 - (1 / (n - 1));
        var tells = ClassTells.OfNames([.. pairs.Select(p => p.Name)], [.. pairs.Select(p => p.Class)], 1);
        Assert.Equal(Math.Sqrt(phi / (rows - 1)), tells.Strength, 1e-9);
        Assert.InRange(tells.P, 0.0009, 0.02);
    }
}
