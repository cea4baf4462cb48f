namespace GradCamSharp.Evaluation.Metrics;

/// <summary>
/// A mean of paired differences and where it lies with 95 % confidence, by Student's t distribution. An interval that holds 0 says that
/// the pictures do not tell which of two methods is better.
/// </summary>
/// <param name="Mean">The mean; 0 where there are no differences.</param>
/// <param name="Low">The interval's lower end; minus infinity where fewer than two differences leave it open.</param>
/// <param name="High">The interval's upper end; infinity where fewer than two differences leave it open.</param>
internal readonly record struct MeanInterval(double Mean, double Low, double High)
{
    /// <summary>Whether 0 is not in the interval.</summary>
    public bool ExcludesZero => Low > 0 || High < 0;

    /// <summary>The mean of differences.</summary>
    /// <param name="differences">One a pair.</param>
    public static MeanInterval Of(IReadOnlyList<double> differences) => Of(differences, [.. differences.Select(_ => 1.0)]);

    /// <summary>
    /// The weighted mean of differences of answers that are yes or no. A few pairs that all agree have no variance, and are no certainty:
    /// two differences of each sign are added to find the interval, as Agresti and Coull do for a share.
    /// </summary>
    /// <param name="differences">One a pair: minus <paramref name="one"/>, 0 or <paramref name="one"/>.</param>
    /// <param name="one">The difference of a yes and a no.</param>
    /// <param name="weights">How much each counts, positive; null for all alike.</param>
    public static MeanInterval OfAnswers(IReadOnlyList<double> differences, double one, IReadOnlyList<double>? weights = null)
    {
        weights ??= [.. differences.Select(_ => 1.0)];
        if (differences.Count == 0)
            return Of(differences, weights);
        double added = weights.Average();
        var interval = Of([.. differences, one, one, -one, -one], [.. weights, added, added, added, added]);
        double mean = Of(differences, weights).Mean;
        return new MeanInterval(mean, Math.Max(interval.Low, -one), Math.Min(interval.High, one));
    }

    /// <summary>The weighted mean of differences.</summary>
    /// <param name="differences">One a pair.</param>
    /// <param name="weights">How much each counts, positive: for a mean of the means of classes, one over the class's pairs.</param>
    public static MeanInterval Of(IReadOnlyList<double> differences, IReadOnlyList<double> weights)
    {
        int count = differences.Count;
        if (count == 0)
            return new MeanInterval(0, double.NegativeInfinity, double.PositiveInfinity);
        double sum = weights.Sum(), mean = differences.Zip(weights, (d, w) => d * w).Sum() / sum;
        if (count == 1)
            return new MeanInterval(mean, double.NegativeInfinity, double.PositiveInfinity);
        // The variance of a ratio of sums, by its linear approximation; with equal weights the usual one of a mean.
        double squares = differences.Zip(weights, (d, w) => w * w * (d - mean) * (d - mean)).Sum() / (sum * sum);
        double half = Student(count - 1) * Math.Sqrt(squares * count / (count - 1));
        return new MeanInterval(mean, mean - half, mean + half);
    }

    /// <summary>
    /// The 97.5 % quantile of Student's t distribution. The first two are closed forms; others by the expansion of Cornish and Fisher,
    /// whose error is below 0.02 (Abramowitz and Stegun 26.7.5).
    /// </summary>
    /// <param name="degrees">The degrees of freedom, from 1.</param>
    internal static double Student(int degrees)
    {
        const double Z = 1.959963984540054, Share = 0.95;
        if (degrees == 1)
            return Math.Tan(Math.PI * Share / 2);
        if (degrees == 2)
            return Share * Math.Sqrt(2 / (1 - (Share * Share)));
        double n = degrees, z2 = Z * Z;
        double first = Z * (z2 + 1) / 4;
        double second = Z * ((((5 * z2) + 16) * z2) + 3) / 96;
        double third = Z * ((((((3 * z2) + 19) * z2) + 17) * z2) - 15) / 384;
        double fourth = Z * ((((((((79 * z2) + 776) * z2) + 1482) * z2) - 1920) * z2) - 945) / 92160;
        return Z + (first / n) + (second / (n * n)) + (third / (n * n * n)) + (fourth / (n * n * n * n));
    }
}
