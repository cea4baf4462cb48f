using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using GradCamSharp.Imaging;

namespace GradCamSharp.Audit.Leaks;

/// <summary>What a picture's file tells beside what it shows.</summary>
/// <param name="Size">The picture's width and height.</param>
/// <param name="Bytes">The file's size in bytes.</param>
/// <param name="Tables">A name of its JPEG quantisation tables; empty where it is no JPEG.</param>
/// <param name="Camera">The camera that its EXIF names; empty where there is none.</param>
/// <param name="Border">The mean grey value of the outermost pixels at the network's input, 0 to 255.</param>
/// <param name="Letterbox">The share of its outer rows and columns at the network's input that are of one colour, 0 to 1.</param>
/// <param name="Hash">The difference hash of the picture at the network's input.</param>
internal sealed record FileTraits(
    PixelSize Size, long Bytes, string Tables, string Camera, double Border, double Letterbox, ulong Hash)
{
    private const int Header = 1 << 16, Tolerance = 2;

    /// <summary>Reads them.</summary>
    /// <param name="path">The file.</param>
    /// <param name="prepared">The picture at the network's input.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static FileTraits Of(string path, PreparedPicture prepared)
    {
        using var file = File.OpenRead(path);
        byte[] header = new byte[Math.Min(Header, file.Length)];
        int length = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        var (tables, camera) = Read(header.AsSpan(0, length));
        var input = prepared.Input;
        return new FileTraits(
            prepared.Geometry.Original, file.Length, tables, camera, BorderOf(input), LetterboxOf(input), DifferenceHash.Of(input));
    }

    /// <summary>The names of the quantisation tables and of the camera in the first bytes of a JPEG file.</summary>
    internal static (string Tables, string Camera) Read(ReadOnlySpan<byte> file)
    {
        string camera = "";
        using var tables = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        bool any = false;
        if (file.Length < 4 || file[0] != 0xFF || file[1] != 0xD8)
            return ("", "");
        for (int at = 2; at + 4 <= file.Length && file[at] == 0xFF && file[at + 1] != 0xDA;)
        {
            int marker = file[at + 1], length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (length < 2 || at + 2 + length > file.Length)
                break;
            var body = file.Slice(at + 4, length - 2);
            if (marker == 0xDB)
            {
                tables.AppendData(body);
                any = true;
            }
            else if (marker == 0xE1 && body.StartsWith("Exif\0\0"u8))
            {
                camera = CameraOf(body[6..]);
            }

            at += 2 + length;
        }

        return (any ? Convert.ToHexStringLower(tables.GetHashAndReset())[..8] : "", camera);
    }

    // Make and model of the first directory of a TIFF file.
    private static string CameraOf(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8)
            return "";
        bool isLittle = tiff[0] == (byte)'I';
        uint begin = Whole(tiff, 4, isLittle);
        if (begin > tiff.Length - 2)
            return "";
        int count = Half(tiff, (int)begin, isLittle);
        string make = "", model = "";
        for (int i = 0, at = (int)begin + 2; i < count && at + 12 <= tiff.Length; i++, at += 12)
        {
            int tag = Half(tiff, at, isLittle);
            if (tag is not (0x010F or 0x0110))
                continue;
            long length = Whole(tiff, at + 4, isLittle), place = length <= 4 ? at + 8 : Whole(tiff, at + 8, isLittle);
            if (place + length > tiff.Length)
                continue;
            string text = Encoding.ASCII.GetString(tiff.Slice((int)place, (int)length)).Trim('\0', ' ');
            if (tag == 0x010F)
                make = text;
            else
                model = text;
        }

        return $"{make} {model}".Trim();
    }

    private static ushort Half(ReadOnlySpan<byte> from, int at, bool isLittle) => isLittle
        ? BinaryPrimitives.ReadUInt16LittleEndian(from[at..]) : BinaryPrimitives.ReadUInt16BigEndian(from[at..]);

    private static uint Whole(ReadOnlySpan<byte> from, int at, bool isLittle) => isLittle
        ? BinaryPrimitives.ReadUInt32LittleEndian(from[at..]) : BinaryPrimitives.ReadUInt32BigEndian(from[at..]);

    private static double BorderOf(Picture picture)
    {
        double sum = 0;
        int count = 0;
        for (int y = 0; y < picture.Height; y++)
        {
            int step = y == 0 || y == picture.Height - 1 ? 1 : Math.Max(1, picture.Width - 1);
            for (int x = 0; x < picture.Width; x += step, count++)
                sum += Grey(picture, x, y);
        }

        return sum / count;
    }

    // Whole rows from the top and the bottom, and whole columns from the sides, that are of the corner's grey.
    private static double LetterboxOf(Picture picture)
    {
        int rows = Lines(picture.Height, y => Range(picture.Width, x => Grey(picture, x, y), Grey(picture, 0, 0)));
        int columns = Lines(picture.Width, x => Range(picture.Height, y => Grey(picture, x, y), Grey(picture, 0, 0)));
        return Math.Max((double)rows / picture.Height, (double)columns / picture.Width);
    }

    private static int Lines(int count, Func<int, bool> isPlain)
    {
        int first = 0, last = 0;
        while (first < count && isPlain(first))
            first++;
        while (first + last < count && isPlain(count - 1 - last))
            last++;
        return first + last;
    }

    private static bool Range(int count, Func<int, double> grey, double corner)
    {
        for (int i = 0; i < count; i++)
        {
            if (Math.Abs(grey(i) - corner) > Tolerance)
                return false;
        }

        return true;
    }

    private static double Grey(Picture picture, int x, int y)
    {
        var pixel = picture.Pixels.Slice(3 * ((y * picture.Width) + x), 3);
        return (pixel[0] + pixel[1] + pixel[2]) / 3.0;
    }
}
