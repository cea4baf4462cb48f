using System.Numerics.Tensors;
using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.Imputing;

/// <summary>
/// Fills removed pixels of a picture from what is around them (linear imputation of ROAD, arXiv 2202.00449): each is the weighted mean of
/// its
/// neighbours inside the picture, 1/6 beside and 1/12 across, all removed ones at once.
/// </summary>
/// <remarks>
/// sum over j in N(i) of w_ij (v_i - v_j) = 0 for every removed i, v_j the picture's own value where j is not removed. Solved by conjugate
/// gradients with a multigrid cycle as preconditioner, in 32 bits, until the residual is below 10^-4 of the right side. What is affine in
/// the
/// pixels, such as a network's normalisation, may come before or after. It keeps its buffers; it serves one thread at a time.
/// </remarks>
public sealed class Imputation
{
    private const double Tolerance = 1e-4;
    private const int MostSteps = 200;
    private const float Beside = Multigrid.Beside, Across = Multigrid.Across;

    private readonly PixelSize size;
    private readonly Multigrid grid = new();
    private float[] direction = [], product = [], solution = [], zeros = [];
    private int top, left;

    /// <param name="size">The pictures' size at the network's input.</param>
    public Imputation(PixelSize size) => this.size = size;

    /// <summary>The number of steps that the last channel took.</summary>
    public int Steps { get; private set; }

    /// <summary>Fills the removed pixels.</summary>
    /// <param name="planes">
    /// [C, H, W], overwritten where pixels are removed. What is there before is where the search begins: the nearer the quicker.
    /// </param>
    /// <param name="removed">[H, W]: which pixels are removed; at least one is not.</param>
    /// <exception cref="ArgumentException">The lengths do not fit the picture, or all pixels are removed.</exception>
    /// <exception cref="InvalidDataException">The pixels' values are not finite.</exception>
    public void Fill(Span<float> planes, ReadOnlySpan<bool> removed)
    {
        int count = size.Width * size.Height;
        if (removed.Length != count || planes.Length % count != 0)
            throw new ArgumentException($"The mask or the planes are not of pictures of {size} pixels.", nameof(removed));
        if (!removed.Contains(true))
            return;
        if (!removed.Contains(false))
            throw new ArgumentException("All pixels are removed, so nothing is known to fill them from.", nameof(removed));
        Frame(removed);
        grid.Prepare();
        // A step beyond the last row, where whole vectors end.
        int length = grid.Finest.Length + GridLevel.Margin;
        if (direction.Length < length)
            (direction, product, solution, zeros) = (new float[length], new float[length], new float[length], new float[length]);
        direction.AsSpan(0, length).Clear();
        product.AsSpan(0, length).Clear();
        for (int start = 0; start < planes.Length; start += count)
            Solve(planes.Slice(start, count), removed);
    }

    // The finest grid is the part of the picture that holds all removed pixels.
    private void Frame(ReadOnlySpan<bool> removed)
    {
        int bottom = 0, right = 0;
        (top, left) = (size.Height, size.Width);
        for (int y = 0; y < size.Height; y++)
        {
            var row = removed.Slice(y * size.Width, size.Width);
            int first = row.IndexOf(true);
            if (first < 0)
                continue;
            (top, bottom) = (Math.Min(top, y), y + 1);
            (left, right) = (Math.Min(left, first), Math.Max(right, row.LastIndexOf(true) + 1));
        }

        var level = grid.Finest;
        level.Reset(bottom - top, right - left);
        for (int y = 0; y < level.Height; y++)
        {
            var row = removed.Slice(((top + y) * size.Width) + left, level.Width);
            for (int x = 0, at = level.At(y, 0); x < row.Length; x++)
                level.Mask[at + x] = row[x] ? 1 : 0;
        }

        int stride = level.Stride;
        for (int y = 0; y < level.Height; y++)
        {
            for (int x = 0, at = level.At(y, 0); x < level.Width; x++, at++)
            {
                if (level.Mask[at] == 0)
                    continue;
                level.Right[at] = Beside * level.Mask[at + 1];
                level.Below[at] = Beside * level.Mask[at + stride];
                level.BelowRight[at] = Across * level.Mask[at + stride + 1];
                level.BelowLeft[at] = Across * level.Mask[at + stride - 1];
                // The ties to all neighbours in the picture, less those to removed ones.
                int up = top + y > 0 ? 1 : 0, down = top + y < size.Height - 1 ? 1 : 0;
                int before = left + x > 0 ? 1 : 0, after = left + x < size.Width - 1 ? 1 : 0;
                level.Held[at] =
                    (Beside * (up + down + before + after
                        - level.Mask[at - 1] - level.Mask[at + 1] - level.Mask[at - stride] - level.Mask[at + stride]))
                    + (Across * (((up + down) * (before + after)) - level.Mask[at - stride - 1] - level.Mask[at - stride + 1]
                        - level.Mask[at + stride - 1] - level.Mask[at + stride + 1]));
            }
        }
    }

    private void Solve(Span<float> plane, ReadOnlySpan<bool> removed)
    {
        var level = grid.Finest;
        int length = level.Length;
        Span<float> x = solution.AsSpan(0, length), p = direction.AsSpan(0, length), q = product.AsSpan(0, length);
        Span<float> r = level.Residual.AsSpan(0, length), z = level.Solution.AsSpan(0, length);
        x.Clear();
        RightSide(plane, removed, r);
        double wanted = Tolerance * TensorPrimitives.Norm<float>(r);
        if (!double.IsFinite(wanted))
            throw new InvalidDataException("The picture's values are not finite numbers, so nothing can be filled in from them.");
        if (wanted == 0)
        {
            // Everything around is 0, and so is what lies between.
            CopyOut(x, plane);
            return;
        }

        CopyIn(plane, x);
        grid.Remainder(level, solution, level.Residual, product);
        q.CopyTo(r);
        double before = 0;
        for (Steps = 0; TensorPrimitives.Norm<float>(r) > wanted; Steps++)
        {
            if (Steps == MostSteps)
                throw new InvalidDataException("The removed pixels could not be filled in: the picture's values differ too much in size.");
            grid.Apply();
            double now = TensorPrimitives.Dot<float>(r, z);
            if (Steps == 0)
                z.CopyTo(p);
            else
                TensorPrimitives.MultiplyAdd(p, (float)(now / before), z, p);
            before = now;
            // q = -A p.
            grid.Remainder(level, direction, zeros, product);
            float step = (float)(now / -TensorPrimitives.Dot<float>(p, q));
            TensorPrimitives.MultiplyAdd(p, step, x, x);
            TensorPrimitives.MultiplyAdd(q, step, r, r);
        }

        CopyOut(x, plane);
    }

    // What the known neighbours of each removed pixel add.
    private void RightSide(ReadOnlySpan<float> plane, ReadOnlySpan<bool> removed, Span<float> side)
    {
        var level = grid.Finest;
        side.Clear();
        for (int y = 0; y < level.Height; y++)
        {
            for (int x = 0, at = level.At(y, 0); x < level.Width; x++, at++)
            {
                if (level.Mask[at] == 0 || level.Held[at] < Across / 2)
                    continue;
                float sum = 0;
                int row = top + y, column = left + x;
                for (int j = Math.Max(row - 1, 0); j <= Math.Min(row + 1, size.Height - 1); j++)
                {
                    for (int i = Math.Max(column - 1, 0); i <= Math.Min(column + 1, size.Width - 1); i++)
                    {
                        int there = (j * size.Width) + i;
                        if (!removed[there])
                            sum += (i == column || j == row ? Beside : Across) * plane[there];
                    }
                }

                side[at] = sum;
            }
        }
    }

    private void CopyIn(ReadOnlySpan<float> plane, Span<float> vector)
    {
        var level = grid.Finest;
        for (int y = 0; y < level.Height; y++)
        {
            int at = level.At(y, 0);
            TensorPrimitives.Multiply(plane.Slice(((top + y) * size.Width) + left, level.Width),
                level.Mask.AsSpan(at, level.Width), vector.Slice(at, level.Width));
        }
    }

    private void CopyOut(ReadOnlySpan<float> vector, Span<float> plane)
    {
        var level = grid.Finest;
        for (int y = 0; y < level.Height; y++)
        {
            int at = level.At(y, 0);
            var row = plane.Slice(((top + y) * size.Width) + left, level.Width);
            for (int x = 0; x < row.Length; x++)
            {
                if (level.Mask[at + x] != 0)
                    row[x] = vector[at + x];
            }
        }
    }
}
