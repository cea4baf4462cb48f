using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using GradCamSharp.Imaging;

namespace GradCamSharp.Audit.Scanning;

/// <summary>
/// The details around the strongest evidence of a picture: a window of 32 x 32 pixels with 12 more on each side, by which it may be
/// shifted. Beyond the picture it is 0.
/// </summary>
internal sealed class EvidenceWindow
{
    /// <summary>The window's side in pixels.</summary>
    public const int Side = 32;

    /// <summary>By how much it may be shifted each way.</summary>
    public const int Reach = 12;

    /// <summary>The number of shifts on each axis.</summary>
    public const int Shifts = (2 * Reach) + 1;

    // Rows are as long as whole vectors that begin at the last shift reach.
    private const int Stride = 64, Rows = Side + (2 * Reach);

    private readonly float[] values = new float[Rows * Stride];

    /// <param name="detail">The picture's details, [H, W].</param>
    /// <param name="size">Its size.</param>
    /// <param name="peak">The pixel of the strongest evidence, y W + x.</param>
    public EvidenceWindow(ReadOnlySpan<float> detail, PixelSize size, int peak)
    {
        int top = (peak / size.Width) - (Side / 2) - Reach, left = (peak % size.Width) - (Side / 2) - Reach;
        for (int y = Math.Max(0, -top); y < Rows && top + y < size.Height; y++)
        {
            int from = Math.Max(0, -left), to = Math.Min(Rows, size.Width - left);
            if (from < to)
                detail.Slice(((top + y) * size.Width) + left + from, to - from).CopyTo(values.AsSpan((y * Stride) + from));
        }
    }

    /// <summary>Copies the window at a shift.</summary>
    /// <param name="shift">Row by row, from 0 (12 up and left); <see cref="Shifts"/> a row.</param>
    /// <param name="target">[32, 32].</param>
    public void Cut(int shift, Span<float> target)
    {
        var (dy, dx) = (shift / Shifts, shift % Shifts);
        for (int y = 0; y < Side; y++)
            values.AsSpan(((dy + y) * Stride) + dx, Side).CopyTo(target.Slice(y * Side, Side));
    }

    /// <summary>The shift at which the window correlates most with a template; of equal ones the first.</summary>
    /// <param name="template">[32, 32].</param>
    /// <param name="best">The sum of products there.</param>
    public int Best(ReadOnlySpan<float> template, out float best)
    {
        Span<float> row = stackalloc float[4 * Vector256<float>.Count];
        int at = 0;
        best = float.NegativeInfinity;
        for (int dy = 0; dy < Shifts; dy++)
        {
            Correlate(template, dy, row);
            int dx = TensorPrimitives.IndexOfMax<float>(row[..Shifts]);
            if (row[dx] > best)
                (best, at) = (row[dx], (dy * Shifts) + dx);
        }

        return at;
    }

    // The sums of products at all shifts of one row at once.
    private void Correlate(ReadOnlySpan<float> template, int dy, Span<float> sums)
    {
        int lanes = Vector256<float>.Count;
        Vector256<float> a = default, b = default, c = default, d = default;
        for (int y = 0; y < Side; y++)
        {
            ReadOnlySpan<float> line = values.AsSpan((dy + y) * Stride, Stride), own = template.Slice(y * Side, Side);
            for (int x = 0; x < own.Length; x++)
            {
                var t = Vector256.Create(own[x]);
                var from = line.Slice(x, 4 * lanes);
                a += t * Vector256.Create(from);
                b += t * Vector256.Create(from[lanes..]);
                c += t * Vector256.Create(from[(2 * lanes)..]);
                d += t * Vector256.Create(from[(3 * lanes)..]);
            }
        }

        a.CopyTo(sums);
        b.CopyTo(sums[lanes..]);
        c.CopyTo(sums[(2 * lanes)..]);
        d.CopyTo(sums[(3 * lanes)..]);
    }
}
