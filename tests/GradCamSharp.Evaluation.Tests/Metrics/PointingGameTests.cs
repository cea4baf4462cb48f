using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.Tests.Metrics;

public sealed class PointingGameTests
{
    private static readonly PixelSize Size = new(40, 30);

    // The box's pixels go from 20 to 24 across and from 10 to 14 down.
    [Theory]
    [InlineData(22, 12, true)] // in it
    [InlineData(5, 10, true)] // 15 px to its left
    [InlineData(4, 10, false)] // 16 px
    [InlineData(39, 14, true)] // 15 px to its right
    [InlineData(24, 29, true)] // 15 px below
    [InlineData(11, 22, true)] // 9 px to its left, 8 below: 12.04
    [InlineData(11, 26, true)] // 9 and 12: exactly 15
    [InlineData(10, 26, false)] // 10 and 12: 15.6
    public void Hit_MaximumNearTheBox_IsWithinFifteenPixels(int x, int y, bool expected) =>
        Assert.Equal(expected, PointingGame.Hit(Spot(x, y), Size, [new PixelBox(20, 10, 5, 5)]));

    [Fact]
    public void Hit_AnyBoxOfTheClass_Counts() =>
        Assert.True(PointingGame.Hit(Spot(0, 0), Size, [new PixelBox(30, 20, 5, 5), new PixelBox(0, 10, 5, 5)]));

    [Fact]
    public void Hit_SeveralMaxima_TakesTheFirstRowByRow()
    {
        float[] map = Spot(39, 0);
        map[(29 * 40) + 0] = 1;
        Assert.True(PointingGame.Hit(map, Size, [new PixelBox(36, 0, 4, 4)], 0));
        Assert.False(PointingGame.Hit(map, Size, [new PixelBox(0, 26, 4, 4)], 0));
    }

    [Fact]
    public void Hit_EmptyMap_IsNone() => Assert.False(PointingGame.Hit(new float[40 * 30], Size, [new PixelBox(0, 0, 40, 30)]));

    [Fact]
    public void Hit_WrongSize_IsRefused() => Assert.Throws<ArgumentException>(() => PointingGame.Hit(new float[5], Size, []));

    private static float[] Spot(int x, int y)
    {
        float[] map = new float[Size.Width * Size.Height];
        Array.Fill(map, 0.5f);
        map[(y * Size.Width) + x] = 1;
        return map;
    }
}
