using GradCamSharp.Imaging;

namespace GradCamSharp.Tests.Imaging;

public class RenderingTests
{
    private static readonly HeatMap ThreeLevels = Map([0, 0.5f, 1], 3);

    [Fact]
    public void Overlay_NoEvidence_LeavesThePicture()
    {
        var picture = TestPictures.Grey(3, 1, 10, 20, 30);
        var drawn = Rendering.Overlay(picture, ThreeLevels, ColorMap.Gray, opacity: 0.5f);
        Assert.Equal([10, 10, 10], TestPictures.Pixel(drawn, 0, 0));
    }

    [Fact]
    public void Overlay_StrongEvidence_HasTheOpacityAskedFor()
    {
        var picture = TestPictures.Grey(3, 1, 10, 20, 30);
        var drawn = Rendering.Overlay(picture, ThreeLevels, ColorMap.Gray, opacity: 0.5f);
        // Half of the picture's 30 and half of white, 255: 142.5. At half strength the opacity is full too: 20 and 128 give 74.
        Assert.Equal(143, drawn.Row(0)[6]);
        Assert.Equal(74, drawn.Row(0)[3]);
    }

    [Fact]
    public void Overlay_OpacityZero_IsThePicture()
    {
        var picture = TestPictures.Pattern(3, 1);
        Assert.Equal(picture.Pixels, Rendering.Overlay(picture, ThreeLevels, opacity: 0).Pixels);
    }

    [Fact]
    public void Overlay_PictureThatACropCut_IsGreyBeyondAWhiteLine()
    {
        // Of 8 x 2 pixels the network sees the 2 x 2 in the middle.
        var geometry = new Geometry(new PixelSize(8, 2), new PixelSize(8, 2), new PixelBox(3, 0, 2, 2));
        var map = HeatMap.FromRaw([1, 1, 1, 1], 2, 2, geometry);
        var drawn = Rendering.Overlay(TestPictures.Grey(8, 2, [.. Enumerable.Repeat((byte)228, 16)]), map, opacity: 0);
        Assert.Equal(new PixelBox(3, 0, 2, 2), map.Seen);
        // Pale: 128 + 0.55 * 100.
        Assert.Equal([183, 183, 255, 228, 228, 255, 183, 183], Enumerable.Range(0, 8).Select(x => (int)drawn.Row(0)[3 * x]));
        Assert.Equal([128, 128, 255], Enumerable.Range(0, 3).Select(x => (int)Rendering.DrawMap(map).Row(0)[3 * x]));
        Assert.Null(ThreeLevels.Seen);
    }

    [Fact]
    public void Overlay_SignedMap_HasTwoColoursAroundThePicture()
    {
        var map = HeatMap.FromSigned([-4, 0, 2], 1, 3, Geometry(3));
        Assert.Equal([-1, 0, 0.5f], map.Signed.ToArray());
        Assert.Equal([0, 0, 1], map.Values.ToArray());
        var picture = TestPictures.Grey(3, 1, 100, 100, 100);
        var drawn = Rendering.Overlay(picture, map, opacity: 1);
        Assert.Equal(new byte[] { 11, 60, 140 }, TestPictures.Pixel(drawn, 0, 0));
        Assert.Equal(new byte[] { 100, 100, 100 }, TestPictures.Pixel(drawn, 1, 0));
        Assert.True(drawn.Row(0)[6] > drawn.Row(0)[8], "What speaks for it is red.");
    }

    [Fact]
    public void Overlay_SinglePixels_AreFullFromThe995ThPercentileOnADarkenedPicture()
    {
        float[] strengths = [.. Enumerable.Range(0, 1000).Select(i => i == 7 ? 1000f : i < 500 ? 0 : 1)];
        var map = HeatMap.FromPixels(strengths, 1, 1000, Geometry(1000));
        var picture = TestPictures.Grey(1000, 1, [.. Enumerable.Repeat((byte)200, 1000)]);
        var drawn = Rendering.Overlay(picture, map, ColorMap.Gray, opacity: 0.5f);
        // 60 % of 200 are left; at full strength half of that and half of white.
        Assert.Equal([120, 188, 188], new[] { 0, 7, 999 }.Select(x => (int)drawn.Row(0)[3 * x]));
        Assert.Equal(1, map.Values[7]);
    }

    [Fact]
    public void WithBoxes_LineOfTheColour_LiesWithinADarkOne()
    {
        var picture = TestPictures.Grey(5, 5, [.. Enumerable.Repeat((byte)100, 25)]);
        var drawn = Rendering.WithBoxes(picture, [(new PixelBox(1, 1, 3, 3), (255, 0, 0))]);
        Assert.Equal(new byte[] { 20, 20, 20 }, TestPictures.Pixel(drawn, 0, 0));
        Assert.Equal(new byte[] { 255, 0, 0 }, TestPictures.Pixel(drawn, 1, 1));
        Assert.Equal(100, picture.Row(0)[0]);
    }

    [Fact]
    public void DrawMap_Gray_IsTheMap() =>
        Assert.Equal(TestPictures.Grey(3, 1, 0, 128, 255).Pixels, Rendering.DrawMap(ThreeLevels, ColorMap.Gray).Pixels);

    [Fact]
    public void Masked_Picture_IsMultiplied() =>
        Assert.Equal(
            TestPictures.Grey(3, 1, 0, 50, 200).Pixels,
            Rendering.Masked(TestPictures.Grey(3, 1, 255, 100, 200), ThreeLevels).Pixels);

    [Fact]
    public void Drawing_MapOfAnotherSize_Throws()
    {
        var picture = TestPictures.Pattern(3, 2);
        Assert.Throws<ArgumentException>(() => Rendering.Overlay(picture, ThreeLevels));
        Assert.Throws<ArgumentException>(() => Rendering.Masked(picture, ThreeLevels));
    }

    [Fact]
    public void Signed_Gradient_IsSymmetricAroundMidGrey()
    {
        // [C, H, W] of two pixels: R 2, -2; G 0, 1; B -1, 0. 127.5 + 127.5 * v / 2, rounded
        var picture = Rendering.Signed([2, -2, 0, 1, -1, 0], new PixelSize(1, 2), isBgr: false, share: 1);
        Assert.Equal([255, 128, 64, 0, 191, 128], picture.Pixels.ToArray());
    }

    [Fact]
    public void Signed_Bgr_ShowsRed() =>
        Assert.Equal([255, 128, 128], Rendering.Signed([0, 0, 3], new PixelSize(1, 1), isBgr: true).Pixels.ToArray());

    [Fact]
    public void Signed_FewPeaks_AreCutOff()
    {
        var gradient = new float[1000];
        Array.Fill(gradient, 1);
        gradient[0] = 1000;
        Assert.Equal(255, Rendering.Signed(gradient, new PixelSize(1000, 1), isBgr: false).Pixels[3]);
    }

    [Fact]
    public void Signed_AllZero_IsGrey() =>
        Assert.Equal([128, 128, 128], Rendering.Signed([0], new PixelSize(1, 1), isBgr: false).Pixels.ToArray());

    [Fact]
    public void Strength_Channels_IsTheGreatestAbsoluteValue()
    {
        // Two pixels, three channels: |-4|, |1|, |2| and |0|, |-1|, |0|
        Assert.Equal([4, 1], Rendering.Strength([-4, 0, 1, -1, 2, 0], new PixelSize(2, 1)));
    }

    private static HeatMap Map(float[] raw, int width) =>
        HeatMap.FromRaw(raw, 1, width, new Geometry(new(width, 1), new(width, 1), new(0, 0, width, 1)));

    private static Geometry Geometry(int width) => new(new PixelSize(width, 1), new PixelSize(width, 1), new PixelBox(0, 0, width, 1));
}
