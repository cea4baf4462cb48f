using GradCamSharp.Evaluation.Baselines;
using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.Tests.Baselines;

public sealed class CentreBaselineTests
{
    // Distances of the pixels' centres from the middle, in half sides: the middle one 0, its neighbours 2/3, the corners sqrt(8)/3.
    [Fact]
    public void Map_ThreeByThree_FallsFromTheMiddleToTheCorners()
    {
        float side = 1 - (2 / MathF.Sqrt(8));
        Assert.Equal([0, side, 0, side, 1, side, 0, side, 0], CentreBaseline.Map(new PixelSize(3, 3)), (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    [Fact]
    public void Map_OnePixel_IsOne() => Assert.Equal([1f], CentreBaseline.Map(new PixelSize(1, 1)));

    [Fact]
    public void Map_WidePicture_IsAsWideAsThePicture()
    {
        float[] map = CentreBaseline.Map(new PixelSize(9, 3));
        Assert.Equal(1, map[9 + 4]);
        Assert.Equal(map.Reverse(), map, (a, b) => Math.Abs(a - b) < 1e-6f);
        Assert.Equal(0, map[0]);
    }
}
