using System.Numerics.Tensors;

namespace GradCamSharp.Evaluation.Imputing;

/// <summary>
/// An approximate inverse of the equations of a grid: a symmetric V-cycle of relaxation on coarser and coarser grids. What conjugate
/// gradients take hundreds of steps for with the diagonal alone, they do in some ten with it.
/// </summary>
/// <remarks>
/// A coarse cell is 2 x 2 fine ones. Its ties are half the sums of theirs: a difference over two cells is spread over both. What holds it
/// is
/// the whole sum, which is never too weak a correction. Values come down by bilinear interpolation and residuals go up by its transpose.
/// </remarks>
internal sealed class Multigrid
{
    // Grids of so few cells are solved at once.
    private const int Coarsest = 4;

    // The best step for the finest grid's stencil, whose diagonal parts make it smooth faster, and for those of the coarser ones.
    private const float FineStep = 1, CoarseStep = 0.8f;

    /// <summary>What ties a pixel to a neighbour beside it, and across.</summary>
    public const float Beside = 1f / 6, Across = 1f / 12;

    private readonly List<GridLevel> levels = [];
    private readonly double[,] factor = new double[Coarsest * Coarsest, Coarsest * Coarsest];
    private readonly double[] small = new double[Coarsest * Coarsest];
    private float[] halved = [];
    private int count;

    /// <summary>The finest grid.</summary>
    public GridLevel Finest { get; } = new();

    /// <summary>Makes the coarser grids; the finest one has ties, mask and what holds its cells.</summary>
    public void Prepare()
    {
        Finest.Complete(FineStep);
        if (levels.Count == 0)
            levels.Add(Finest);
        for (count = 1; Math.Max(levels[count - 1].Height, levels[count - 1].Width) > Coarsest; count++)
        {
            if (levels.Count == count)
                levels.Add(new GridLevel());
            Coarsen(levels[count - 1], levels[count]);
        }

        if (halved.Length < Finest.Length)
            halved = new float[Finest.Length];
        Factor(levels[count - 1]);
    }

    /// <summary>The finest grid's <see cref="GridLevel.Solution"/> becomes about A^-1 times its <see cref="GridLevel.Residual"/>.</summary>
    public void Apply() => Cycle(0);

    private void Cycle(int depth)
    {
        var level = levels[depth];
        int length = level.Length;
        if (depth == count - 1)
        {
            SolveSmall(level);
            return;
        }

        var coarse = levels[depth + 1];
        float[] z = level.Solution, left = level.Scratch;
        TensorPrimitives.Multiply<float>(level.Residual.AsSpan(0, length), level.Relaxation.AsSpan(0, length), z.AsSpan(0, length));
        Remainder(level, level.Solution, level.Residual, level.Scratch);
        Restrict(level, coarse);
        Cycle(depth + 1);
        Prolong(coarse, level);
        Remainder(level, level.Solution, level.Residual, level.Scratch);
        TensorPrimitives.MultiplyAdd<float>(
            left.AsSpan(0, length), level.Relaxation.AsSpan(0, length), z.AsSpan(0, length), z.AsSpan(0, length));
    }

    /// <summary>result = right side - A values, on any of the grids.</summary>
    public void Remainder(GridLevel level, float[] values, float[] rightSide, float[] result)
    {
        if (level == Finest)
            level.Remainder(values, rightSide, result, Beside, Across);
        else
            level.Remainder(values, rightSide, result);
    }

    private static void Coarsen(GridLevel fine, GridLevel coarse)
    {
        coarse.Reset((fine.Height + 1) / 2, (fine.Width + 1) / 2);
        int stride = fine.Stride;
        for (int y = 0; y < coarse.Height; y++)
        {
            for (int x = 0; x < coarse.Width; x++)
            {
                int at = coarse.At(y, x), a = fine.At(2 * y, 2 * x), b = a + 1, c = a + stride, d = c + 1;
                // Beyond an odd side lies the margin, which is 0.
                coarse.Mask[at] = Math.Max(Math.Max(fine.Mask[a], fine.Mask[b]), Math.Max(fine.Mask[c], fine.Mask[d]));
                coarse.Held[at] = fine.Held[a] + fine.Held[b] + fine.Held[c] + fine.Held[d];
                coarse.Right[at] = (fine.Right[b] + fine.Right[d] + fine.BelowRight[b] + fine.BelowLeft[b + 1]) / 2;
                coarse.Below[at] = (fine.Below[c] + fine.Below[d] + fine.BelowRight[c] + fine.BelowLeft[d]) / 2;
                coarse.BelowRight[at] = fine.BelowRight[d] / 2;
                coarse.BelowLeft[at] = fine.BelowLeft[c] / 2;
            }
        }

        coarse.Complete(CoarseStep);
    }

    // The coarse residual: each fine one, shared out to the coarse cells that it is interpolated from. At the edge a cell is its own
    // neighbour.
    private void Restrict(GridLevel fine, GridLevel coarse)
    {
        float[] from = fine.Scratch, to = coarse.Residual;
        int width = fine.Width;
        var row = halved.AsSpan(0, width);
        for (int y = 0; y < coarse.Height; y++)
        {
            int upper = 2 * y, lower = Math.Min(upper + 1, fine.Height - 1);
            TensorPrimitives.Multiply(Row(upper), 0.75f, row);
            if (lower > upper)
                TensorPrimitives.MultiplyAdd(Row(lower), 0.75f, row, row);
            TensorPrimitives.MultiplyAdd(Row(Math.Max(upper - 1, 0)), 0.25f, row, row);
            int next = upper + 2;
            if (next < fine.Height)
                TensorPrimitives.MultiplyAdd(Row(next), 0.25f, row, row);
            else if (lower > upper)
                TensorPrimitives.MultiplyAdd(Row(lower), 0.25f, row, row);
            int at = coarse.At(y, 0);
            for (int x = 0; x < coarse.Width; x++)
            {
                int left = 2 * x, right = left + 1;
                float sum = (0.75f * row[left]) + (0.25f * row[Math.Max(left - 1, 0)]);
                if (right < width)
                    sum += (0.75f * row[right]) + (0.25f * row[Math.Min(right + 1, width - 1)]);
                to[at + x] = sum * coarse.Mask[at + x];
            }
        }

        ReadOnlySpan<float> Row(int y) => from.AsSpan(fine.At(y, 0), width);
    }

    // The fine solution takes the coarse one on top, interpolated.
    private void Prolong(GridLevel coarse, GridLevel fine)
    {
        float[] from = coarse.Solution, to = fine.Solution, mask = fine.Mask;
        int width = fine.Width, last = coarse.Width - 1, wide = (width + 15) / 16 * 16;
        for (int y = 0; y < coarse.Height; y++)
        {
            int at = coarse.At(y, 0);
            var row = halved.AsSpan(y * wide, width);
            for (int x = 0; x <= last; x++)
            {
                float own = 0.75f * from[at + x];
                row[2 * x] = own + (0.25f * from[at + Math.Max(x - 1, 0)]);
                if ((2 * x) + 1 < width)
                    row[(2 * x) + 1] = own + (0.25f * from[at + Math.Min(x + 1, last)]);
            }
        }

        var mixed = fine.Scratch.AsSpan(0, width);
        for (int y = 0; y < fine.Height; y++)
        {
            int near = y / 2, far = Math.Clamp(y % 2 == 0 ? near - 1 : near + 1, 0, coarse.Height - 1);
            TensorPrimitives.Multiply<float>(halved.AsSpan(near * wide, width), 0.75f, mixed);
            TensorPrimitives.MultiplyAdd<float>(halved.AsSpan(far * wide, width), 0.25f, mixed, mixed);
            var target = to.AsSpan(fine.At(y, 0), width);
            TensorPrimitives.MultiplyAdd<float>(mixed, mask.AsSpan(fine.At(y, 0), width), target, target);
        }

        mixed.Clear();
    }

    // Cholesky of the coarsest grid, once for all channels.
    private void Factor(GridLevel level)
    {
        int n = level.Height * level.Width;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = Entry(level, i, j);
                for (int k = 0; k < j; k++)
                    sum -= factor[i, k] * factor[j, k];
                factor[i, j] = i == j ? Math.Sqrt(sum) : sum / factor[j, j];
            }
        }
    }

    private static double Entry(GridLevel level, int i, int j)
    {
        int w = level.Width, at = level.At(i / w, i % w), up = at - level.Stride;
        if (i == j)
            return level.Mask[at] == 0 ? 1 : level.Diagonal[at];
        int down = (i / w) - (j / w), across = (i % w) - (j % w);
        // j comes before i.
        return (down, across) switch
        {
            (0, 1) => -level.Right[at - 1],
            (1, 0) => -level.Below[up],
            (1, 1) => -level.BelowRight[up - 1],
            (1, -1) => -level.BelowLeft[up + 1],
            _ => 0,
        };
    }

    private void SolveSmall(GridLevel level)
    {
        int w = level.Width, n = level.Height * w;
        for (int i = 0; i < n; i++)
        {
            double sum = level.Residual[level.At(i / w, i % w)];
            for (int k = 0; k < i; k++)
                sum -= factor[i, k] * small[k];
            small[i] = sum / factor[i, i];
        }

        for (int i = n - 1; i >= 0; i--)
        {
            double sum = small[i];
            for (int k = i + 1; k < n; k++)
                sum -= factor[k, i] * small[k];
            small[i] = sum / factor[i, i];
            level.Solution[level.At(i / w, i % w)] = (float)small[i];
        }
    }
}
