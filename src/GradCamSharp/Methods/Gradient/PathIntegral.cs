namespace GradCamSharp.Methods;

/// <summary>What integrals of gradients along a path have in common.</summary>
internal static class PathIntegral
{
    /// <summary>The point at a share of the straight way from one input to another.</summary>
    public static void Between(ReadOnlySpan<float> from, ReadOnlySpan<float> to, double share, Span<float> point)
    {
        float part = (float)share;
        for (int i = 0; i < point.Length; i++)
            point[i] = from[i] + (part * (to[i] - from[i]));
    }

    /// <summary>By how much shares do not sum to the score's change, as a share of the sum of their magnitudes.</summary>
    public static double Residual(double[] shares, double change)
    {
        double sum = 0, magnitude = 0;
        foreach (double share in shares)
            (sum, magnitude) = (sum + share, magnitude + Math.Abs(share));
        return magnitude == 0 ? Math.Abs(change) > 0 ? 1 : 0 : Math.Abs(sum - change) / magnitude;
    }
}
