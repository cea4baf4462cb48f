using GradCamSharp.Checking;

namespace GradCamSharp.Tests.Checking;

public sealed class LineIntegralTests
{
    private const int Size = 400;

    // S = sum of w relu(a - 1/2): a function with kinks everywhere, whose gradient is w where a > 1/2.
    private static readonly float[] Weights = LineIntegral.Gaussian(new Random(7), Size, 1);

    private static readonly float[] Point = LineIntegral.Gaussian(new Random(8), Size, 1);

    [Fact]
    public void LargestError_RightGradient_IsTiny() =>
        Assert.InRange(Error((_, g) => g), 0, GradientSelfTest.KinkedLimit / 2);

    [Fact]
    public void LargestError_Zeros_IsOne() =>
        Assert.InRange(Error((_, _) => 0), GradientSelfTest.KinkedLimit * 10, double.PositiveInfinity);

    [Fact]
    public void LargestError_HalfOfTheElementsMissing_IsLarge() =>
        Assert.InRange(Error((i, g) => i % 2 == 0 ? g : 0), GradientSelfTest.KinkedLimit * 3, double.PositiveInfinity);

    [Fact]
    public void LargestError_TenPercentTooLarge_IsAboveTheLimit() =>
        Assert.InRange(Error((_, g) => 1.1f * g), GradientSelfTest.KinkedLimit, 0.2);

    [Fact]
    public void LargestError_NegativeSign_IsLarge() =>
        Assert.InRange(Error((_, g) => -g), 0.5, double.PositiveInfinity);

    [Fact]
    public void LargestError_NotANumber_IsInfinite() =>
        Assert.Equal(double.PositiveInfinity, Error((_, _) => float.NaN));

    [Fact]
    public void LargestError_ConstantFunction_IsZero() =>
        Assert.Equal(0, LineIntegral.LargestError(
            Point, [0], 3, GradientSelfTest.KinkedLimit, (_, _) => ([3], new float[Size]), TestContext.Current.CancellationToken));

    [Fact]
    public void LargestError_Cancelled_Throws()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => LineIntegral.LargestError(
            Point, [0], 3, GradientSelfTest.KinkedLimit, (_, _) => ([0], new float[Size]), stop.Token));
    }

    private static double Error(Func<int, float, float> distort) => LineIntegral.LargestError(
        Point,
        [0],
        3,
        GradientSelfTest.KinkedLimit,
        (a, _) => (
            [(float)Enumerable.Range(0, Size).Sum(i => (double)Weights[i] * Math.Max(0, a[i] - 0.5))],
            [.. Enumerable.Range(0, Size).Select(i => distort(i, a[i] > 0.5 ? Weights[i] : 0))]),
        TestContext.Current.CancellationToken);
}
