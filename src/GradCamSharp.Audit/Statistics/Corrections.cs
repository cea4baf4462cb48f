namespace GradCamSharp.Audit.Statistics;

/// <summary>Corrects probabilities for their number.</summary>
internal static class Corrections
{
    /// <summary>Holm: each is the probability that any of all errs. In the order given.</summary>
    public static double[] Holm(IReadOnlyList<double> values)
    {
        double[] corrected = new double[values.Count];
        double most = 0;
        int left = values.Count;
        foreach (int i in Enumerable.Range(0, values.Count).OrderBy(i => values[i]))
            corrected[i] = most = Math.Min(1, Math.Max(most, values[i] * left--));
        return corrected;
    }

    /// <summary>Benjamini and Hochberg: each is the share of false ones among all that are as small. In the order given.</summary>
    public static double[] BenjaminiHochberg(IReadOnlyList<double> values)
    {
        double[] corrected = new double[values.Count];
        double least = 1;
        int rank = values.Count;
        foreach (int i in Enumerable.Range(0, values.Count).OrderByDescending(i => values[i]))
            corrected[i] = least = Math.Min(least, values[i] * values.Count / rank--);
        return corrected;
    }
}
