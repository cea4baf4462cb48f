using System.Buffers.Binary;
using System.IO.Compression;

namespace GradCamSharp.Scenes;

/// <summary>Writes PNG files of palette indices, as PASCAL VOC's masks are: the index is the meaning, the colour is for people.</summary>
internal static class IndexedPng
{
    private static readonly byte[] Signature = [137, 80, 78, 71, 13, 10, 26, 10];

    /// <summary>VOC's palette, 3 bytes an entry: an index's bits are dealt in turn to red, green and blue, highest first.</summary>
    public static byte[] VocPalette { get; } = MakePalette();

    /// <summary>Encodes indices, row by row.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> indices, int width, int height)
    {
        using var file = new MemoryStream();
        file.Write(Signature);

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8; // bits a pixel
        header[9] = 3; // palette
        Chunk(file, "IHDR"u8, header);
        Chunk(file, "PLTE"u8, VocPalette);

        using var rows = new MemoryStream();
        using (var deflate = new ZLibStream(rows, CompressionLevel.Optimal, leaveOpen: true))
            for (var y = 0; y < height; y++)
            {
                deflate.WriteByte(0); // this row is not filtered
                deflate.Write(indices.Slice(y * width, width));
            }

        Chunk(file, "IDAT"u8, rows.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, data.Length);
        file.Write(word);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(word, ~Crc(Crc(uint.MaxValue, type), data));
        file.Write(word);
    }

    // CRC-32 as in the PNG specification, annex D; masks are small, so bit by bit is fast enough.
    private static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
        }

        return crc;
    }

    private static byte[] MakePalette()
    {
        var palette = new byte[256 * 3];
        for (var index = 0; index < 256; index++)
            for (int bit = 0, rest = index; bit < 8; bit++, rest >>= 3)
                for (var channel = 0; channel < 3; channel++)
                    palette[(index * 3) + channel] |= (byte)(((rest >> channel) & 1) << (7 - bit));

        return palette;
    }
}
