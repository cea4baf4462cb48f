using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.Metrics;

/// <summary>
/// The overlaps from which MaxBoxAcc V2 follows (Choe et al. 2020, arXiv 2001.07437 and 2007.04178): for each threshold tau the parts of
/// {M > tau max M}, connected by sides or corners, in their tight boxes, against the boxes of the class. On the original picture.
/// </summary>
/// <param name="Any">At each tau the largest IoU of any part's box with any box; 0 for an empty map.</param>
/// <param name="Largest">At each tau that of the part of most pixels alone, of equal ones the first row by row.</param>
public sealed record BoxAccuracy(IReadOnlyList<double> Any, IReadOnlyList<double> Largest)
{
    /// <summary>The thresholds: 0, 0.05 ... 0.95 of the map's maximum.</summary>
    public static IReadOnlyList<double> Taus { get; } = [.. Enumerable.Range(0, 20).Select(k => k / 20.0)];

    /// <summary>The overlaps from which a box counts as found.</summary>
    public static IReadOnlyList<double> Deltas { get; } = [0.3, 0.5, 0.7];

    /// <summary>Measures a map.</summary>
    /// <param name="map">[Height, Width] from 0 to 1, on the original picture.</param>
    /// <param name="size">The picture's size.</param>
    /// <param name="boxes">The boxes of one class; what lies outside the picture does not count.</param>
    public static BoxAccuracy Of(ReadOnlySpan<float> map, PixelSize size, IReadOnlyList<PixelBox> boxes)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        float most = 0;
        foreach (float value in map)
            most = Math.Max(most, value);
        double[] any = new double[Taus.Count], largest = new double[Taus.Count];
        PixelBox[] inside = [.. boxes.Select(b => Cut(b, size)).Where(b => b is { Width: > 0, Height: > 0 })];
        for (int t = 0; t < Taus.Count && inside.Length > 0; t++)
        {
            long area = 0;
            foreach (var part in MapParts.Above(map, size.Width, Taus[t] * most))
            {
                double overlap = inside.Max(box => Overlap(part.Box, box));
                any[t] = Math.Max(any[t], overlap);
                if (part.Pixels > area)
                    (area, largest[t]) = (part.Pixels, overlap);
            }
        }

        return new BoxAccuracy(any, largest);
    }

    /// <summary>
    /// MaxBoxAcc V2: the mean over the deltas of the best threshold's share of maps whose overlap reaches delta. The best threshold is
    /// chosen on the data that is measured.
    /// </summary>
    /// <param name="overlaps">For each map its overlaps, at each tau; at least one map.</param>
    public static double MaxBoxAccV2(IReadOnlyCollection<IReadOnlyList<double>> overlaps)
    {
        ArgumentNullException.ThrowIfNull(overlaps);
        return Deltas.Average(delta => MaxBoxAcc(overlaps, delta));
    }

    /// <summary>MaxBoxAcc at one delta.</summary>
    /// <param name="overlaps">For each map its overlaps, at each tau; at least one map.</param>
    /// <param name="delta">The overlap from which a box counts as found.</param>
    public static double MaxBoxAcc(IReadOnlyCollection<IReadOnlyList<double>> overlaps, double delta)
    {
        ArgumentNullException.ThrowIfNull(overlaps);
        int most = 0;
        for (int t = 0; t < Taus.Count; t++)
            most = Math.Max(most, overlaps.Count(o => o[t] >= delta));
        return (double)most / overlaps.Count;
    }

    private static PixelBox Cut(PixelBox box, PixelSize size)
    {
        int left = Math.Clamp(box.X, 0, size.Width), right = (int)Math.Clamp((long)box.X + box.Width, left, size.Width);
        int top = Math.Clamp(box.Y, 0, size.Height), bottom = (int)Math.Clamp((long)box.Y + box.Height, top, size.Height);
        return new PixelBox(left, top, right - left, bottom - top);
    }

    private static double Overlap(PixelBox a, PixelBox b)
    {
        long across = Math.Min(a.X + a.Width, b.X + b.Width) - Math.Max(a.X, b.X);
        long down = Math.Min(a.Y + a.Height, b.Y + b.Height) - Math.Max(a.Y, b.Y);
        long common = Math.Max(0, across) * Math.Max(0, down);
        return (double)common / (((long)a.Width * a.Height) + ((long)b.Width * b.Height) - common);
    }
}
