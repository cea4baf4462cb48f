using System.Buffers.Binary;
using GradCamSharp.Imaging;
using SkiaSharp;

namespace GradCamSharp.Films;

/// <summary>
/// The container of an animated WebP around frames that Skia encodes one by one; its own animation needs all of them in memory.
/// Source: RFC 9649, section 2.7.
/// </summary>
internal sealed class WebpWriter : AnimationWriter
{
    private const int Quality = 80, LongestSide = 16383;

    private readonly long start;

    public WebpWriter(Stream stream, PixelSize size)
        : base(stream, size, unit: 1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Max(size.Width, size.Height), LongestSide, nameof(size));
        start = stream.Position;
        stream.Write("RIFF\0\0\0\0WEBP"u8);
        // Flags: animation. Then the canvas less 1; a black background, and no end.
        Span<byte> canvas = stackalloc byte[10];
        canvas[0] = 2;
        Write24(canvas[4..], size.Width - 1);
        Write24(canvas[7..], size.Height - 1);
        Chunk("VP8X"u8, canvas);
        Chunk("ANIM"u8, [0, 0, 0, 255, 0, 0]);
    }

    public override void Complete()
    {
        long end = Output.Position;
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(length, checked((uint)(end - start - 8)));
        Output.Position = start + 4;
        Output.Write(length);
        Output.Position = end;
    }

    private protected override void Add(Picture picture, int duration)
    {
        using var bitmap = PictureEncoder.ToBitmap(picture);
        using var pixels = bitmap.PeekPixels();
        using var encoded = pixels.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossy, Quality))
            ?? throw new IOException($"A picture of {picture.Size} pixels could not be written as WebP.");
        var still = encoded.AsSpan();
        using var content = new MemoryStream();
        Span<byte> header = stackalloc byte[16];
        Write24(header[6..], Size.Width - 1);
        Write24(header[9..], Size.Height - 1);
        Write24(header[12..], Math.Min(duration, 0xFFFFFF));
        // Flags: the frame takes the place of the one before, and is not blended with it.
        header[15] = 2;
        content.Write(header);
        for (int at = 12; at + 8 <= still.Length;)
        {
            int length = (int)BinaryPrimitives.ReadUInt32LittleEndian(still[(at + 4)..]);
            int whole = Math.Min(8 + length + (length & 1), still.Length - at);
            var name = still.Slice(at, 4);
            if (name.SequenceEqual("ALPH"u8) || name.SequenceEqual("VP8 "u8) || name.SequenceEqual("VP8L"u8))
                content.Write(still.Slice(at, whole));
            at += whole;
        }

        Chunk("ANMF"u8, content.GetBuffer().AsSpan(0, (int)content.Length));
    }

    private void Chunk(ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, content.Length);
        Output.Write(name);
        Output.Write(length);
        Output.Write(content);
        if (content.Length % 2 == 1)
            Output.WriteByte(0);
    }

    private static void Write24(Span<byte> target, int value)
    {
        (target[0], target[1], target[2]) = ((byte)value, (byte)(value >> 8), (byte)(value >> 16));
    }
}
