using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.Metrics;

/// <summary>The parts of a map above a threshold, connected by sides or corners.</summary>
internal static class MapParts
{
    /// <summary>A run of pixels of one row, [Start, End), of a part that is known by a number.</summary>
    private readonly record struct Run(int Start, int End, int Part);

    /// <summary>The parts in the order of their first pixels, row by row.</summary>
    /// <param name="map">[Height, Width].</param>
    /// <param name="width">Its width.</param>
    /// <param name="threshold">What a pixel has to exceed.</param>
    public static IEnumerable<(PixelBox Box, long Pixels)> Above(ReadOnlySpan<float> map, int width, double threshold)
    {
        var parts = new List<Part>();
        List<Run> above = [], here = [];
        for (int y = 0; y * width < map.Length; y++, (above, here) = (here, above))
        {
            here.Clear();
            var row = map.Slice(y * width, width);
            for (int x = 0, candidate = 0; x < width; x++)
            {
                if (!(row[x] > threshold))
                    continue;
                int start = x;
                while (x < width && row[x] > threshold)
                    x++;
                // Runs are in order. Those above that end before this one's left corner touch no later one either.
                while (candidate < above.Count && above[candidate].End < start)
                    candidate++;
                int part = -1;
                for (int i = candidate; i < above.Count && above[i].Start <= x; i++)
                    part = part < 0 ? Root(parts, above[i].Part) : Join(parts, part, Root(parts, above[i].Part));
                if (part < 0)
                {
                    part = parts.Count;
                    parts.Add(new Part(part, start, y));
                }

                parts[part].Add(start, x, y);
                here.Add(new Run(start, x, part));
            }
        }

        return parts.Where((part, number) => part.JoinedTo == number)
            .Select(p => (new PixelBox(p.Left, p.Top, p.Right - p.Left, p.Bottom - p.Top), p.Pixels));
    }

    private static int Root(List<Part> parts, int part)
    {
        while (parts[part].JoinedTo != part)
            part = parts[part].JoinedTo = parts[parts[part].JoinedTo].JoinedTo;
        return part;
    }

    // The earlier one stays, so that the list's order is that of the first pixels.
    private static int Join(List<Part> parts, int a, int b)
    {
        if (a == b)
            return a;
        var (first, second) = a < b ? (a, b) : (b, a);
        parts[second].JoinedTo = first;
        parts[first].Take(parts[second]);
        return first;
    }

    private sealed class Part(int number, int left, int top)
    {
        public int JoinedTo = number, Left = left, Top = top, Right = left, Bottom = top;
        public long Pixels;

        public void Add(int start, int end, int row)
        {
            Pixels += end - start;
            (Left, Right, Bottom) = (Math.Min(Left, start), Math.Max(Right, end), Math.Max(Bottom, row + 1));
        }

        public void Take(Part other)
        {
            Pixels += other.Pixels;
            (Left, Right) = (Math.Min(Left, other.Left), Math.Max(Right, other.Right));
            (Top, Bottom) = (Math.Min(Top, other.Top), Math.Max(Bottom, other.Bottom));
        }
    }
}
