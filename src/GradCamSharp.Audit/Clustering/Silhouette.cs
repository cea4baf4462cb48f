namespace GradCamSharp.Audit.Clustering;

/// <summary>How far groups stand off from each other (Rousseeuw 1987): (b - a) / max(a, b), -1 to 1.</summary>
internal static class Silhouette
{
    /// <summary>The value of each point; 0 where it is alone in its group.</summary>
    /// <param name="distances">[n][n]: the points' distances, not squared.</param>
    /// <param name="groups">The group of each point, from 0.</param>
    public static double[] Of(double[][] distances, int[] groups)
    {
        int count = groups.Max() + 1;
        int[] sizes = new int[count];
        foreach (int group in groups)
            sizes[group]++;
        double[] values = new double[groups.Length];
        Parallel.For(0, groups.Length, i =>
        {
            double[] sums = new double[count];
            for (int j = 0; j < groups.Length; j++)
                sums[groups[j]] += distances[i][j];
            int own = groups[i];
            double other = double.PositiveInfinity;
            for (int k = 0; k < count; k++)
            {
                if (k != own && sizes[k] > 0)
                    other = Math.Min(other, sums[k] / sizes[k]);
            }

            double within = sizes[own] > 1 ? sums[own] / (sizes[own] - 1) : 0, larger = Math.Max(within, other);
            values[i] = sizes[own] > 1 && larger > 0 && double.IsFinite(larger) ? (other - within) / larger : 0;
        });
        return values;
    }
}
