namespace GradCamSharp.Imaging;

/// <summary>Parts of a map whose pixels are connected along their sides.</summary>
internal static class ConnectedParts
{
    private sealed class Part(int left, int top)
    {
        public Part? JoinedTo;
        public long Area;
        public int Left = left, Top = top, Right = left, Bottom = top;

        public Part Root
        {
            get
            {
                var root = this;
                while (root.JoinedTo is { } next) root = next;
                if (root != this) JoinedTo = root;
                return root;
            }
        }
    }

    /// <summary>A run of pixels of one row, [Start, End).</summary>
    private readonly record struct Run(int Start, int End, Part Part);

    /// <summary>The box of the largest part of values above a limit; of equally large ones the uppermost. Null if there is none.</summary>
    public static PixelBox? Largest(ReadOnlySpan<float> values, int width, float limit)
    {
        var parts = new List<Part>();
        List<Run> above = [], here = [];
        for (var y = 0; y * width < values.Length; y++, (above, here) = (here, above))
        {
            here.Clear();
            var row = values.Slice(y * width, width);
            for (int x = 0, candidate = 0; x < width; x++)
            {
                if (!(row[x] > limit)) continue;
                var start = x;
                while (x < width && row[x] > limit) x++;
                // Runs are in order: those above that end before this one starts touch no later one either.
                while (candidate < above.Count && above[candidate].End <= start) candidate++;
                Part? part = null;
                for (var i = candidate; i < above.Count && above[i].Start < x; i++) part = Join(part, above[i].Part.Root);
                if (part is null) parts.Add(part = new Part(start, y));
                part.Area += x - start;
                (part.Left, part.Right, part.Bottom) = (Math.Min(part.Left, start), Math.Max(part.Right, x - 1), y);
                here.Add(new Run(start, x, part));
            }
        }
        Part? largest = null;
        foreach (var part in parts)
            if (part.JoinedTo is null && (largest is null || part.Area > largest.Area)) largest = part;
        return largest is null
            ? null
            : new PixelBox(largest.Left, largest.Top, largest.Right - largest.Left + 1, largest.Bottom - largest.Top + 1);
    }

    private static Part Join(Part? a, Part b)
    {
        if (a is null || a == b) return b;
        // The one that began higher up stays, so that the list's order is that of the parts' first rows.
        if ((b.Top, b.Left).CompareTo((a.Top, a.Left)) < 0) (a, b) = (b, a);
        b.JoinedTo = a;
        a.Area += b.Area;
        (a.Left, a.Right, a.Bottom) = (Math.Min(a.Left, b.Left), Math.Max(a.Right, b.Right), Math.Max(a.Bottom, b.Bottom));
        return a;
    }
}
