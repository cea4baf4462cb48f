using System.Numerics.Tensors;
using GradCamSharp.Evaluation.Sampling;

namespace GradCamSharp.Audit.Clustering;

/// <summary>Points parted into k groups around their means: k-means++ (Arthur and Vassilvitskii 2007), the best of 8 starts.</summary>
internal static class KMeans
{
    private const int Starts = 8, MostRounds = 100;

    /// <summary>The group of each point, from 0.</summary>
    /// <param name="points">The points, row by row.</param>
    /// <param name="dimensions">The number of values of a point.</param>
    /// <param name="count">The number of groups; at most the number of points.</param>
    /// <param name="seed">The seed.</param>
    public static int[] Groups(double[] points, int dimensions, int count, long seed)
    {
        int n = points.Length / dimensions;
        var runs = new (double Inertia, int[] Groups)[Starts];
        Parallel.For(0, Starts, start => runs[start] = Run(points, n, dimensions, count, new SeededRandom(seed, start, count)));
        return runs.MinBy(r => r.Inertia).Groups;
    }

    private static (double, int[]) Run(double[] points, int n, int dimensions, int count, SeededRandom random)
    {
        double[] centres = Begin(points, n, dimensions, count, random), nearest = new double[n];
        int[] groups = new int[n], sizes = new int[count];
        Array.Fill(groups, -1);
        for (int round = 0; round < MostRounds; round++)
        {
            bool changed = false;
            for (int i = 0; i < n; i++)
            {
                var point = points.AsSpan(i * dimensions, dimensions);
                int best = 0;
                nearest[i] = double.PositiveInfinity;
                for (int k = 0; k < count; k++)
                {
                    double distance = Square(point, centres.AsSpan(k * dimensions, dimensions));
                    if (distance < nearest[i])
                        (nearest[i], best) = (distance, k);
                }

                changed |= groups[i] != best;
                groups[i] = best;
            }

            if (!changed)
                break;
            Move(points, groups, dimensions, centres, sizes);
        }

        return (nearest.Sum(), groups);
    }

    // The first centre is any point, each next one with a probability by its squared distance to the nearest centre.
    private static double[] Begin(double[] points, int n, int dimensions, int count, SeededRandom random)
    {
        double[] centres = new double[count * dimensions], nearest = new double[n];
        Array.Fill(nearest, double.PositiveInfinity);
        int chosen = random.Below(n);
        for (int k = 0; k < count; k++)
        {
            var centre = centres.AsSpan(k * dimensions, dimensions);
            points.AsSpan(chosen * dimensions, dimensions).CopyTo(centre);
            double sum = 0;
            for (int i = 0; i < n; i++)
            {
                nearest[i] = Math.Min(nearest[i], Square(points.AsSpan(i * dimensions, dimensions), centre));
                sum += nearest[i];
            }

            double at = random.Next() * sum;
            for (chosen = 0; chosen < n - 1 && (at -= nearest[chosen]) >= 0; chosen++)
            {
            }
        }

        return centres;
    }

    // A centre without points stays where it is.
    private static void Move(double[] points, int[] groups, int dimensions, double[] centres, int[] sizes)
    {
        double[] sums = new double[centres.Length];
        Array.Clear(sizes);
        for (int i = 0; i < groups.Length; i++)
        {
            var sum = sums.AsSpan(groups[i] * dimensions, dimensions);
            TensorPrimitives.Add(sum, points.AsSpan(i * dimensions, dimensions), sum);
            sizes[groups[i]]++;
        }

        for (int k = 0; k < sizes.Length; k++)
        {
            if (sizes[k] > 0)
                TensorPrimitives.Divide(sums.AsSpan(k * dimensions, dimensions), sizes[k], centres.AsSpan(k * dimensions, dimensions));
        }
    }

    private static double Square(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double distance = TensorPrimitives.Distance(a, b);
        return distance * distance;
    }
}
