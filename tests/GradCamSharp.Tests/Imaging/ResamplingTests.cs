using GradCamSharp.Imaging;

namespace GradCamSharp.Tests.Imaging;

public class ResamplingTests
{
    // Worked by hand for one row of 0, 0, 255, 255 brought to two pixels, centres 1 and 3 in old coordinates, scale 2.
    // Bilinear: a triangle of support 2; weights 0.25 at distance 1.5 and 0.75 at 0.5. The first takes pixels 0, 1, 2 (distances 0.5, 0.5,
    // 1.5): 255 * 0.25 / 1.75 = 36.43; the second mirrors it: 255 * 1.5 / 1.75 = 218.57.
    // Box: the average of two: 0 and 255. Nearest: pixels 1 and 3.
    // Bicubic: at distance 0.5/2 the cubic is 1.5*0.015625 - 2.5*0.0625 + 1 = 0.8671875, at 1.5/2 it is 0.2265625 (pixel 2), at 2.5/2:
    // -0.0703125 (pixel 3): (0.2265625 - 0.0703125) * 255 / (2 * 0.8671875 + 0.15625) = 21.07; the second is 255 - 21.07 = 233.93.
    [Theory]
    [InlineData(ResampleFilter.Nearest, 0, 255)]
    [InlineData(ResampleFilter.Box, 0, 255)]
    [InlineData(ResampleFilter.Bilinear, 36, 219)]
    [InlineData(ResampleFilter.Bicubic, 21, 234)]
    public void Resize_HalfTheWidth_IsAntialiased(ResampleFilter filter, byte left, byte right)
    {
        var row = Resampling.Resize(TestPictures.Grey(4, 1, 0, 0, 255, 255), 2, 1, filter);
        Assert.Equal(TestPictures.Grey(2, 1, left, right).Pixels, row.Pixels);

        var column = Resampling.Resize(TestPictures.Grey(1, 4, 0, 0, 255, 255), 1, 2, filter);
        Assert.Equal(TestPictures.Grey(1, 2, left, right).Pixels, column.Pixels);
    }

    [Fact]
    public void Resize_TwiceTheWidth_InterpolatesBetweenCentres()
    {
        // Old centres 0.5 and 1.5; new centres 0.25, 0.75, 1.25, 1.75: 0, a quarter, three quarters, 1 (edges clamped); 63.75 and 191.25
        // are rounded.
        var row = Resampling.Resize(TestPictures.Grey(2, 1, 0, 255), 4, 1);
        Assert.Equal(TestPictures.Grey(4, 1, 0, 64, 191, 255).Pixels, row.Pixels);
    }

    // Pillow 9.4: Image.new("L", (5, 1)) with 0, 200, 17, 255, 90, resized to (3, 1).
    [Theory]
    [InlineData(ResampleFilter.Nearest, 0, 17, 90)]
    [InlineData(ResampleFilter.Lanczos, 77, 129, 157)]
    [InlineData(ResampleFilter.Bilinear, 86, 111, 161)]
    [InlineData(ResampleFilter.Bicubic, 81, 119, 160)]
    [InlineData(ResampleFilter.Box, 100, 17, 173)]
    [InlineData(ResampleFilter.Hamming, 75, 77, 152)]
    public void Resize_FiveToThree_IsPillows(ResampleFilter filter, byte first, byte second, byte third)
    {
        var row = Resampling.Resize(TestPictures.Grey(5, 1, 0, 200, 17, 255, 90), 3, 1, filter);
        Assert.Equal(TestPictures.Grey(3, 1, first, second, third).Pixels, row.Pixels);
    }

    [Theory]
    [InlineData(ResampleFilter.Nearest)]
    [InlineData(ResampleFilter.Lanczos)]
    [InlineData(ResampleFilter.Bilinear)]
    public void Resize_OfAPart_IsThatPartOfTheWhole(ResampleFilter filter)
    {
        var source = TestPictures.Pattern(37, 29);
        var whole = Resampling.Resize(source, 20, 40, filter);
        var part = Resampling.Resize(source, whole.Size, new PixelBox(3, 11, 9, 13), filter);
        for (var y = 0; y < 13; y++) Assert.Equal(whole.Row(y + 11).Slice(9, 27), part.Row(y));
    }

    [Fact]
    public void Resize_SameSize_IsTheSamePicture()
    {
        var source = TestPictures.Pattern(5, 4);
        Assert.Same(source, Resampling.Resize(source, 5, 4));
        Assert.Equal(
            source.Row(1)[3..9], Resampling.Resize(source, source.Size, new PixelBox(1, 1, 2, 1), ResampleFilter.Lanczos).Pixels);
    }

    [Fact]
    public void Resize_PartOutside_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() =>
        Resampling.Resize(TestPictures.Pattern(4, 4), new PixelSize(2, 2), new PixelBox(1, 1, 2, 1), ResampleFilter.Box));
}
