using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Methods;

namespace GradCamSharp.Evaluation.Tests.Metrics;

/// <summary>
/// Cases worked by hand, and how often the set errs on data whose truth is known: noise as Grad-CAM and Grad-CAM++ differ by. The whole
/// number of trials: GRADCAM_ALL_REFERENCES=1.
/// </summary>
public sealed class ModelConfidenceSetTests(ITestOutputHelper output)
{
    // The deviation of ROAD's difference a picture between Grad-CAM and Grad-CAM++ on the 40 photos.
    private const double Deviation = 0.095;

    private static int Trials => Environment.GetEnvironmentVariable("GRADCAM_ALL_REFERENCES") == "1" ? 200 : 60;

    [Fact]
    public void Of_TwoCandidatesOnFourPictures_HasTheBinomialP()
    {
        // Differences 1, 1, 1, -1: a draw's mean is 1 - B / 2, B binomial (4, 1/4); it lies 0.5 or more from 0.5 unless B is 1: 0.578.
        var means = new PairedMeans([[1, 1, 1, 0], [0, 0, 0, 1]], new Bootstrap(4));
        var set = ModelConfidenceSet.Of(means, [0, 1]);
        Assert.Equal(1 - (4 * 0.25 * Math.Pow(0.75, 3)), set.P(1), 0.02);
        Assert.Equal(1, set.P(0));
        Assert.Equal([0, 1], set.Left);
        Assert.Equal(0.5, means.Difference(0, 1));
        Assert.Equal(Math.Sqrt(0.75 / 4), means.Error(0, 1), 0.01);
    }

    [Fact]
    public void Of_CandidatesThatNeverDiffer_KeepsBoth()
    {
        double[] values = [.. Enumerable.Range(0, 20).Select(i => i / 20.0)];
        Assert.Equal([0, 1], ModelConfidenceSet.Of(new PairedMeans([values, values], new Bootstrap(20)), [0, 1]).Left);
    }

    [Fact]
    public void Of_OneCandidate_IsLeft() =>
        Assert.Equal([1], ModelConfidenceSet.Of(new PairedMeans([[1, 2], [3, 4]], new Bootstrap(2)), [1]).Left);

    [Fact]
    public void Of_PicturesWithoutAFigure_CountForNobody()
    {
        var means = new PairedMeans([[1, 2, double.NaN, 4], [0, 1, 100, double.NaN]], new Bootstrap(4));
        Assert.Equal((2, 1.5, 0.5), (means.Pictures, means.Mean(0), means.Mean(1)));
    }

    [Fact]
    public void Of_NoPictureWithAllFigures_TellsNothingApart()
    {
        var means = new PairedMeans([[double.NaN], [1]], new Bootstrap(1));
        Assert.Equal([0, 1], ModelConfidenceSet.Of(means, [0, 1]).Left);
        Assert.False(means.AreAbove([0], 1));
    }

    [Fact]
    public void AreAbove_ClearlyAboveAndNot_Tells()
    {
        double[] noise = [.. Enumerable.Range(0, 50).Select(i => 0.1 * new RandomNumbers(7).Normal(i))];
        double[] above = [.. noise.Select(v => v + 0.2)], none = [.. noise.Reverse()], baseline = new double[50];
        var means = new PairedMeans([above, none, baseline], new Bootstrap(50));
        Assert.True(means.AreAbove([0], 2));
        Assert.False(means.AreAbove([0, 1], 2));
    }

    [Fact]
    public void Stability_OneAheadOnEveryPicture_IsOne()
    {
        var means = new PairedMeans([[1, 2, 3], [0, 1, 2.5]], new Bootstrap(3));
        Assert.Equal((1, 0), (means.Stability([0, 1]), means.Best([0, 1])));
    }

    [Theory]
    [InlineData(2, 40, 0.08)]
    [InlineData(2, 100, 0.08)]
    [InlineData(2, 200, 0.08)]
    [InlineData(6, 40, 0.03)]
    [InlineData(6, 100, 0.03)]
    [InlineData(6, 200, 0.03)]
    public void Of_EqualTruths_SeldomLeavesOneAlone(int candidates, int pictures, double most)
    {
        double share = Share(candidates, pictures, lead: 0, set => set.Left.Count == 1);
        output.WriteLine(FormattableString.Invariant($"{candidates} candidates, {pictures} pictures: one alone in {share:0.000}"));
        Assert.InRange(share, 0, most);
    }

    [Theory]
    [InlineData(100, 0.8)]
    [InlineData(200, 0.95)]
    public void Of_OneOfSixAheadBy4Points_FindsItAlone(int pictures, double least)
    {
        double share = Share(6, pictures, lead: 0.04, set => set.Left.Count == 1 && set.Contains(0));
        output.WriteLine(FormattableString.Invariant($"{pictures} pictures: found alone in {share:0.000}"));
        Assert.InRange(share, least, 1);
    }

    [Theory]
    [InlineData(2, 40, 0.02)]
    [InlineData(6, 40, 0.02)]
    [InlineData(6, 100, 0.04)]
    public void Of_TrulyBest_IsSeldomThrownOut(int candidates, int pictures, double lead) =>
        Assert.InRange(Share(candidates, pictures, lead, set => !set.Contains(0)), 0, 0.05);

    private static double Share(int candidates, int pictures, double lead, Func<ModelConfidenceSet, bool> happens)
    {
        int count = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            var random = RandomNumbers.Named((ulong)trial, FormattableString.Invariant($"{candidates}/{pictures}/{lead}"));
            double[][] values = [.. Enumerable.Range(0, candidates).Select(c => Enumerable.Range(0, pictures).Select(i =>
                random[0].Uniform(i) + (c == 0 ? lead : 0) + (Deviation / Math.Sqrt(2) * random[c + 1].Normal(i))).ToArray())];
            var means = new PairedMeans(values, new Bootstrap(pictures, (ulong)trial, draws: 1000));
            count += happens(ModelConfidenceSet.Of(means, [.. Enumerable.Range(0, candidates)])) ? 1 : 0;
        }

        return (double)count / Trials;
    }
}
