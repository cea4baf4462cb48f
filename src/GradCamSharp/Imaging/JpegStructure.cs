using System.Buffers.Binary;

namespace GradCamSharp.Imaging;

/// <summary>Tells a whole JPEG file from one that breaks off, which the decoder itself fills up with grey and calls a success.</summary>
internal static class JpegStructure
{
    private const byte StartOfImage = 0xD8, EndOfImage = 0xD9, StartOfScan = 0xDA;

    public static bool IsJpeg(ReadOnlySpan<byte> file) => file.Length >= 2 && file[0] == 0xFF && file[1] == StartOfImage;

    /// <summary>Whether the end-of-image marker comes after at least one scan. Thumbnails inside a segment do not count.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> file)
    {
        var scans = 0;
        for (var at = 2; ;)
        {
            // Entropy-coded data stuff 0xFF as 0xFF00; restart markers, fill bytes and stray codes stand alone as well.
            var next = at < file.Length ? file[at..].IndexOf((byte)0xFF) : -1;
            if (next < 0 || at + next + 1 >= file.Length) return false;
            at += next + 1;
            var marker = file[at];
            if (marker == EndOfImage) return scans > 0;
            if (!HasLength(marker)) continue;
            if (at + 3 > file.Length) return false;
            if (marker == StartOfScan) scans++;
            at += 1 + Math.Max((ushort)2, BinaryPrimitives.ReadUInt16BigEndian(file[(at + 1)..]));
        }
    }

    /// <summary>Frames, tables, scans, application data and comments (ITU-T T.81, table B.1).</summary>
    private static bool HasLength(byte marker) => marker is >= 0xC0 and <= 0xCF or >= StartOfScan and <= 0xEF or 0xFE;
}
