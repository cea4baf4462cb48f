using GradCamSharp.Audit.Scanning;

namespace GradCamSharp.Audit.Clustering;

/// <summary>The groups of a class's pictures in one view, in two ways, as each misses what the other finds.</summary>
internal static class Clusters
{
    private const int Most = 6;

    /// <summary>Spectral clustering: as many groups as the largest gap of eigenvalues says, after the first gap.</summary>
    /// <param name="graph">The points' graph.</param>
    /// <param name="seed">The seed.</param>
    public static int[] Spectral(NeighbourGraph graph, long seed)
    {
        double[] values = graph.Values;
        int count = 2;
        for (int k = 2; k <= Math.Min(Most, values.Length - 1); k++)
        {
            if (values[k] - values[k - 1] > values[count] - values[count - 1])
                count = k;
        }

        int n = graph.Vectors[0].Length;
        double[] rows = new double[n * count];
        for (int i = 0; i < n; i++)
        {
            double length = Math.Sqrt(Enumerable.Range(0, count).Sum(k => graph.Vectors[k][i] * graph.Vectors[k][i]));
            for (int k = 0; k < count; k++)
                rows[(i * count) + k] = graph.Vectors[k][i] / Math.Max(1e-12, length);
        }

        return KMeans.Groups(rows, count, count, seed);
    }

    /// <summary>K-means: as many groups as have the best mean silhouette; of equal ones the fewest.</summary>
    /// <param name="points">The points.</param>
    /// <param name="distances">[n][n]: their distances, not squared.</param>
    /// <param name="seed">The seed.</param>
    public static int[] ByKMeans(Embedding points, double[][] distances, long seed)
    {
        double[] flat = new double[points.Count * points.Dimensions];
        for (int i = 0; i < points.Count; i++)
            points[i].CopyTo(flat.AsSpan(i * points.Dimensions));
        int[] best = [];
        double highest = double.NegativeInfinity;
        for (int count = 2; count <= Math.Min(Most, points.Count); count++)
        {
            int[] groups = KMeans.Groups(flat, points.Dimensions, count, seed);
            double mean = groups.Distinct().Count() > 1 ? Silhouette.Of(distances, groups).Average() : -1;
            if (mean > highest)
                (highest, best) = (mean, groups);
        }

        return best;
    }

    /// <summary>The points' distances, not squared.</summary>
    public static double[][] Distances(Embedding points)
    {
        double[][] distances = new double[points.Count][];
        Parallel.For(0, points.Count, i => distances[i] = [.. points.Distances(i).Select(Math.Sqrt)]);
        return distances;
    }
}
