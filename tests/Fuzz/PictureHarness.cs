using GradCamSharp.Imaging;

namespace GradCamSharp.Fuzz;

/// <summary>Encoded pictures of all formats that are written, and headers of those that are read alone.</summary>
public sealed class PictureHarness : Harness
{
    private static readonly PictureLimits Limits = new() { MaximumPixels = 16_000_000 };

    public override string Name => "picture";

    public override IReadOnlyList<string> Words { get; } =
        ["IHDR", "IDAT", "PLTE", "tRNS", "eXIf", "Exif\0\0", "JFIF", "GIF89a", "NETSCAPE2.0", "RIFF", "WEBPVP8L", "ANIM", "BM"];

    /// <summary>A picture of a few colours.</summary>
    public static Picture Small()
    {
        byte[] pixels = new byte[12 * 8 * 3];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(i * 29);
        return new Picture(12, 8, pixels);
    }

    public override IReadOnlyList<byte[]> Seeds() => [PictureEncoder.ToPng(Small()), PictureEncoder.ToJpeg(Small(), 80), Gif(), Bitmap()];

    protected override void Take(byte[] input) => _ = PictureDecoder.Decode(new MemoryStream(input), "fuzz", Limits);

    // Two pixels: a global table of two colours, and one frame whose code stream is clear, 0, 1, end.
    private static byte[] Gif() =>
    [
        .. "GIF89a"u8, 2, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x2C, 0, 0, 0, 0, 2, 0, 1, 0, 0, 2, 2, 0x44, 0x0A, 0, 0x3B,
    ];

    // Two by two pixels of 24 bits, rows padded to four bytes.
    private static byte[] Bitmap() =>
    [
        .. "BM"u8, 70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 24, 0, 0, 0, 0, 0, 16, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 0, 0, 7, 8, 9, 10, 11, 12, 0, 0,
    ];
}
