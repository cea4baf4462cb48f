using GradCamSharp.Audit.Results;
using GradCamSharp.Imaging;

namespace GradCamSharp.Audit.Explorer;

/// <summary>The pictures of the page as JPEG files: each at the network's input, as the map lies on it, and those of findings.</summary>
internal sealed class PicturePages(AuditResult result, PictureOrder order, ExplorerFiles files)
{
    private const int LongestSide = 224, Quality = 82, FindingQuality = 90;

    /// <summary>Writes all.</summary>
    public void Write(CancellationToken cancellationToken)
    {
        var limits = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        Parallel.For(0, order.Pictures.Length, limits, place =>
            Write(FormattableString.Invariant($"pictures/{place:D6}.jpg"), AtInput(result.Pictures[order.Pictures[place]]), Quality));
        foreach (var finding in result.Findings)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Write(MeanOf(finding), finding.Mean, FindingQuality);
            if (finding.Mark is { } mark)
                Write(WindowOf(finding), mark.Window, FindingQuality);
            for (int i = 0; i < finding.Pairs.Length; i++)
            {
                Write(PairOf(finding, i, "before"), finding.Pairs[i].Before, FindingQuality);
                Write(PairOf(finding, i, "after"), finding.Pairs[i].Taken, FindingQuality);
            }
        }
    }

    /// <summary>The file of the mean of a finding's pictures.</summary>
    public static string MeanOf(AuditFinding finding) => FormattableString.Invariant($"findings/{finding.Number}-mean.jpg");

    /// <summary>The file of the mean of a finding's windows.</summary>
    public static string WindowOf(AuditFinding finding) => FormattableString.Invariant($"findings/{finding.Number}-window.jpg");

    /// <summary>The file of a pair's picture.</summary>
    public static string PairOf(AuditFinding finding, int pair, string which) =>
        FormattableString.Invariant($"findings/{finding.Number}-{pair + 1}-{which}.jpg");

    private void Write(string path, Picture picture, int quality)
    {
        byte[] bytes = PictureEncoder.ToJpeg(picture, quality);
        files.Write(path, stream => stream.Write(bytes));
    }

    // What the network sees of the picture; grey where that reaches over its edge, and throughout where the file has gone.
    private static Picture AtInput(AuditPicture picture)
    {
        var (original, resized, crop) = picture.Geometry;
        double factor = Math.Min(1, (double)LongestSide / Math.Max(crop.Width, crop.Height));
        int Scaled(int length) => (int)Math.Round(length * factor);
        int width = Math.Max(1, Scaled(crop.Width)), height = Math.Max(1, Scaled(crop.Height));
        byte[] pixels = new byte[width * height * 3];
        Array.Fill(pixels, (byte)128);
        var whole = new PixelSize(Math.Max(1, Scaled(resized.Width)), Math.Max(1, Scaled(resized.Height)));
        int left = Scaled(crop.X), top = Scaled(crop.Y), x = Math.Max(0, left), y = Math.Max(0, top);
        var part = new PixelBox(x, y, Math.Min(width + left, whole.Width) - x, Math.Min(height + top, whole.Height) - y);
        if (part.Width < 1 || part.Height < 1)
            return new Picture(width, height, pixels);
        try
        {
            var decoded = PictureDecoder.Decode(picture.Path);
            if (decoded.Size == original)
            {
                var shown = Resampling.Resize(decoded, whole, part, ResampleFilter.Bilinear);
                for (int row = 0; row < part.Height; row++)
                    shown.Row(row).CopyTo(pixels.AsSpan(3 * (((row + y - top) * width) + x - left)));
            }
        }
        catch (Exception e) when (e is PictureException or IOException or UnauthorizedAccessException)
        {
            // The audit has read it before; the page shows grey in its place.
        }

        return new Picture(width, height, pixels);
    }
}
