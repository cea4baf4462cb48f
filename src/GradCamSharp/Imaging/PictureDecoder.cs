using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SkiaSharp;

namespace GradCamSharp.Imaging;

/// <summary>Reads JPEG, PNG, WebP, GIF (the first frame) and BMP.</summary>
/// <remarks>
/// EXIF's orientation is applied. Colours are taken as they are stored, without regard to a colour profile, as Python's Pillow does, with
/// which most networks were trained. What is transparent lies on white.
/// </remarks>
public static class PictureDecoder
{
    /// <summary>Reads a picture from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">What it may cost; <see cref="PictureLimits.Default"/> if null.</param>
    /// <exception cref="PictureException">The file is missing, unreadable, no picture, too large, truncated or damaged.</exception>
    public static Picture Decode(string path, PictureLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            return Decode(file, path, limits);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PictureException(path, "there is no such file", "Check the path.", e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException and not PictureException)
        {
            throw new PictureException(path, $"it cannot be read ({e.Message})", "Check that it is a file and that you may read it.", e);
        }
    }

    /// <summary>Reads a picture from a stream, to its end.</summary>
    /// <param name="stream">The compressed picture; it is not disposed.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="limits">What it may cost; <see cref="PictureLimits.Default"/> if null.</param>
    /// <exception cref="PictureException">The stream holds no picture, or one that is too large, truncated or damaged.</exception>
    public static Picture Decode(Stream stream, string name, PictureLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(name);
        limits ??= PictureLimits.Default;
        var bytes = ReadWithin(stream, name, limits.MaximumBytes);
        if (bytes.Length == 0) throw new PictureException(name, "it is empty (0 bytes)", "Copy or download it again.");

        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data);
        if (codec is null || !IsSupported(codec.EncodedFormat)) throw NoPicture(name, bytes);

        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        if ((long)info.Width * info.Height > limits.MaximumPixels)
        {
            throw new PictureException(
                name,
                $"{info.Width} x {info.Height} pixels are more than the limit of {limits.MaximumPixels / 1e6:0.###} megapixels",
                "Make it smaller first, or raise the limit.");
        }
        return JpegStructure.IsJpeg(bytes) && !JpegStructure.IsWhole(bytes) ? throw Truncated(name) : Decode(codec, info, name);
    }

    private static Picture Decode(SKCodec codec, SKImageInfo info, string name)
    {
        // In native memory, which is free again at once: thousands of pictures would leave as many large arrays to the collector.
        using var rgba = new SKBitmap(info, info.RowBytes);
        // A missing colour space in the wanted format is Skia's way to ask for the stored values.
        var result = codec.GetPixels(info, rgba.GetPixels());
        bool hasAlpha = codec.Info.AlphaType != SKAlphaType.Opaque;
        return result switch
        {
            SKCodecResult.Success => Upright(rgba.GetPixelSpan(), info.Width, info.Height, codec.EncodedOrigin, hasAlpha),
            SKCodecResult.IncompleteInput => throw Truncated(name),
            _ => throw new PictureException(name, $"damaged or truncated: it cannot be decoded ({result})", "Copy or download it again."),
        };
    }

    /// <summary>Turns RGBA as stored into RGB as it is to be seen.</summary>
    private static Picture Upright(ReadOnlySpan<byte> rgba, int width, int height, SKEncodedOrigin origin, bool hasAlpha)
    {
        // The stored pixel (x', y') that is seen at (x, y) lies at start + x * right + y * down.
        int last = (width * height) - 1, lastOfRow = width - 1, firstOfLastRow = last - lastOfRow;
        var (start, right, down, swap) = origin switch
        {
            SKEncodedOrigin.TopRight => (lastOfRow, -1, width, false),
            SKEncodedOrigin.BottomRight => (last, -1, -width, false),
            SKEncodedOrigin.BottomLeft => (firstOfLastRow, 1, -width, false),
            SKEncodedOrigin.LeftTop => (0, width, 1, true),
            SKEncodedOrigin.RightTop => (firstOfLastRow, -width, 1, true),
            SKEncodedOrigin.RightBottom => (last, -width, -1, true),
            SKEncodedOrigin.LeftBottom => (lastOfRow, width, -1, true),
            _ => (0, 1, width, false),
        };
        if (swap) (width, height) = (height, width);

        var pixels = GC.AllocateUninitializedArray<byte>(checked(width * height * 3));
        if ((start, right, down, hasAlpha) == (0, 1, width, false))
        {
            Pack(rgba, pixels);
            return new Picture(width, height, pixels);
        }

        var source = MemoryMarshal.Cast<byte, uint>(rgba);
        var p = 0;
        for (var y = 0; y < height; y++)
        {
            for (int x = 0, s = start + (y * down); x < width; x++, s += right, p += 3)
            {
                var c = source[s];
                var target = pixels.AsSpan(p, 3);
                (target[0], target[1], target[2]) = ((byte)c, (byte)(c >> 8), (byte)(c >> 16));
                if (hasAlpha && c < 0xFF000000) OnWhite(target, (int)(c >> 24));
            }
        }
        return new Picture(width, height, pixels);
    }

    /// <summary>RGB of RGBA, sixteen bytes at a time: nearly every photo comes this way.</summary>
    private static void Pack(ReadOnlySpan<byte> rgba, Span<byte> rgb)
    {
        var colours = Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 255, 255, 255, 255);
        int s = 0, t = 0;
        // What is stored beyond the four pixels is overwritten by the next.
        for (; t + 16 <= rgb.Length; s += 16, t += 12)
            Vector128.Shuffle(Vector128.Create(rgba.Slice(s, 16)), colours).CopyTo(rgb[t..]);
        for (; t < rgb.Length; s += 4, t += 3)
            rgba.Slice(s, 3).CopyTo(rgb[t..]);
    }

    private static void OnWhite(Span<byte> rgb, int alpha)
    {
        foreach (ref var v in rgb) v = (byte)(((v * alpha) + (255 * (255 - alpha)) + 127) / 255);
    }

    private static byte[] ReadWithin(Stream stream, string name, long limit)
    {
        if (stream.CanSeek && stream.Length - stream.Position > limit) throw TooLong(name, limit);
        var buffer = new MemoryStream(stream.CanSeek ? (int)(stream.Length - stream.Position) : 0);
        Span<byte> block = stackalloc byte[16384];
        for (int read; (read = stream.Read(block)) > 0;)
        {
            if (buffer.Length + read > limit) throw TooLong(name, limit);
            buffer.Write(block[..read]);
        }
        return buffer.Length == buffer.Capacity ? buffer.GetBuffer() : buffer.ToArray();
    }

    private static PictureException Truncated(string name) =>
        new(name, "truncated: the file ends before the picture does", "Copy or download it again.");

    private static PictureException TooLong(string name, long limit) =>
        new(name, $"the file is larger than the limit of {limit / 1048576.0:0.###} MiB", "Make it smaller first, or raise the limit.");

    private static bool IsSupported(SKEncodedImageFormat format) => format is SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Png
        or SKEncodedImageFormat.Webp or SKEncodedImageFormat.Gif or SKEncodedImageFormat.Bmp;

    private static PictureException NoPicture(string name, ReadOnlySpan<byte> bytes)
    {
        var head = bytes[..Math.Min(bytes.Length, 64)];
        var looksLikeText = !head.ContainsAnyInRange((byte)0, (byte)8) && !head.ContainsAnyInRange((byte)14, (byte)31);
        var looksLikePicture = JpegStructure.IsJpeg(head) || head.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47])
            || head.StartsWith("GIF8"u8) || head.StartsWith("BM"u8)
            || (head.StartsWith("RIFF"u8) && head.Length >= 12 && head[8..12].SequenceEqual("WEBP"u8));
        return looksLikePicture
            ? new PictureException(name, "damaged or truncated: its header cannot be read", "Copy or download it again.")
            : new PictureException(
                name,
                looksLikeText ? "not a picture: it holds text, whatever its name says" : "not a picture of a known format",
                "Give a JPEG, PNG, WebP, GIF or BMP file.");
    }
}
