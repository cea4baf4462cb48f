using System.Numerics.Tensors;

namespace GradCamSharp.Audit.Scanning;

/// <summary>
/// Do the pictures of a group show the very same thing where their evidence lies? The energy of the mean of their details over the mean
/// energy of their details, less what chance gives (1 / n).
/// </summary>
internal static class Sharpness
{
    private const int Block = 4096;

    /// <summary>
    /// s = sum w (mean d)^2 / sum w mean(d^2), and of it (s - 1/n) / (1 - 1/n): 1 the same pixels, 0 nothing in common.
    /// </summary>
    /// <param name="details">The pictures' details, each [H, W]; two or more.</param>
    /// <param name="weight">[H, W]: where the evidence lies.</param>
    public static double Of(IReadOnlyList<float[]> details, ReadOnlySpan<float> weight)
    {
        int n = details.Count;
        double common = 0, all = 0;
        Span<float> sum = stackalloc float[Block], squares = stackalloc float[Block];
        for (int start = 0; start < weight.Length; start += Block)
        {
            int length = Math.Min(Block, weight.Length - start);
            var part = weight.Slice(start, length);
            Span<float> s = sum[..length], q = squares[..length];
            s.Clear();
            q.Clear();
            foreach (float[] detail in details)
            {
                var d = detail.AsSpan(start, length);
                TensorPrimitives.Add(s, d, s);
                TensorPrimitives.MultiplyAdd(d, d, q, q);
            }

            all += TensorPrimitives.Dot(part, q);
            TensorPrimitives.Multiply(s, s, s);
            common += TensorPrimitives.Dot(part, s);
        }

        return all > 0 ? Corrected(common / n / all, n) : 0;
    }

    /// <summary>A share of common energy, less what chance gives.</summary>
    public static double Corrected(double share, int count) => (share - (1.0 / count)) / (1 - (1.0 / count));
}
