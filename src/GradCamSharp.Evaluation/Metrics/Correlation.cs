using System.Numerics;

namespace GradCamSharp.Evaluation.Metrics;

/// <summary>Correlations of two series of equal length; undefined (null) where one of them does not vary.</summary>
public static class Correlation
{
    /// <summary>Pearson's correlation, -1 to 1.</summary>
    /// <param name="a">The first series.</param>
    /// <param name="b">The second, as long.</param>
    /// <exception cref="ArgumentException">They are not of one length.</exception>
    public static double? Pearson<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : struct, INumber<T>
    {
        if (a.Length != b.Length)
            throw new ArgumentException($"Series of {a.Length} and {b.Length} values cannot be correlated.", nameof(b));
        if (!Varies(a) || !Varies(b))
            return null;
        double meanA = Mean(a), meanB = Mean(b), squareA = 0, squareB = 0, product = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double x = double.CreateTruncating(a[i]) - meanA, y = double.CreateTruncating(b[i]) - meanB;
            squareA += x * x;
            squareB += y * y;
            product += x * y;
        }

        double scale = Math.Sqrt(squareA * squareB);
        return scale > 0 ? product / scale : null;
    }

    /// <summary>Spearman's correlation: Pearson's of the ranks.</summary>
    /// <inheritdoc cref="Pearson{T}"/>
    public static double? Spearman<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : struct, INumber<T> => Pearson<double>(Ranks(a), Ranks(b));

    /// <summary>The ranks of values, from 1; equal values share the mean of theirs.</summary>
    /// <param name="values">The values; none is NaN.</param>
    public static double[] Ranks<T>(ReadOnlySpan<T> values)
        where T : struct, INumber<T>
    {
        T[] sorted = values.ToArray();
        int[] places = new int[sorted.Length];
        for (int i = 0; i < places.Length; i++)
            places[i] = i;
        Array.Sort(sorted, places);
        double[] ranks = new double[sorted.Length];
        for (int first = 0, next; first < sorted.Length; first = next)
        {
            for (next = first + 1; next < sorted.Length && sorted[next] == sorted[first];)
                next++;
            double rank = (first + 1 + next) / 2.0;
            for (int i = first; i < next; i++)
                ranks[places[i]] = rank;
        }

        return ranks;
    }

    /// <summary>Whether not all values are the same.</summary>
    internal static bool Varies<T>(ReadOnlySpan<T> values)
        where T : struct, INumber<T> => values.Length > 0 && values[1..].ContainsAnyExcept(values[0]);

    private static double Mean<T>(ReadOnlySpan<T> values)
        where T : struct, INumber<T>
    {
        double sum = 0;
        foreach (var value in values)
            sum += double.CreateTruncating(value);
        return sum / values.Length;
    }
}
