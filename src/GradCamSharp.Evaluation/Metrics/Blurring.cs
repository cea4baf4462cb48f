using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.Metrics;

/// <summary>The blurred picture that insertion starts from.</summary>
public static class Blurring
{
    private const int Reach = 5;
    private const double StandardDeviation = 5;

    private static readonly double[] Weights = Gauss();

    /// <summary>
    /// Blurs one channel with a Gaussian of standard deviation 5 px over 11 x 11 px, as RISE does; beyond the edge the edge's pixels go on.
    /// Scaling and normalisation of a picture are affine, so that to blur before them or after is the same.
    /// </summary>
    /// <param name="plane">The channel's values, [Height, Width].</param>
    /// <param name="size">Its width and height.</param>
    /// <returns>The blurred values, of the same size.</returns>
    /// <exception cref="ArgumentException">There are not as many values as pixels.</exception>
    public static float[] Blur(ReadOnlySpan<float> plane, PixelSize size)
    {
        var (width, height) = size;
        if (plane.Length != width * height)
            throw new ArgumentException($"{plane.Length} values are no channel of {size} pixels.", nameof(plane));
        double[] across = new double[plane.Length];
        for (int y = 0; y < height; y++)
        {
            var row = plane.Slice(y * width, width);
            for (int x = 0; x < width; x++)
            {
                double sum = 0;
                for (int tap = -Reach; tap <= Reach; tap++)
                    sum += Weights[tap + Reach] * row[Math.Clamp(x + tap, 0, width - 1)];
                across[(y * width) + x] = sum;
            }
        }

        float[] blurred = new float[plane.Length];
        double[] sums = new double[width];
        for (int y = 0; y < height; y++)
        {
            Array.Clear(sums);
            for (int tap = -Reach; tap <= Reach; tap++)
            {
                var row = across.AsSpan(Math.Clamp(y + tap, 0, height - 1) * width, width);
                for (int x = 0; x < width; x++)
                    sums[x] += Weights[tap + Reach] * row[x];
            }

            for (int x = 0; x < width; x++)
                blurred[(y * width) + x] = (float)sums[x];
        }

        return blurred;
    }

    private static double[] Gauss()
    {
        double[] weights = [.. Enumerable.Range(-Reach, (2 * Reach) + 1)
            .Select(d => Math.Exp(-d * d / (2 * StandardDeviation * StandardDeviation)))];
        double sum = weights.Sum();
        return [.. weights.Select(w => w / sum)];
    }
}
