using GradCamSharp.Evaluation.Metrics;

namespace GradCamSharp.Evaluation.Tests.Metrics;

public sealed class CurveTests
{
    // Three steps from 0 to 1: trapezoids (0 + 0.4) / 2 + (0.4 + 1) / 2 + (1 + 0.8) / 2 = 1.8, each a third wide: 0.6.
    [Fact]
    public void Area_FourValues_IsTheTrapezoids() => Assert.Equal(0.6, Curve.Area([0, 0.4, 1, 0.8]), 12);

    [Fact]
    public void Area_Constant_IsThatValue() => Assert.Equal(0.25, Curve.Area([0.25, 0.25]));

    [Fact]
    public void Area_OneValue_IsRefused() => Assert.Throws<ArgumentException>(() => Curve.Area([1]));
}
