using SkiaSharp;

namespace GradCamSharp.Imaging;

/// <summary>Several pictures side by side, each with a caption.</summary>
public static class SideBySide
{
    private const int Gap = 12, CaptionHeight = 34, FontSize = 15, Narrowest = 80, MostWide = 4;
    private static readonly SKTypeface Typeface = LoadTypeface();

    /// <summary>Draws pictures of one height next to each other on white, captions below; many in rows of about the same width.</summary>
    /// <param name="items">Captions and pictures.</param>
    /// <param name="height">The height that all pictures get, in pixels.</param>
    /// <param name="width">
    /// The width, in pixels, that no row exceeds; a picture that is wider alone has a row for itself. The default holds five squares of the
    /// default height.
    /// </param>
    public static Picture Draw(IReadOnlyList<(string Caption, Picture Picture)> items, int height = 320, int width = 1700)
    {
        ArgumentNullException.ThrowIfNull(items);
        int[] widths = [.. items.Select(i => Width(i.Picture, height))];
        var rows = Rows(widths, width);
        int rowHeight = height + CaptionHeight + Gap;
        var size = new SKImageInfo(
            Widest(widths, rows), (rowHeight * rows.Count) + Gap, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var bitmap = new SKBitmap(size);
        using var canvas = new SKCanvas(bitmap);
        using var font = new SKFont(Typeface, FontSize) { Subpixel = true };
        using var ink = new SKPaint { Color = new SKColor(0x22, 0x22, 0x22), IsAntialias = true };
        canvas.Clear(SKColors.White);
        foreach (var (r, row) in rows.Index())
        {
            int left = Gap, top = Gap + (r * rowHeight);
            for (int i = row.Start.Value; i < row.End.Value; i++)
            {
                using var picture = PictureEncoder.ToBitmap(Resampling.Resize(items[i].Picture, widths[i], height));
                canvas.DrawBitmap(picture, left, top, SKSamplingOptions.Default);
                string caption = Shorten(items[i].Caption, font, widths[i]);
                canvas.DrawText(caption, left + (widths[i] / 2f), top + height + 24, SKTextAlign.Center, font, ink);
                left += widths[i] + Gap;
            }
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
        Math.Clamp((int)Math.Round((double)picture.Width * height / picture.Height), Narrowest, MostWide * height);

    // As few rows as the width allows, and of these the narrowest: six pictures where five fit are three and three, not five and one.
    private static List<Range> Rows(int[] widths, int most)
    {
        var rows = Filled(widths, most);
        while (Widest(widths, rows) - 1 is var narrower && Filled(widths, narrower) is var next
            && next.Count == rows.Count && Widest(widths, next) <= narrower)
        {
            rows = next;
        }

        return rows;
    }

    private static List<Range> Filled(int[] widths, int most)
    {
        var rows = new List<Range>();
        int start = 0;
        for (int i = 1; i <= widths.Length; i++)
        {
            if (i < widths.Length && Total(widths[start..(i + 1)]) <= most)
                continue;
            rows.Add(start..i);
            start = i;
        }

        return rows;
    }

    private static int Widest(int[] widths, List<Range> rows) => rows.Select(row => Total(widths[row])).DefaultIfEmpty(Gap).Max();

    private static int Total(int[] widths) => widths.Sum() + (Gap * (widths.Length + 1));

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
