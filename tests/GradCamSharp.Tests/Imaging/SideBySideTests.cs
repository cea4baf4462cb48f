using GradCamSharp.Imaging;

namespace GradCamSharp.Tests.Imaging;

public class SideBySideTests
{
    // The layout: 12 px around and between the pictures, 34 px for captions.
    private const int Gap = 12, Caption = 34;

    private static readonly Picture Red = Plain(40, 20, TestPictures.Red), Blue = Plain(20, 20, TestPictures.Blue);

    [Fact]
    public void Draw_Pictures_AreSideBySideInOneHeight()
    {
        var strip = SideBySide.Draw([("a", Red), ("b", Blue)], height: 100);
        Assert.Equal(new PixelSize((3 * Gap) + 200 + 100, 100 + Caption + (2 * Gap)), strip.Size);
        Assert.Equal(TestPictures.Red, TestPictures.Pixel(strip, Gap, Gap));
        Assert.Equal(TestPictures.Red, TestPictures.Pixel(strip, Gap + 199, Gap + 99));
        Assert.Equal([255, 255, 255], TestPictures.Pixel(strip, Gap + 200, Gap));
        Assert.Equal(TestPictures.Blue, TestPictures.Pixel(strip, (2 * Gap) + 200, Gap));
        Assert.Equal([255, 255, 255], TestPictures.Pixel(strip, (3 * Gap) + 299, Gap));
    }

    [Fact]
    public void Draw_Caption_IsInkBelowItsPicture()
    {
        var with = SideBySide.Draw([("caption", Red), ("", Blue)], height: 100);
        Assert.True(HasInk(with, Gap, Gap + 200));
        Assert.False(HasInk(with, (2 * Gap) + 200, (2 * Gap) + 300));
    }

    [Fact]
    public void Draw_LongCaption_StaysBelowItsPicture()
    {
        var strip = SideBySide.Draw([("", Blue), (new string('w', 500), Blue), ("", Blue)], height: 100);
        Assert.True(HasInk(strip, (2 * Gap) + 100, (2 * Gap) + 200));
        Assert.False(HasInk(strip, 0, Gap + 100));
        Assert.False(HasInk(strip, (3 * Gap) + 200, strip.Width));
    }

    [Fact]
    public void Draw_VeryWidePicture_IsBounded() =>
        Assert.Equal((2 * Gap) + 400, SideBySide.Draw([("", Plain(1000, 2, TestPictures.Green))], height: 100).Width);

    // Five squares of 100 pixels with the gaps between and around them take 5 x 112 + 12 = 572.
    [Theory]
    [InlineData(5, 572, 1, 5)]
    [InlineData(6, 572, 2, 3)]
    [InlineData(11, 572, 3, 4)]
    [InlineData(5, 571, 2, 3)]
    [InlineData(3, 1, 3, 1)]
    public void Draw_MoreThanARowHolds_WrapsIntoRowsOfAboutTheSameWidth(int count, int width, int rows, int longest)
    {
        var items = Enumerable.Range(0, count).Select(i => ("", i == count - 1 ? Plain(20, 20, TestPictures.Red) : Blue)).ToList();
        var drawn = SideBySide.Draw(items, height: 100, width);
        Assert.Equal(new PixelSize((longest * (100 + Gap)) + Gap, (rows * (100 + Caption + Gap)) + Gap), drawn.Size);
        int inLast = count - ((rows - 1) * longest), left = Gap + ((inLast - 1) * (100 + Gap)), top = drawn.Height - Gap - Caption - 1;
        Assert.Equal(TestPictures.Red, TestPictures.Pixel(drawn, left, top));
        Assert.Equal([255, 255, 255], TestPictures.Pixel(drawn, left, top + 1));
    }

    [Fact]
    public void Draw_PictureWiderThanTheWidth_HasARowForItself()
    {
        var drawn = SideBySide.Draw([("", Blue), ("", Plain(80, 20, TestPictures.Green)), ("", Blue)], height: 100, width: 300);
        Assert.Equal(new PixelSize(400 + (2 * Gap), (3 * (100 + Caption + Gap)) + Gap), drawn.Size);
        Assert.Equal(TestPictures.Green, TestPictures.Pixel(drawn, Gap + 399, Gap + 100 + Caption + Gap));
    }

    [Fact]
    public void Draw_Nothing_IsBlank() => Assert.All(SideBySide.Draw([]).Pixels.ToArray(), b => Assert.Equal(255, b));

    [Fact]
    public void Draw_Twice_IsTheSame() =>
        Assert.Equal(SideBySide.Draw([("a", Red)], 50).Pixels, SideBySide.Draw([("a", Red)], 50).Pixels);

    [Theory]
    [InlineData(40, 20, 10, 10, 5)]
    [InlineData(20, 40, 10, 5, 10)]
    [InlineData(1000, 1, 10, 10, 1)]
    public void Fit_LargePicture_HasNoSideAboveTheLimit(int width, int height, int side, int fitWidth, int fitHeight) =>
        Assert.Equal(new PixelSize(fitWidth, fitHeight), Resampling.Fit(Plain(width, height, TestPictures.Red), side).Size);

    [Fact]
    public void Fit_SmallPicture_StaysAsItIs() => Assert.Same(Red, Resampling.Fit(Red, 40));

    private static bool HasInk(Picture strip, int left, int right) =>
        Enumerable.Range(strip.Height - Caption - Gap, Caption + Gap)
            .Any(y => strip.Row(y)[(left * 3)..(right * 3)].IndexOfAnyInRange<byte>(0, 200) >= 0);

    private static Picture Plain(int width, int height, byte[] color)
    {
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = color[i % 3];
        return new Picture(width, height, pixels);
    }
}
