using System.Buffers.Binary;
using System.Globalization;
using GradCamSharp.Imaging;

namespace GradCamSharp.Tests.Imaging;

public class PictureDecoderTests
{
    [Theory]
    [InlineData("rgb.png", 0)]
    [InlineData("rgb.bmp", 0)]
    [InlineData("rgb.webp", 0)]
    [InlineData("palette.png", 0)]
    [InlineData("two-frames.gif", 0)]
    [InlineData("rgb.jpg", 4)]
    [InlineData("progressive.jpg", 4)]
    [InlineData("cmyk.jpg", 4)]
    [InlineData("orientation1.jpg", 4)]
    [InlineData("orientation2.jpg", 4)]
    [InlineData("orientation3.jpg", 4)]
    [InlineData("orientation4.jpg", 4)]
    [InlineData("orientation5.jpg", 4)]
    [InlineData("orientation6.jpg", 4)]
    [InlineData("orientation7.jpg", 4)]
    [InlineData("orientation8.jpg", 4)]
    public void Decode_EveryFormatAndOrientation_ShowsTheFourQuarters(string file, int tolerance)
    {
        var picture = TestPictures.Decode(file);

        Assert.Equal(new PixelSize(48, 32), picture.Size);
        Near(TestPictures.Red, picture, 6, 6, tolerance);
        Near(TestPictures.Green, picture, 40, 6, tolerance);
        Near(TestPictures.Blue, picture, 6, 26, tolerance);
        Near(TestPictures.Yellow, picture, 40, 26, tolerance);
    }

    [Theory]
    [InlineData("grey.png", 0)]
    [InlineData("grey.jpg", 2)]
    public void Decode_Grey_HasThreeEqualChannels(string file, int tolerance)
    {
        // Rec. 601 luma of red: 0.299 * 220 + 0.587 * 30 + 0.114 * 40 = 87.95
        Near([88, 88, 88], TestPictures.Decode(file), 6, 6, tolerance);
    }

    [Fact]
    public void Decode_SixteenBits_KeepsTheUpperByte()
    {
        var picture = TestPictures.Decode("sixteen-bit.png");
        for (var x = 0; x < 48; x++) Assert.Equal(x * 1365 >> 8, picture.Row(5)[x * 3]);
    }

    [Fact]
    public void Decode_OneBit_IsBlackAndWhite()
    {
        var picture = TestPictures.Decode("one-bit.png");
        Assert.False(picture.Pixels.ContainsAnyExcept((byte)0, (byte)255));
        Assert.True(picture.Pixels.Contains((byte)255));
    }

    [Fact]
    public void Decode_Alpha_LiesOnWhite()
    {
        var picture = TestPictures.Decode("alpha.png");
        Near([255, 255, 255], picture, 6, 6, 0);
        // Alpha 128 of 255: 40 * 128/255 + 255 * 127/255 = 147.1, 60: 157.1, 200: 227.4
        Near([147, 157, 227], picture, 6, 26, 0);
        Near(TestPictures.Yellow, picture, 40, 26, 0);
    }

    [Theory]
    [InlineData("rgb.jpg")]
    [InlineData("progressive.jpg")]
    [InlineData("rgb.bmp")]
    [InlineData("rgb.webp")]
    [InlineData("palette.png")]
    [InlineData("two-frames.gif")]
    public void Decode_CutAnywhere_IsRefused(string file)
    {
        var whole = File.ReadAllBytes(TestPictures.File(file));
        // A PNG whose pixels are all there may lack its checksums and closing chunk, and GIF's second frame is not needed.
        var needed = file switch { "palette.png" => whole.Length - 22, "two-frames.gif" => whole.Length / 3, _ => whole.Length - 1 };
        for (var length = needed; length > 0; length -= 1 + (needed / 40))
        {
            var refused = Assert.Throws<PictureException>(() => PictureDecoder.Decode(new MemoryStream(whole, 0, length), file));
            Assert.StartsWith(file + ": ", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Decode_JpegCutInTheMiddle_SaysTruncated()
    {
        var half = File.ReadAllBytes(TestPictures.File("rgb.jpg"))[..^30];
        Assert.Contains("truncated", Refused(half).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_JpegWithThumbnailCutOff_SaysTruncated()
    {
        // The end-of-image marker of a thumbnail inside an APP1 segment is not the picture's own.
        var whole = File.ReadAllBytes(TestPictures.File("rgb.jpg"));
        byte[] withThumbnail = [0xFF, 0xD8, 0xFF, 0xE1, 0, 6, 0xFF, 0xDA, 0xFF, 0xD9, .. whole[2..^2]];
        Assert.Contains("truncated", Refused(withThumbnail).Message, StringComparison.Ordinal);
        byte[] complete = [.. withThumbnail, 0xFF, 0xD9];
        Assert.Equal(48, PictureDecoder.Decode(new MemoryStream(complete), "complete").Width);
    }

    [Fact]
    public void Decode_NoBytes_SaysEmpty() => Assert.Contains("empty (0 bytes)", Refused([]).Message, StringComparison.Ordinal);

    [Fact]
    public void Decode_Text_SaysThatItIsText() =>
        Assert.Contains(
            "not a picture: it holds text", Refused([.. "Dear reader, this is no photograph.\n"u8]).Message, StringComparison.Ordinal);

    [Fact]
    public void Decode_OtherBytes_NamesTheFormats() =>
        Assert.Contains("JPEG, PNG, WebP, GIF or BMP", Refused(new byte[100]).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(40_000, 40_000)]
    [InlineData(100_001, 1_000)]
    public void Decode_MorePixelsThanTheLimit_IsRefusedByItsHeader(int width, int height)
    {
        // 74 bytes: were they decoded first, they would be called truncated.
        var message = Refused(PngHeader(width, height)).Message;
        Assert.Contains($"{width} x {height} pixels are more than the limit of 100 megapixels", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_CultureWithACommaForThePoint_SaysLimitsWithAPoint()
    {
        var before = CultureInfo.CurrentCulture;
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NegativeSign) = (",", "\u2212");
        CultureInfo.CurrentCulture = culture;
        try
        {
            string file = TestPictures.File("rgb.png");
            var pixels = Assert.Throws<PictureException>(() => PictureDecoder.Decode(file, new PictureLimits { MaximumPixels = 1500 }));
            Assert.Contains("0.002 megapixels", pixels.Message, StringComparison.Ordinal);
            using var stream = new MemoryStream(new byte[524_289]);
            var bytes = Assert.Throws<PictureException>(
                () => PictureDecoder.Decode(stream, "it", new PictureLimits { MaximumBytes = 524_288 }));
            Assert.Contains("0.5 MiB", bytes.Message, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Decode_LimitGiven_IsKept()
    {
        using var file = File.OpenRead(TestPictures.File("rgb.png"));
        var limits = new PictureLimits { MaximumPixels = (48 * 32) - 1 };
        var error = Assert.Throws<PictureException>(() => PictureDecoder.Decode(file, "it", limits));
        Assert.Contains("0.002 megapixels", error.Message, StringComparison.Ordinal);

        Assert.Equal(48, PictureDecoder.Decode(file.Name, limits with { MaximumPixels = 48 * 32 }).Width);
    }

    [Fact]
    public void Decode_LongerFileThanTheLimit_IsRefused()
    {
        var limits = new PictureLimits { MaximumBytes = 100 };
        Assert.Contains("larger than the limit", Refused(new byte[101], limits).Message, StringComparison.Ordinal);
        using var endless = new Endless();
        Assert.Contains(
            "larger than the limit",
            Assert.Throws<PictureException>(() => PictureDecoder.Decode(endless, "endless", limits)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_MissingFile_NamesIt()
    {
        var refused = Assert.Throws<PictureException>(() => PictureDecoder.Decode("no/such/picture.png"));
        Assert.StartsWith("no/such/picture.png: there is no such file", refused.Message, StringComparison.Ordinal);
        Assert.Equal("no/such/picture.png", refused.File);
    }

    [Fact]
    public void Decode_Folder_IsRefused() => Assert.Throws<PictureException>(() => PictureDecoder.Decode(AppContext.BaseDirectory));

    [Fact]
    public void Limits_OutsideTheirRange_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PictureLimits { MaximumPixels = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PictureLimits { MaximumPixels = 500_000_001 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PictureLimits { MaximumBytes = int.MaxValue });
    }

    private static PictureException Refused(byte[] bytes, PictureLimits? limits = null) =>
        Assert.Throws<PictureException>(() => PictureDecoder.Decode(new MemoryStream(bytes), "a.jpg", limits));

    private static void Near(byte[] expected, Picture picture, int x, int y, int tolerance)
    {
        var actual = TestPictures.Pixel(picture, x, y);
        for (var c = 0; c < 3; c++) Assert.InRange(actual[c], expected[c] - tolerance, expected[c] + tolerance);
    }

    /// <summary>A PNG file with the header alone.</summary>
    private static byte[] PngHeader(int width, int height)
    {
        var chunk = new byte[25];
        BinaryPrimitives.WriteInt32BigEndian(chunk, 13);
        "IHDR"u8.CopyTo(chunk.AsSpan(4));
        BinaryPrimitives.WriteInt32BigEndian(chunk.AsSpan(8), width);
        BinaryPrimitives.WriteInt32BigEndian(chunk.AsSpan(12), height);
        (chunk[16], chunk[17]) = (8, 2);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(21), Crc32(chunk.AsSpan(4, 17)));
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. chunk, 0, 0, 0, 0, .. "IDAT"u8, 0x35, 0xAF, 0x06, 0x1E];
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
        }
        return ~crc;
    }

    private sealed class Endless : MemoryStream
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer)
        {
            buffer.Fill(0xFF);
            return buffer.Length;
        }
    }
}
