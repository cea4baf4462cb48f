namespace GradCamSharp;

/// <summary>The median. GradCamSharp.Evaluation and the benchmarks compile this same file.</summary>
internal static class Median
{
    /// <summary>The middle value, or the mean of the two in the middle.</summary>
    /// <param name="values">In any order.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static double Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length > 0 ? (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2
            : throw new ArgumentException("There is no median of no values.", nameof(values));
    }
}
