namespace GradCamSharp.Tests;

public sealed class MedianTests
{
    [Theory]
    [InlineData(new double[] { 3 }, 3)]
    [InlineData(new double[] { 9, 1, 2 }, 2)]
    [InlineData(new double[] { 4, 1, 8, 2 }, 3)]
    public void Of_Values_IsTheMiddle(double[] values, double expected) => Assert.Equal(expected, Median.Of(values));

    [Fact]
    public void Of_NoValues_IsRefused() => Assert.Throws<ArgumentException>(() => Median.Of([]));
}
