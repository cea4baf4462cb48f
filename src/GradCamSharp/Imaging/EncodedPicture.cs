using System.Buffers;
using System.Globalization;
using SkiaSharp;

namespace GradCamSharp.Imaging;

/// <summary>A picture as it is stored: its header is read, its pixels are not decoded yet.</summary>
internal sealed partial class EncodedPicture : IDisposable
{
    // JPEG smooths colours across pixels, so that a part's own edges differ from the same pixels of the whole: so much more is decoded than
    // is wanted. And a part that begins where a coding unit does, most often one of 16 pixels, is not copied once more.
    private const int Margin = 16;

    private readonly string name;
    private readonly SKData data;
    private readonly SKCodec codec;
    private readonly SKImageInfo info;

    private EncodedPicture(string name, SKData data, SKCodec codec)
    {
        this.name = name;
        this.data = data;
        this.codec = codec;
        info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
    }

    /// <summary>The size in pixels, upright.</summary>
    public PixelSize Size => codec.EncodedOrigin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom
        or SKEncodedOrigin.LeftBottom ? new PixelSize(info.Height, info.Width) : new PixelSize(info.Width, info.Height);

    private bool HasAlpha => codec.Info.AlphaType != SKAlphaType.Opaque;

    // An upright photo. A progressive one is read whole in any case, and where scans are missing the decoder smooths across a part's edges.
    private bool IsDecodedInParts => codec.EncodedFormat == SKEncodedImageFormat.Jpeg
        && codec.EncodedOrigin is SKEncodedOrigin.Default && !HasAlpha && !JpegStructure.IsProgressive(data.AsSpan());

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">What it may cost; <see cref="PictureLimits.Default"/> if null.</param>
    /// <exception cref="PictureException">The file is missing, unreadable, no picture, too large or truncated.</exception>
    public static EncodedPicture Open(string path, PictureLimits? limits)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            return Open(file, path, limits);
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

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">The compressed picture; it is not disposed.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="limits">What it may cost; <see cref="PictureLimits.Default"/> if null.</param>
    /// <exception cref="PictureException">The stream holds no picture, or one that is too large or truncated.</exception>
    public static EncodedPicture Open(Stream stream, string name, PictureLimits? limits)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(name);
        limits ??= PictureLimits.Default;
        byte[] buffer = ReadWithin(stream, name, limits.MaximumBytes, out int length);
        try
        {
            return Open(buffer.AsSpan(0, length), name, limits);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Decodes it.</summary>
    /// <exception cref="PictureException">It is truncated or damaged.</exception>
    public Picture Decode()
    {
        using var pixels = new PixelBuffer(new PixelSize(info.Width, info.Height));
        // A missing colour space in the wanted format is Skia's way to ask for the stored values.
        return codec.GetPixels(info, pixels.Address) switch
        {
            SKCodecResult.Success => StoredPixels.Upright(pixels.Rgba, info.Width, info.Height, codec.EncodedOrigin, HasAlpha),
            SKCodecResult.IncompleteInput => throw Truncated(name),
            var result => throw Damaged(result),
        };
    }

    /// <summary>
    /// A part of the picture at another size: the same as <see cref="Resampling"/> makes of the decoded picture, but a photo is decoded no
    /// farther than that needs, and not copied in between.
    /// </summary>
    /// <param name="size">The size of the whole picture after resizing.</param>
    /// <param name="part">The part of it that is wanted; it lies inside <paramref name="size"/>.</param>
    /// <param name="filter">The filter.</param>
    /// <exception cref="PictureException">It is truncated or damaged.</exception>
    public Picture Resize(PixelSize size, PixelBox part, ResampleFilter filter)
    {
        if (!IsDecodedInParts || size == Size)
            return Resampling.Resize(Decode(), size, part, filter);
        var plan = new ResamplePlan(Size, size, part, filter);
        var needed = plan.Needed;
        int left = Math.Max((needed.X / Margin) - 1, 0) * Margin, top = Math.Max(needed.Y - Margin, 0);
        var decoded = new PixelBox(left, top,
            Math.Min(needed.X + needed.Width + Margin, info.Width) - left, needed.Y + needed.Height - top);
        using var pixels = new PixelBuffer(new PixelSize(decoded.Width, decoded.Height));
        DecodeRows(decoded, pixels.Address);
        return plan.Apply(new PixelRows(pixels.Rgba, info.BytesPerPixel, decoded));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        codec.Dispose();
        data.Dispose();
    }

    private static EncodedPicture Open(ReadOnlySpan<byte> bytes, string name, PictureLimits limits)
    {
        if (bytes.IsEmpty)
            throw new PictureException(name, "it is empty (0 bytes)", "Copy or download it again.");
        var data = SKData.CreateCopy(bytes);
        var codec = SKCodec.Create(data);
        if (codec is null)
        {
            data.Dispose();
            throw NoPicture(name, bytes);
        }

        var picture = new EncodedPicture(name, data, codec);
        try
        {
            if (!IsSupported(codec.EncodedFormat))
                throw NoPicture(name, bytes);
            var info = picture.info;
            if ((long)info.Width * info.Height > limits.MaximumPixels)
            {
                throw new PictureException(
                    name,
                    string.Create(CultureInfo.InvariantCulture,
                        $"{info.Width} x {info.Height} pixels are more than the limit of {limits.MaximumPixels / 1e6:0.###} megapixels"),
                    "Make it smaller first.");
            }

            return JpegStructure.IsJpeg(bytes) && !JpegStructure.IsWhole(bytes) ? throw Truncated(name) : picture;
        }
        catch
        {
            picture.Dispose();
            throw;
        }
    }

    private static byte[] ReadWithin(Stream stream, string name, long limit, out int length)
    {
        long known = stream.CanSeek ? stream.Length - stream.Position : 0;
        if (known > limit)
            throw TooLong(name, limit);
        length = 0;
        // One byte more than is expected shows that there is no more.
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Max(known + 1, 65536));
        try
        {
            for (int read; (read = stream.Read(buffer.AsSpan(length))) > 0;)
            {
                length += read;
                if (length > limit)
                    throw TooLong(name, limit);
                if (length < buffer.Length)
                    continue;
                byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * length, limit + 1));
                buffer.CopyTo(larger, 0);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }

            return buffer;
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private static PictureException Truncated(string name) =>
        new(name, "truncated: the file ends before the picture does", "Copy or download it again.");

    private static PictureException TooLong(string name, long limit) =>
        new(name,
            string.Create(CultureInfo.InvariantCulture, $"the file is larger than the limit of {limit / 1048576.0:0.###} MiB"),
            "Make it smaller first.");

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

    private void DecodeRows(PixelBox part, nint target)
    {
        var columns = new SKCodecOptions(new SKRectI(part.X, 0, part.X + part.Width, info.Height))
        {
            // What cannot be decoded is not to be cleared: the codec would look up the part's width where it does not lie any more.
            ZeroInitialized = SKZeroInitialized.Yes,
        };
        var result = codec.StartScanlineDecode(info, columns);
        if (result != SKCodecResult.Success)
            throw Damaged(result);
        if ((part.Y > 0 && !codec.SkipScanlines(part.Y))
            || codec.GetScanlines(target, part.Height, part.Width * info.BytesPerPixel) < part.Height)
            throw Truncated(name);
    }

    private PictureException Damaged(SKCodecResult result) =>
        new(name, $"damaged or truncated: it cannot be decoded ({result})", "Copy or download it again.");
}
