using GradCamSharp.Evaluation.Metrics;

namespace GradCamSharp.Evaluation.Tests.Metrics;

public sealed class ConfidenceDropTests
{
    // (Y, O): 0.8 -> 0.6 loses a quarter; 0.5 -> 0.7 loses nothing and gains; 0.4 -> 0.4 neither; 0.2 -> 0 loses all.
    // Average drop (0.25 + 0 + 0 + 1) / 4 = 31.25 %; increase 1 of 4.
    [Fact]
    public void Add_FourPictures_GivesAverageDropAndIncrease()
    {
        var faithfulness = new ConfidenceDrop();
        foreach (var (whole, masked) in (ReadOnlySpan<(double, double)>)[(0.8, 0.6), (0.5, 0.7), (0.4, 0.4), (0.2, 0)])
            faithfulness.Add(whole, masked);
        Assert.Equal(31.25, faithfulness.AverageDrop, 12);
        Assert.Equal(25, faithfulness.Increase);
        Assert.Equal(4, faithfulness.Count);
    }

    [Fact]
    public void Add_ConfidenceOfZero_LosesNothing()
    {
        var faithfulness = new ConfidenceDrop();
        faithfulness.Add(0, 0);
        faithfulness.Add(0, 0.1);
        Assert.Equal((0, 50), (faithfulness.AverageDrop, faithfulness.Increase));
    }

    [Fact]
    public void AverageDrop_NothingAdded_IsZero() =>
        Assert.Equal((0, 0), (new ConfidenceDrop().AverageDrop, new ConfidenceDrop().Increase));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    public void Add_NoProbability_IsRefused(double value)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConfidenceDrop().Add(value, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConfidenceDrop().Add(0.5, value));
    }
}
