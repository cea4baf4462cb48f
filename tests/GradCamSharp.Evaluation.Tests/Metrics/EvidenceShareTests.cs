using GradCamSharp.Evaluation.Metrics;

namespace GradCamSharp.Evaluation.Tests.Metrics;

public class EvidenceShareTests
{
    [Fact]
    public void Of_PixelOfBoth_IsTheObjectsOwn()
    {
        var share = EvidenceShare.Of([1, 2, 4, 1], [true, true, false, false], [false, true, true, false]);
        Assert.Equal(3 / 8.0, share.Own, 12);
        Assert.Equal(4 / 8.0, share.Others, 12);
        Assert.False(share.IsHit);
    }

    [Fact]
    public void Of_SeveralMaxima_TheFirstPoints()
    {
        Assert.True(EvidenceShare.Of([1, 1], [true, false], [false, true]).IsHit);
        Assert.False(EvidenceShare.Of([1, 1], [false, true], [true, false]).IsHit);
    }

    [Fact]
    public void Of_EmptyMap_IsNowhere() => Assert.Equal(default, EvidenceShare.Of([0, 0], [true, false], [false, true]));

    [Theory]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Of_NoEvidence_IsRefused(float value) =>
        Assert.Throws<ArgumentException>(() => EvidenceShare.Of([value, 1], [true, false], [false, true]));

    [Fact]
    public void Of_OtherLengths_IsRefused() => Assert.Throws<ArgumentException>(() => EvidenceShare.Of([1, 1], [true], [false, true]));
}
