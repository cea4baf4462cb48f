using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.Tests.Metrics;

/// <summary>Cases worked by hand, and what is undefined.</summary>
public sealed class TrustMetricsTests
{
    [Fact]
    public void Ranks_EqualValues_ShareTheMeanOfTheirs() =>
        Assert.Equal([2.5, 1, 4, 2.5], Correlation.Ranks<double>([3, 1, 7, 3]));

    [Fact]
    public void Pearson_SeriesWithoutVariation_IsUndefined() => Assert.Null(Correlation.Pearson<float>([1, 1, 1], [1, 2, 3]));

    [Fact]
    public void Falling_EqualPixels_GoInTheRandomOrder() =>
        Assert.Equal([2, 3, 1, 0], Road.Falling([0.5f, 0.5f, 1, 0.5f], [3, 1, 0, 2]));

    [Fact]
    public void MuFidelity_MapOfOneValue_IsUndefined()
    {
        var size = new PixelSize(20, 20);
        bool[][] sets = [.. Enumerable.Range(0, 8).Select(i => MuFidelity.Painted(1, "a", i))];
        Assert.All(sets, set => Assert.Equal(16, set.Count(c => c)));
        double[] evidence = [5, 5, 5, 5, 5, 5, 5, 5];
        var undefined = MuFidelity.Of(evidence, [1, 2, 3, 4, 5, 6, 7, 8]);
        Assert.Equal((null, null), (undefined.Rank, undefined.Linear));
        Assert.Equal(81, MuFidelity.CellOf(19, 19, size) + 1);
    }

    [Theory]
    [InlineData(0.5, 0.5, 0.5, 0.5)]
    [InlineData(0, 1, 1, 0)]
    [InlineData(-0.1, 1, 1, 0)]
    public void Harmonic_Parts_AreZeroAsSoonAsOneIs(double a, double b, double c, double expected) =>
        Assert.Equal(expected, Adcc.Harmonic(a, b, c), 1e-12);

    [Fact]
    public void Sensitivity_EmptyMap_IsUndefined() => Assert.Null(Sensitivity.Of([0, 0], [[0, 1]]).Max);

    [Fact]
    public void Consistency_MapThatFollows_IsOne()
    {
        var size = new PixelSize(28, 28);
        float[] map = [.. Enumerable.Range(0, 28 * 28).Select(i => i % 97 / 97f)];
        foreach (var change in Consistency.Changes)
        {
            float[] moved = new float[map.Length];
            for (int i = 0; i < moved.Length; i++)
            {
                var (y, x) = Consistency.Source(change, i / 28, i % 28, size);
                moved[i] = map[(y * 28) + x];
            }

            Assert.Equal(1, Consistency.Of(map, moved, change, size)!.Value, 1e-12);
        }
    }

    [Fact]
    public void MassAndRank_MapWithTies_CountsThemByTheirShare()
    {
        // k = 2: one pixel is larger, three tie for the second place, one of which lies inside.
        var measured = MassAndRank.Of([1, 0.5f, 0.5f, 0.5f], [true, true, false, false]);
        Assert.Equal(0.6, measured.Mass!.Value, 1e-12);
        Assert.Equal((1 + (1.0 / 3)) / 2, measured.Rank!.Value, 1e-12);
        Assert.Equal(0.5, measured.Area);
        Assert.Equal((0.0, 0.0), (MassAndRank.Of([0, 0], [true, false]).Mass, MassAndRank.Of([0, 0], [true, false]).Rank));
        Assert.Null(MassAndRank.Of([0, 1], [false, false]).Mass);
    }

    [Fact]
    public void BoxAccuracy_PartsThatTouchAtACorner_AreOne()
    {
        var size = new PixelSize(4, 4);
        float[] map = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        var measured = BoxAccuracy.Of(map, size, [new PixelBox(0, 0, 2, 2)]);
        Assert.Equal(1, measured.Any[10]);
        Assert.Equal(1, measured.Largest[10]);
        Assert.All(BoxAccuracy.Of(new float[16], size, [new PixelBox(0, 0, 2, 2)]).Any, o => Assert.Equal(0, o));
        Assert.Equal(1, BoxAccuracy.MaxBoxAccV2([measured.Any]));
    }

    [Fact]
    public void Sparseness_OnePixel_IsAsConcentratedAsCanBe()
    {
        Assert.Equal(0.75, Sparseness.Of([0, 0, 1, 0]).Gini!.Value, 1e-12);
        Assert.Equal(0, Sparseness.Of([0, 0, 1, 0]).Entropy!.Value, 1e-12);
        Assert.Equal(1, Sparseness.Of([1, 1, 1, 1]).Entropy!.Value, 1e-12);
        Assert.Null(Sparseness.Of([0, 0]).Gini);
    }

    [Fact]
    public void RunnerUp_EqualScores_IsTheFirst()
    {
        Assert.Equal(0, RandomLogit.RunnerUp([2, 3, 2], 1));
        Assert.Null(RandomLogit.RunnerUp([2], 0));
    }

    [Fact]
    public void Bootstrap_Groups_AreDrawnTogether()
    {
        var bootstrap = new Bootstrap(4, draws: 50, groups: ["a", "b", "a", "b"]);
        Assert.All(Enumerable.Range(0, 50), draw =>
        {
            var pictures = bootstrap.Pictures(draw);
            Assert.Equal(pictures.Count(p => p == 0), pictures.Count(p => p == 2));
        });
        Assert.Equal([double.NaN], new Bootstrap(1, draws: 1).Means([[double.NaN]])[0]);
    }
}
