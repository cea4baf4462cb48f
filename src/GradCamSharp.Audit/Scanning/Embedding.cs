using System.Numerics.Tensors;

namespace GradCamSharp.Audit.Scanning;

/// <summary>
/// Pictures as points: the square roots of shares, so that Euclid's distance is Hellinger's. It lies between distributions and is bounded;
/// one bright cell does not drown the rest.
/// </summary>
internal sealed class Embedding
{
    private readonly double[] values;

    private Embedding(int count, int dimensions, double[] values) => (Count, Dimensions, this.values) = (count, dimensions, values);

    /// <summary>The number of pictures.</summary>
    public int Count { get; }

    /// <summary>The number of values of a picture.</summary>
    public int Dimensions { get; }

    /// <summary>A picture's point, of length 1.</summary>
    public ReadOnlySpan<double> this[int picture] => values.AsSpan(picture * Dimensions, Dimensions);

    /// <summary>The points of distributions.</summary>
    /// <param name="rows">For each picture its values, all of one number; what is negative counts as 0, nothing at all as uniform.</param>
    public static Embedding Of(IReadOnlyList<float[]> rows)
    {
        int dimensions = rows.Count == 0 ? 0 : rows[0].Length;
        double[] values = new double[rows.Count * dimensions];
        for (int i = 0; i < rows.Count; i++)
        {
            double[] shares = Shares(rows[i]);
            for (int k = 0; k < dimensions; k++)
                values[(i * dimensions) + k] = Math.Sqrt(shares[k]);
        }

        return new Embedding(rows.Count, dimensions, values);
    }

    /// <summary>The positive part of values over its sum; the same everywhere where there is none.</summary>
    public static double[] Shares(ReadOnlySpan<float> values)
    {
        double[] shares = new double[values.Length];
        double sum = 0;
        for (int k = 0; k < shares.Length; k++)
            sum += shares[k] = Math.Max(0, values[k]);
        if (sum > 0)
            TensorPrimitives.Divide(shares, sum, shares);
        else
            Array.Fill(shares, 1.0 / shares.Length);
        return shares;
    }

    /// <summary>The squared distance of two pictures, 0 to 2.</summary>
    public double Distance(int a, int b) => Math.Max(0, 2 - (2 * TensorPrimitives.Dot(this[a], this[b])));

    /// <summary>The squared distances of a picture to all.</summary>
    public double[] Distances(int picture)
    {
        double[] distances = new double[Count];
        for (int i = 0; i < distances.Length; i++)
            distances[i] = Distance(picture, i);
        return distances;
    }

    /// <summary>
    /// For each picture the pictures that are nearest to it, the nearest first; of equally near ones the earlier. The picture itself is not
    /// among them.
    /// </summary>
    /// <param name="count">How many, or all others where there are not as many.</param>
    public int[][] Nearest(int count)
    {
        int[][] nearest = new int[Count][];
        Parallel.For(0, Count, i =>
        {
            double[] distances = Distances(i);
            distances[i] = double.PositiveInfinity;
            int[] order = [.. Enumerable.Range(0, Count)];
            Array.Sort([.. distances], order);
            // Array.Sort keeps no order among equals.
            int some = Math.Min(count, Count - 1);
            if (some == 0)
            {
                nearest[i] = [];
                return;
            }

            double last = distances[order[some - 1]];
            nearest[i] = [.. order.TakeWhile(j => distances[j] <= last).OrderBy(j => distances[j]).ThenBy(j => j).Take(some)];
        });
        return nearest;
    }
}
