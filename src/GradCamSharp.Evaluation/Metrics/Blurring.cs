using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.Metrics;

/// <summary>The blurred picture that insertion starts from.</summary>
public static class Blurring
{
    private const int Reach = 5;
    private const double Deviation = 5;

    private static readonly double[] Weights = Gauss();

    /// <summary>Blurs a picture with a Gaussian of standard deviation 5 px over 11 x 11 px, as RISE does; beyond the edge the edge's pixels go on.</summary>
    public static Picture Blur(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        int width = picture.Width, height = picture.Height;
        double[] across = new double[width * height * 3];
        for (int y = 0; y < height; y++)
        {
            var row = picture.Row(y);
            for (int x = 0; x < width; x++)
            {
                for (int tap = -Reach; tap <= Reach; tap++)
                {
                    int from = 3 * Math.Clamp(x + tap, 0, width - 1), to = 3 * ((y * width) + x);
                    double weight = Weights[tap + Reach];
                    across[to] += weight * row[from];
                    across[to + 1] += weight * row[from + 1];
                    across[to + 2] += weight * row[from + 2];
                }
            }
        }

        byte[] pixels = new byte[across.Length];
        double[] sums = new double[width * 3];
        for (int y = 0; y < height; y++)
        {
            Array.Clear(sums);
            for (int tap = -Reach; tap <= Reach; tap++)
            {
                var row = across.AsSpan(Math.Clamp(y + tap, 0, height - 1) * sums.Length, sums.Length);
                for (int i = 0; i < sums.Length; i++)
                    sums[i] += Weights[tap + Reach] * row[i];
            }

            for (int i = 0; i < sums.Length; i++)
                pixels[(y * sums.Length) + i] = (byte)Math.Round(sums[i]);
        }

        return new Picture(width, height, pixels);
    }

    private static double[] Gauss()
    {
        double[] weights = [.. Enumerable.Range(-Reach, (2 * Reach) + 1).Select(d => Math.Exp(-d * d / (2 * Deviation * Deviation)))];
        double sum = weights.Sum();
        return [.. weights.Select(w => w / sum)];
    }
}
