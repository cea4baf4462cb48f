namespace GradCamSharp.Studies.Tests;

public sealed class SignTestTests
{
    [Theory]
    [InlineData(8, 2, 2 * (1 + 10 + 45) / 1024.0)]
    [InlineData(2, 8, 2 * (1 + 10 + 45) / 1024.0)]
    [InlineData(10, 0, 2 / 1024.0)]
    [InlineData(3, 2, 1)] // 2 (1 + 5 + 10) / 32
    [InlineData(4, 4, 1)] // both tails hold the middle: more than 1, so 1
    [InlineData(0, 0, 1)]
    [InlineData(1, 0, 1)]
    public void Of_SmallCounts_IsTheBinomialByHand(int a, int b, double p)
    {
        var test = SignTest.Of(Pictures(a, b, 7));
        Assert.Equal((a, b, 7), (test.A, test.B, test.Ties));
        Assert.Equal(p, test.P, 12);
    }

    [Fact]
    public void Of_ThousandsOfPictures_DoesNotUnderflow()
    {
        // Equally many: 1. Where 2^-n is 0 in double, 1000 to 1100 is 2.2 standard deviations off: p near 0.03.
        Assert.Equal(1, SignTest.Of(Pictures(1000, 1000, 0)).P, 9);
        Assert.InRange(SignTest.Of(Pictures(1000, 1100, 0)).P, 0.029, 0.032);
    }

    [Fact]
    public void Of_APicture_IsOneObservation()
    {
        // 13 answers to 0 on one picture, 1 to 2 on another, 5 to 5 on a third.
        var test = SignTest.Of([[13, 0, 0], [1, 2, 10], [5, 5, 3]]);
        Assert.Equal((1, 1, 1), (test.A, test.B, test.Ties));
    }

    private static IEnumerable<int[]> Pictures(int a, int b, int ties) => Enumerable.Repeat<int[]>([2, 1, 0], a)
        .Concat(Enumerable.Repeat<int[]>([1, 2, 0], b)).Concat(Enumerable.Repeat<int[]>([1, 1, 3], ties));
}
