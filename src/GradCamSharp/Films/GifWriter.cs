using GradCamSharp.Imaging;

namespace GradCamSharp.Films;

/// <summary>An animated GIF, each frame with a palette of its own. Source: GIF89a specification, CompuServe 1990.</summary>
internal sealed class GifWriter : AnimationWriter
{
    private const int CodeBits = 8, Clear = 1 << CodeBits, End = Clear + 1, MostCodes = 4095, Slots = 8192, LongestSide = 65535;

    private readonly int[] keys = new int[Slots];
    private readonly short[] codes = new short[Slots];
    private readonly byte[] block = new byte[256];
    private int bits, bitCount, blockLength;

    public GifWriter(Stream stream, PixelSize size)
        : base(stream, size, unit: 10)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Max(size.Width, size.Height), LongestSide, nameof(size));
        stream.Write("GIF89a"u8);
        Write16(size.Width);
        Write16(size.Height);
        // No palette for all frames; then the application block that says: without end.
        stream.Write([0x70, 0, 0]);
        stream.Write([0x21, 0xFF, 11]);
        stream.Write("NETSCAPE2.0"u8);
        stream.Write([3, 1, 0, 0, 0]);
    }

    public override void Complete() => Output.WriteByte(0x3B);

    private protected override void Add(Picture picture, int duration)
    {
        var palette = Palette.Of(picture.Pixels);
        Output.Write([0x21, 0xF9, 4, 1 << 2]);
        // Browsers take what is shorter than 20 ms for 100 ms.
        Write16(Math.Clamp(duration, 2, ushort.MaxValue));
        Output.Write([0, 0, 0x2C, 0, 0, 0, 0]);
        Write16(Size.Width);
        Write16(Size.Height);
        Output.WriteByte(0x87);
        Output.Write(palette.Colours);
        Output.WriteByte(CodeBits);
        Compress(picture, palette);
        Output.WriteByte(0);
    }

    /// <summary>Lempel, Ziv and Welch: a code for each longest string that was met before.</summary>
    private void Compress(Picture picture, Palette palette)
    {
        int width = CodeBits + 1, next = End + 1;
        Forget();
        Write(Clear, width);
        var pixels = picture.Pixels;
        int prefix = palette.Index(pixels, 0);
        for (int p = 3; p < pixels.Length; p += 3)
        {
            int index = palette.Index(pixels, p), key = (prefix << CodeBits) | index;
            int slot = (int)(((uint)key * 2654435761u) >> 19);
            while (keys[slot] >= 0 && keys[slot] != key)
                slot = (slot + 1) & (Slots - 1);
            if (keys[slot] == key)
            {
                prefix = codes[slot];
                continue;
            }

            Write(prefix, width);
            prefix = index;
            if (next < MostCodes)
            {
                (keys[slot], codes[slot]) = (key, (short)next);
                if (next++ == 1 << width)
                    width++;
                continue;
            }

            Write(Clear, width);
            Forget();
            (width, next) = (CodeBits + 1, End + 1);
        }

        Write(prefix, width);
        Write(End, width);
        Flush();
    }

    private void Forget() => Array.Fill(keys, -1);

    private void Write(int code, int width)
    {
        bits |= code << bitCount;
        for (bitCount += width; bitCount >= 8; bitCount -= 8, bits >>= 8)
            Put((byte)bits);
    }

    private void Flush()
    {
        if (bitCount > 0)
            Put((byte)bits);
        (bits, bitCount) = (0, 0);
        Send();
    }

    private void Put(byte value)
    {
        block[++blockLength] = value;
        if (blockLength == 255)
            Send();
    }

    private void Send()
    {
        if (blockLength == 0)
            return;
        block[0] = (byte)blockLength;
        Output.Write(block.AsSpan(0, blockLength + 1));
        blockLength = 0;
    }

    private void Write16(int value) => Output.Write([(byte)value, (byte)(value >> 8)]);
}
