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
        int scans = 0, at = 2;
        while (NextMarker(file, ref at) is { } marker)
        {
            if (marker == EndOfImage) return scans > 0;
            if (marker == StartOfScan) scans++;
        }

        return false;
    }

    /// <summary>Whether each scan refines the picture of those before it.</summary>
    public static bool IsProgressive(ReadOnlySpan<byte> file)
    {
        int at = 2;
        while (NextMarker(file, ref at) is { } marker and not (StartOfScan or EndOfImage))
        {
            // Frames 2, 6, 10 and 14 of table B.1.
            if ((marker & 0xF3) == 0xC2) return true;
        }

        return false;
    }

    // The next marker of a segment, or the end of the image, and the place behind it; null at the end of the file.
    private static byte? NextMarker(ReadOnlySpan<byte> file, ref int at)
    {
        while (true)
        {
            // Entropy-coded data stuff 0xFF as 0xFF00; restart markers, fill bytes and stray codes stand alone as well.
            var next = at < file.Length ? file[at..].IndexOf((byte)0xFF) : -1;
            if (next < 0 || at + next + 1 >= file.Length) return null;
            at += next + 1;
            var marker = file[at];
            if (marker == EndOfImage) return marker;
            if (!HasLength(marker)) continue;
            if (at + 3 > file.Length) return null;
            at += 1 + Math.Max((ushort)2, BinaryPrimitives.ReadUInt16BigEndian(file[(at + 1)..]));
            return marker;
        }
    }

    /// <summary>Frames, tables, scans, application data and comments (ITU-T T.81, table B.1).</summary>
    private static bool HasLength(byte marker) => marker is >= 0xC0 and <= 0xCF or >= StartOfScan and <= 0xEF or 0xFE;
}
