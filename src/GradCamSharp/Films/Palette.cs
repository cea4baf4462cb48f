namespace GradCamSharp.Films;

/// <summary>
/// 256 colours that stand for those of a picture: its colour space is cut where most of it is spread (median cut, Heckbert 1982).
/// </summary>
internal sealed class Palette
{
    // Of each channel so many bits tell colours apart.
    private const int Bits = 5, Levels = 1 << Bits, Most = 256;

    private readonly byte[] places;

    private Palette(byte[] colours, byte[] places) => (Colours, this.places) = (colours, places);

    /// <summary>R, G, B of each of the 256 colours.</summary>
    public byte[] Colours { get; }

    /// <summary>The colour of a pixel, by its place in the palette.</summary>
    /// <param name="pixels">R, G, B of every pixel.</param>
    /// <param name="at">Where the pixel begins.</param>
    public byte Index(ReadOnlySpan<byte> pixels, int at) => places[Cell(pixels, at)];

    /// <summary>Chooses the colours of a picture.</summary>
    /// <param name="pixels">R, G, B of every pixel.</param>
    public static Palette Of(ReadOnlySpan<byte> pixels)
    {
        int[] counts = new int[Levels * Levels * Levels];
        long[] red = new long[counts.Length], green = new long[counts.Length], blue = new long[counts.Length];
        for (int p = 0; p + 2 < pixels.Length; p += 3)
        {
            int cell = Cell(pixels, p);
            counts[cell]++;
            red[cell] += pixels[p];
            green[cell] += pixels[p + 1];
            blue[cell] += pixels[p + 2];
        }

        int[] used = [.. Enumerable.Range(0, counts.Length).Where(c => counts[c] > 0)];
        byte[] colours = new byte[Most * 3], places = new byte[counts.Length];
        int place = 0;
        foreach (var (first, end) in Cut(used, counts))
        {
            long count = 0, r = 0, g = 0, b = 0;
            for (int i = first; i < end; i++)
            {
                int cell = used[i];
                (count, r, g, b) = (count + counts[cell], r + red[cell], g + green[cell], b + blue[cell]);
                places[cell] = (byte)place;
            }

            (colours[3 * place], colours[(3 * place) + 1], colours[(3 * place) + 2]) =
                ((byte)((r + (count / 2)) / count), (byte)((g + (count / 2)) / count), (byte)((b + (count / 2)) / count));
            place++;
        }

        return new Palette(colours, places);
    }

    /// <summary>Cuts the used cells into at most 256 ranges; the cells are reordered.</summary>
    private static List<(int First, int End)> Cut(int[] cells, int[] counts)
    {
        var boxes = new List<(int First, int End)> { (0, cells.Length) };
        // The box whose pixels times whose longest side is largest is cut next, at the median of its pixels.
        var open = new PriorityQueue<int, (double Negative, int Order)>();
        Push(0);
        while (boxes.Count < Most && open.TryDequeue(out int index, out _))
        {
            var (first, end) = boxes[index];
            var (axis, _) = Longest(cells.AsSpan(first, end - first));
            cells.AsSpan(first, end - first).Sort((a, b) => (Level(a, axis), a).CompareTo((Level(b, axis), b)));
            long all = 0, before = 0;
            for (int i = first; i < end; i++)
                all += counts[cells[i]];
            int middle = first;
            while (middle < end - 1 && (before += counts[cells[middle]]) < (all + 1) / 2)
                middle++;
            middle = Math.Clamp(middle + 1, first + 1, end - 1);
            boxes[index] = (first, middle);
            boxes.Add((middle, end));
            Push(index);
            Push(boxes.Count - 1);
        }

        return boxes;

        void Push(int index)
        {
            var (first, end) = boxes[index];
            if (end - first < 2)
                return;
            double count = 0;
            for (int i = first; i < end; i++)
                count += counts[cells[i]];
            open.Enqueue(index, (-Math.Sqrt(count) * Longest(cells.AsSpan(first, end - first)).Length, index));
        }
    }

    private static (int Axis, int Length) Longest(ReadOnlySpan<int> cells)
    {
        (int Axis, int Length) longest = (0, -1);
        for (int axis = 0; axis < 3; axis++)
        {
            int least = Levels, most = 0;
            foreach (int cell in cells)
                (least, most) = (Math.Min(least, Level(cell, axis)), Math.Max(most, Level(cell, axis)));
            if (most - least > longest.Length)
                longest = (axis, most - least);
        }

        return longest;
    }

    private static int Level(int cell, int axis) => (cell >> (Bits * (2 - axis))) & (Levels - 1);

    private static int Cell(ReadOnlySpan<byte> pixels, int at) =>
        ((pixels[at] >> (8 - Bits)) << (2 * Bits)) | ((pixels[at + 1] >> (8 - Bits)) << Bits) | (pixels[at + 2] >> (8 - Bits));
}
