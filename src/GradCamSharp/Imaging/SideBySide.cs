using SkiaSharp;

namespace GradCamSharp.Imaging;

/// <summary>Several pictures side by side, each with a caption.</summary>
public static class SideBySide
{
    private const int Gap = 12, CaptionHeight = 34, FontSize = 15;
    private static readonly SKTypeface Typeface = LoadTypeface();

    /// <summary>Draws pictures of one height next to each other on white, captions below.</summary>
    /// <param name="items">Captions and pictures.</param>
    /// <param name="height">The height that all pictures get, in pixels.</param>
    public static Picture Draw(IReadOnlyList<(string Caption, Picture Picture)> items, int height = 320)
    {
        ArgumentNullException.ThrowIfNull(items);
        int[] widths = [.. items.Select(i => Width(i.Picture, height))];
        int total = widths.Sum() + (Gap * (items.Count + 1));
        var size = new SKImageInfo(total, height + CaptionHeight + (2 * Gap), SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var bitmap = new SKBitmap(size);
        using var canvas = new SKCanvas(bitmap);
        using var font = new SKFont(Typeface, FontSize) { Subpixel = true };
        using var ink = new SKPaint { Color = new SKColor(0x22, 0x22, 0x22), IsAntialias = true };
        canvas.Clear(SKColors.White);
        int left = Gap;
        for (int i = 0; i < items.Count; i++)
        {
            using var picture = PictureEncoder.ToBitmap(Resampling.Resize(items[i].Picture, widths[i], height));
            canvas.DrawBitmap(picture, left, Gap, SKSamplingOptions.Default);
            string caption = Shorten(items[i].Caption, font, widths[i]);
            canvas.DrawText(caption, left + (widths[i] / 2f), height + Gap + 24, SKTextAlign.Center, font, ink);
            left += widths[i] + Gap;
        }

        canvas.Flush();
        return PictureEncoder.FromBitmap(bitmap);
    }

    /// <summary>Draws pictures below each other on white, from the left.</summary>
    /// <param name="rows">The pictures; one or more.</param>
    public static Picture Stack(IReadOnlyList<Picture> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
            throw new ArgumentException("Give at least one picture.", nameof(rows));
        int width = rows.Max(r => r.Width);
        byte[] pixels = new byte[3 * width * rows.Sum(r => r.Height)];
        Array.Fill(pixels, byte.MaxValue);
        int top = 0;
        foreach (var row in rows)
        {
            for (int y = 0; y < row.Height; y++, top++)
                row.Row(y).CopyTo(pixels.AsSpan(3 * width * top));
        }

        return new Picture(width, top, pixels);
    }

    private static int Width(Picture picture, int height) =>
        Math.Clamp((int)Math.Round((double)picture.Width * height / picture.Height), 80, 4 * height);

    private static string Shorten(string caption, SKFont font, int width)
    {
        if (font.MeasureText(caption) <= width)
            return caption;
        int length = caption.Length;
        while (length > 1 && font.MeasureText(caption[..length] + "…") > width)
            length--;
        return caption[..length].TrimEnd() + "…";
    }

    // A server has no fonts; the one for captions ships inside.
    private static SKTypeface LoadTypeface()
    {
        using var stream = typeof(SideBySide).Assembly.GetManifestResourceStream("GradCamSharp.Imaging.Fonts.DejaVuSans.ttf");
        return stream is null ? SKTypeface.Default : SKTypeface.FromStream(stream) ?? SKTypeface.Default;
    }
}
