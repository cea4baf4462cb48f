using GradCamSharp.Imaging;

namespace GradCamSharp.Tests.Imaging;

public class PictureTests
{
    [Fact]
    public void Constructor_ArrayOfAnotherLength_Throws() =>
        Assert.Contains(
            "2 x 3 RGB pixels take 18 bytes, not 17",
            Assert.Throws<ArgumentException>(() => new Picture(2, 3, new byte[17])).Message);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, -1)]
    public void Constructor_NoPixels_Throws(int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Picture(width, height, []));

    [Fact]
    public void Row_OfSecondLine_IsItsPixels()
    {
        var picture = new Picture(1, 2, [1, 2, 3, 4, 5, 6]);
        Assert.Equal([4, 5, 6], picture.Row(1).ToArray());
        Assert.Equal(new PixelSize(1, 2), picture.Size);
    }
}
