namespace GradCamSharp.Visualizing;

/// <summary>A Gaussian blur, separable, whose taps end at four standard deviations and sum to 1.</summary>
internal static class GaussianBlur
{
    /// <summary>Blurs planes; beyond the picture its edge's values go on.</summary>
    /// <param name="values">[C, height, width].</param>
    /// <param name="height">The height.</param>
    /// <param name="width">The width.</param>
    /// <param name="sigma">The standard deviation in pixels, above 0.</param>
    public static double[] WithClampedEdges(double[] values, int height, int width, double sigma)
    {
        int radius = (int)((4 * sigma) + 0.5);
        double[] taps = [.. Enumerable.Range(-radius, (2 * radius) + 1).Select(k => Math.Exp(-(double)k * k / (2 * sigma * sigma)))];
        double sum = taps.Sum();
        for (int k = 0; k < taps.Length; k++)
            taps[k] /= sum;
        return Along(Along(values, taps, height, width), taps, width, 1);
    }

    private static double[] Along(double[] values, double[] taps, int length, int stride)
    {
        double[] blurred = new double[values.Length];
        int radius = taps.Length / 2;
        for (int i = 0; i < values.Length; i++)
        {
            int at = i / stride % length, first = i - (at * stride);
            double total = 0;
            for (int k = -radius; k <= radius; k++)
                total += taps[k + radius] * values[first + (Math.Clamp(at + k, 0, length - 1) * stride)];
            blurred[i] = total;
        }

        return blurred;
    }
}
