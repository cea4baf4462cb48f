using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using GradCamSharp.Imaging;

namespace GradCamSharp.Audit.Scanning;

/// <summary>
/// What windows that were shifted onto each other have in common, to look for in other pictures: their mean, and how sure each of its
/// pixels is.
/// </summary>
/// <remarks>
/// The network's evidence lies on the mark in some pictures and on the object in others; the mark is in both. Pixel by pixel the mean m
/// of n windows counts with f = max(0, 1 - 4 v / (n m^2)), v their variance: what differs from picture to picture counts for nothing.
/// </remarks>
internal sealed class MarkTemplate
{
    private const int Side = EvidenceWindow.Side, Size = Side * Side, Margin = Side / 2;

    private readonly float[] pattern = new float[Size], trust = new float[Size];
    private readonly float energy;

    /// <param name="windows">The windows; two or more.</param>
    /// <param name="begin">[32, 32]: what they are shifted onto first.</param>
    public MarkTemplate(IReadOnlyList<EvidenceWindow> windows, float[] begin)
    {
        int n = windows.Count;
        float[] part = new float[Size], sum = new float[Size], squares = new float[Size];
        foreach (var window in windows)
        {
            window.Cut(window.Best(begin, out _), part);
            TensorPrimitives.Add(sum, part, sum);
            TensorPrimitives.MultiplyAdd(part, part, squares, squares);
        }

        Mean = [.. sum.Select(v => v / n)];
        for (int i = 0; i < Size; i++)
        {
            float square = Mean[i] * Mean[i], variance = Math.Max(0, (squares[i] / n) - square) * n / Math.Max(1, n - 1);
            trust[i] = square > 1e-6f ? Math.Max(0, 1 - (4 * variance / (n * square))) : 0;
            pattern[i] = trust[i] * Mean[i];
            energy += pattern[i] * Mean[i];
        }
    }

    /// <summary>[32, 32]: the mean of the shifted windows.</summary>
    public float[] Mean { get; }

    /// <summary>Where a picture is most like the template.</summary>
    /// <param name="detail">The picture's details, [H, W].</param>
    /// <param name="size">Its size.</param>
    /// <returns>The correlation there, -1 to 1, and the pixel in the middle, y W + x.</returns>
    public (double Score, int At) Best(ReadOnlySpan<float> detail, PixelSize size)
    {
        if (!(energy > 0))
            return (0, 0);
        int lanes = Vector256<float>.Count, block = 2 * lanes;
        int columns = (size.Width + block) / block * block, stride = columns + Side + block;
        float[] padded = new float[(size.Height + Side) * stride], squares = new float[padded.Length];
        for (int y = 0; y < size.Height; y++)
            detail.Slice(y * size.Width, size.Width).CopyTo(padded.AsSpan(((y + Margin) * stride) + Margin));
        TensorPrimitives.Multiply(padded, padded, squares);
        double best = double.NegativeInfinity;
        int at = 0;
        Span<float> products = stackalloc float[block], energies = stackalloc float[block];
        for (int y = 0; y < size.Height; y++)
        {
            for (int x = 0; x < size.Width; x += block)
            {
                Correlate(padded, pattern, (y * stride) + x, stride, products);
                Correlate(squares, trust, (y * stride) + x, stride, energies);
                for (int i = 0; i < block && x + i < size.Width; i++)
                {
                    // What is nearly flat correlates with anything.
                    double score = products[i] / Math.Sqrt(energy * Math.Max(energies[i], energy / 100));
                    if (score > best)
                        (best, at) = (score, (y * size.Width) + x + i);
                }
            }
        }

        return (best, at);
    }

    private static void Correlate(float[] values, float[] weights, int start, int stride, Span<float> sums)
    {
        int lanes = Vector256<float>.Count;
        Vector256<float> a = default, b = default;
        for (int y = 0; y < Side; y++)
        {
            ReadOnlySpan<float> line = values.AsSpan(start + (y * stride), Side + (2 * lanes)), own = weights.AsSpan(y * Side, Side);
            for (int x = 0; x < own.Length; x++)
            {
                if (own[x] == 0)
                    continue;
                var t = Vector256.Create(own[x]);
                var from = line[x..];
                a += t * Vector256.Create(from);
                b += t * Vector256.Create(from[lanes..]);
            }
        }

        a.CopyTo(sums);
        b.CopyTo(sums[lanes..]);
    }
}
