using GradCamSharp.Imaging;

namespace GradCamSharp.Tests.Imaging;

public class PictureEncoderTests
{
    [Fact]
    public void ToPng_DecodedAgain_IsTheSame()
    {
        var picture = TestPictures.Pattern(37, 23);
        var again = PictureDecoder.Decode(new MemoryStream(PictureEncoder.ToPng(picture)), "it");
        Assert.Equal(picture.Size, again.Size);
        Assert.Equal(picture.Pixels, again.Pixels);
    }

    [Fact]
    public void ToPng_Twice_GivesTheSameBytes()
    {
        var picture = TestPictures.Pattern(37, 23);
        Assert.Equal(PictureEncoder.ToPng(picture), PictureEncoder.ToPng(picture));
    }
}
