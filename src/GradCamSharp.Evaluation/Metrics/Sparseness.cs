namespace GradCamSharp.Evaluation.Metrics;

/// <summary>
/// How concentrated a map is: Gini's index (Chalasani et al. 2018, arXiv 1810.06583) and entropy (Bhatt et al. 2020, arXiv 2005.00631).
/// Neither is good or bad: they tell why other figures differ. Undefined where the map is empty.
/// </summary>
/// <param name="Gini">sum (2 i - n - 1) M_(i) / (n sum M), M_(1) the least: 0 spread evenly, 1 - 1/n one pixel.</param>
/// <param name="Entropy">- sum q ln q / ln n, q = M / sum M: 1 spread evenly, 0 one pixel.</param>
public readonly record struct Sparseness(double? Gini, double? Entropy)
{
    /// <summary>Measures a map.</summary>
    /// <param name="map">[H, W] from 0 to 1.</param>
    public static Sparseness Of(ReadOnlySpan<float> map)
    {
        float[] sorted = map.ToArray();
        Array.Sort(sorted);
        double total = 0, weighted = 0, entropy = 0, n = sorted.Length;
        for (int i = 0; i < sorted.Length; i++)
        {
            total += sorted[i];
            weighted += ((2.0 * (i + 1)) - n - 1) * sorted[i];
        }

        if (total == 0)
            return default;
        foreach (float value in sorted)
        {
            double share = value / total;
            entropy -= share > 0 ? share * Math.Log(share) : 0;
        }

        return new Sparseness(weighted / (n * total), entropy / Math.Log(n));
    }
}
