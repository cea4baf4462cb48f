using GradCamSharp.Imaging;

namespace GradCamSharp.Audit.Scanning;

/// <summary>Maps of one size as they lie on the network's input: their values between positions, linear on both axes.</summary>
internal sealed class MapGrid
{
    // Finer maps say no more of where evidence lies.
    private const int FinestSide = 16;

    private readonly int height, width;
    private readonly (int Low, int High, float Share)[] rows, columns;

    /// <param name="height">The maps' rows.</param>
    /// <param name="width">The maps' columns.</param>
    /// <param name="input">The network's input.</param>
    public MapGrid(int height, int width, PixelSize input)
    {
        (this.height, this.width, Input) = (height, width, input);
        rows = Taps(height, input.Height);
        columns = Taps(width, input.Width);
    }

    /// <summary>The network's input.</summary>
    public PixelSize Input { get; }

    /// <summary>A map at the network's input, [H, W]; pixels' centres are half a pixel from their edges.</summary>
    public float[] AtInput(ReadOnlySpan<float> map)
    {
        float[] result = new float[Input.Width * Input.Height];
        float[] across = new float[Input.Width];
        float[] below = new float[Input.Width];
        int low = -1, high = -1;
        for (int y = 0; y < Input.Height; y++)
        {
            var (first, second, share) = rows[y];
            if (first != low || second != high)
            {
                Across(map, first, across);
                Across(map, second, below);
                (low, high) = (first, second);
            }

            var target = result.AsSpan(y * Input.Width, Input.Width);
            for (int x = 0; x < target.Length; x++)
                target[x] = across[x] + (share * (below[x] - across[x]));
        }

        return result;
    }

    /// <summary>A map of at most 16 x 16 positions; of larger ones the sums of areas.</summary>
    public float[] Coarse(float[] map)
    {
        int newHeight = Math.Min(height, FinestSide), newWidth = Math.Min(width, FinestSide);
        if (newHeight == height && newWidth == width)
            return map;
        float[] result = new float[newHeight * newWidth];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                foreach (var (i, down) in Parts(y, height, newHeight))
                {
                    foreach (var (j, over) in Parts(x, width, newWidth))
                        result[(i * newWidth) + j] += (float)(map[(y * width) + x] * down * over);
                }
            }
        }

        return result;
    }

    private void Across(ReadOnlySpan<float> map, int row, float[] target)
    {
        var from = map.Slice(row * width, width);
        for (int x = 0; x < target.Length; x++)
        {
            var (low, high, share) = columns[x];
            target[x] = from[low] + (share * (from[high] - from[low]));
        }
    }

    // Which coarse positions a fine one lies in, and how much of it.
    private static IEnumerable<(int At, double Share)> Parts(int at, int from, int to)
    {
        double step = (double)to / from, begin = at * step, end = (at + 1) * step;
        for (int i = (int)begin; i < to && i < end; i++)
        {
            double share = (Math.Min(end, i + 1) - Math.Max(begin, i)) / step;
            if (share > 1e-9)
                yield return (i, share);
        }
    }

    private static (int, int, float)[] Taps(int from, int to)
    {
        var taps = new (int, int, float)[to];
        for (int i = 0; i < to; i++)
        {
            double at = Math.Max(0, ((i + 0.5) * from / to) - 0.5);
            int low = Math.Min((int)at, from - 1);
            taps[i] = (low, Math.Min(low + 1, from - 1), (float)(at - low));
        }

        return taps;
    }
}
