namespace GradCamSharp.Evaluation.Metrics;

/// <summary>
/// Model parameter randomisation (MPRT; Adebayo et al. 2018, arXiv 1810.03292): Spearman(M, M of the network whose weights are in random
/// order). A map that stays the same cannot show what was learned. Smooth and efficient forms: Hedstrom et al. 2024, arXiv 2401.06465.
/// </summary>
public static class Randomisation
{
    /// <summary>The shares of the layers that are randomised, from the last one back.</summary>
    public static IReadOnlyList<double> Stages { get; } = [0.25, 0.5, 0.75, 1];

    /// <summary>The seeds by which all layers are randomised; the stages before are those of the first.</summary>
    public static IReadOnlyList<ulong> Seeds { get; } = [1, 2, 3];

    /// <summary>The number of noisy copies of the smooth form.</summary>
    public const int SmoothCopies = 8;

    /// <summary>The deviation of its noise, as a share of a pixel's range.</summary>
    public const double SmoothNoise = 0.1;

    private const int Bins = 100;

    /// <summary>The efficient form: (H(M_random) - H(M)) / H(M); undefined where a map is of one value.</summary>
    /// <param name="map">M.</param>
    /// <param name="ofRandom">The randomised network's.</param>
    public static double? Rise(ReadOnlySpan<float> map, ReadOnlySpan<float> ofRandom)
    {
        double before = Entropy(map), after = Entropy(ofRandom);
        return before > 0 && after > 0 ? (after - before) / before : null;
    }

    /// <summary>
    /// H: the entropy of a map's values in 100 equal bins from the least to the largest, in nats; 0 for a map of one value.
    /// </summary>
    public static double Entropy(ReadOnlySpan<float> map)
    {
        float least = float.MaxValue, most = float.MinValue;
        foreach (float value in map)
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
        if (!(most > least))
            return 0;
        int[] counts = new int[Bins];
        double range = (double)most - least;
        foreach (float value in map)
            counts[Math.Min((int)(Bins * (((double)value - least) / range)), Bins - 1)]++;
        double entropy = 0;
        foreach (int count in counts)
        {
            double share = (double)count / map.Length;
            entropy -= count > 0 ? share * Math.Log(share) : 0;
        }

        return entropy;
    }
}
