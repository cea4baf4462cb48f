using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.Metrics;

/// <summary>The terms of Eq. 12 at one delta, in pixels of the original picture.</summary>
/// <param name="Internal">The map's pixels above delta inside the union of the class's boxes.</param>
/// <param name="External">Those outside.</param>
/// <param name="Box">The area of the union.</param>
public readonly record struct LocTerms(long Internal, long External, long Box)
{
    /// <summary>Loc = internal / (box + external), 0 to 1; 0 where there is neither box nor evidence.</summary>
    public double Loc => Box + External == 0 ? 0 : (double)Internal / (Box + External);

    /// <summary>Counts the terms of Eq. 12.</summary>
    /// <param name="map">[Height, Width] from 0 to 1, on the original picture.</param>
    /// <param name="size">The picture's size.</param>
    /// <param name="boxes">The boxes of one class; what lies outside the picture does not count, overlaps count once.</param>
    /// <param name="deltas">The thresholds, ascending; a pixel counts where the map is greater.</param>
    /// <returns>The terms at each delta.</returns>
    /// <exception cref="ArgumentException">The map does not have the picture's size, or the deltas do not ascend.</exception>
    public static LocTerms[] Of(ReadOnlySpan<float> map, PixelSize size, IReadOnlyList<PixelBox> boxes, ReadOnlySpan<double> deltas)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        if (map.Length != size.Width * size.Height)
            throw new ArgumentException($"A map of {map.Length} values is none for a picture of {size} pixels.", nameof(map));
        for (int d = 1; d < deltas.Length; d++)
        {
            if (!(deltas[d] > deltas[d - 1]))
                throw new ArgumentException("The deltas have to ascend.", nameof(deltas));
        }

        bool[] union = Union(size, boxes);
        // How many pixels inside and outside exceed exactly the first k deltas; those above a delta are the sums from there on.
        Span<long> inside = new long[deltas.Length + 1], outside = new long[deltas.Length + 1];
        long box = 0;
        for (int i = 0; i < map.Length; i++)
        {
            int exceeded = Exceeded(map[i], deltas);
            if (union[i])
            {
                inside[exceeded]++;
                box++;
            }
            else
            {
                outside[exceeded]++;
            }
        }

        var terms = new LocTerms[deltas.Length];
        long within = 0, without = 0;
        for (int d = deltas.Length - 1; d >= 0; d--)
        {
            within += inside[d + 1];
            without += outside[d + 1];
            terms[d] = new LocTerms(within, without, box);
        }

        return terms;
    }

    private static int Exceeded(float value, ReadOnlySpan<double> deltas)
    {
        int low = 0, high = deltas.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (value > deltas[middle])
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private static bool[] Union(PixelSize size, IReadOnlyList<PixelBox> boxes)
    {
        bool[] union = new bool[size.Width * size.Height];
        foreach (var box in boxes)
        {
            int left = Math.Clamp(box.X, 0, size.Width), right = (int)Math.Clamp((long)box.X + box.Width, left, size.Width);
            int top = Math.Clamp(box.Y, 0, size.Height), bottom = (int)Math.Clamp((long)box.Y + box.Height, top, size.Height);
            for (int y = top; y < bottom; y++)
                union.AsSpan((y * size.Width) + left, right - left).Fill(true);
        }

        return union;
    }
}
