namespace GradCamSharp.Methods;

/// <summary>The masks of <see cref="Rise"/>: few random cells, upsampled, and shifted by less than a cell.</summary>
internal sealed class RiseMasks
{
    private readonly int[] space;
    private readonly int[] cell;
    private readonly int[] large;
    private readonly float[] cells;
    private readonly double p;
    private readonly RandomNumbers random;
    private readonly LinearUpsampling upsampling;

    public RiseMasks(int[] space, int[] cells, double p, long seed)
    {
        this.space = space;
        this.p = p;
        random = new RandomNumbers((ulong)seed);
        cell = [.. space.Zip(cells, (n, s) => (n + s - 1) / s)];
        large = [.. cell.Zip(cells, (c, s) => (s + 1) * c)];
        this.cells = new float[cells.Aggregate(1, (a, b) => a * b)];
        upsampling = new LinearUpsampling(cells, large);
    }

    /// <summary>Writes a mask at the input's resolution.</summary>
    /// <param name="number">Which.</param>
    /// <param name="mask">Where to.</param>
    public void Write(int number, float[] mask)
    {
        var draws = random[number];
        for (int i = 0; i < cells.Length; i++)
            cells[i] = draws.Uniform(i) < p ? 1 : 0;
        float[] all = upsampling.Apply(cells);
        int[] offset = [.. cell.Select((c, d) => (int)Math.Floor((double)draws.Uniform(cells.Length + d) * c))];
        int width = space[^1];
        for (int row = 0; row < mask.Length / width; row++)
        {
            int from = 0, rest = row, factor = large[^1];
            for (int d = space.Length - 2; d >= 0; d--)
            {
                from += ((rest % space[d]) + offset[d]) * factor;
                rest /= space[d];
                factor *= large[d];
            }

            all.AsSpan(from + offset[^1], width).CopyTo(mask.AsSpan(row * width, width));
        }
    }
}
