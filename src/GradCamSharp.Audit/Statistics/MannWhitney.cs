namespace GradCamSharp.Audit.Statistics;

/// <summary>The test of Mann and Whitney: are the values of one group larger than those of another?</summary>
internal static class MannWhitney
{
    /// <summary>
    /// The one-sided probability of as large a rank sum by chance: the normal approximation with corrections for ties and continuity.
    /// </summary>
    /// <param name="first">The values that may be larger; at least one.</param>
    /// <param name="second">The others; at least one.</param>
    public static double Greater(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        double[] ranks = Ranks([.. first, .. second], out double ties);
        double n = first.Count, m = second.Count, all = n + m;
        double u = ranks.Take(first.Count).Sum() - (n * (n + 1) / 2);
        double variance = n * m / 12 * (all + 1 - (ties / (all * (all - 1))));
        return variance > 0 ? Normal.Above((u - (n * m / 2) - 0.5) / Math.Sqrt(variance)) : 1;
    }

    /// <summary>The ranks of values from 1; equal ones share the mean of theirs.</summary>
    /// <param name="values">The values.</param>
    /// <param name="ties">The sum of t^3 - t over groups of t equal values.</param>
    public static double[] Ranks(double[] values, out double ties)
    {
        int[] order = [.. Enumerable.Range(0, values.Length).OrderBy(i => values[i])];
        double[] ranks = new double[values.Length];
        ties = 0;
        for (int start = 0; start < order.Length;)
        {
            int end = start + 1;
            while (end < order.Length && values[order[end]] == values[order[start]])
                end++;
            for (int i = start; i < end; i++)
                ranks[order[i]] = (start + 1 + end) / 2.0;
            double equal = end - start;
            ties += (equal * equal * equal) - equal;
            start = end;
        }

        return ranks;
    }
}
