namespace GradCamSharp.Audit.Statistics;

/// <summary>The normal distribution.</summary>
internal static class Normal
{
    /// <summary>
    /// The probability of more than z: half the complementary error function of z / sqrt 2, by its continued fraction or its series
    /// (Abramowitz and Stegun 7.1.6, 7.1.14); the relative error is below 10^-10.
    /// </summary>
    public static double Above(double z)
    {
        if (z < 0)
            return 1 - Above(-z);
        double density = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
        if (z < 3)
        {
            // 1/2 - density * (z + z^3/3 + z^5/15 + ...)
            double term = z, sum = z;
            for (int k = 3; term > 1e-17 * sum; k += 2)
                sum += term *= z * z / k;
            return 0.5 - (density * sum);
        }

        double fraction = z;
        for (int k = 200; k > 0; k--)
            fraction = z + (k / fraction);
        return density / fraction;
    }
}
