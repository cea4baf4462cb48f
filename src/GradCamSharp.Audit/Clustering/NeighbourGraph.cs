using GradCamSharp.Audit.Scanning;
using GradCamSharp.Evaluation.Sampling;

namespace GradCamSharp.Audit.Clustering;

/// <summary>
/// The smallest eigenvalues and eigenvectors of the normalised Laplacian I - D^-1/2 W D^-1/2 of the graph that joins each point with its 10
/// nearest, W = max(W, W^T). By subspace iteration on 2 I - L, whose largest ones they are.
/// </summary>
internal sealed class NeighbourGraph
{
    /// <summary>The number of eigenvectors.</summary>
    public const int Wanted = 7;

    private const int Neighbours = 10, Guard = 5, Steps = 4, MostRounds = 500;
    private const double Tolerance = 1e-11;

    private readonly int[][] joined;
    private readonly double[] scale;

    /// <param name="points">The points; more than 10.</param>
    /// <param name="seed">The seed of the vectors that the search begins with.</param>
    public NeighbourGraph(Embedding points, long seed)
    {
        int n = points.Count;
        int[][] nearest = points.Nearest(Neighbours);
        var sets = Enumerable.Range(0, n).Select(_ => new SortedSet<int>()).ToArray();
        for (int i = 0; i < n; i++)
        {
            foreach (int j in nearest[i])
            {
                sets[i].Add(j);
                sets[j].Add(i);
            }
        }

        joined = [.. sets.Select(s => s.ToArray())];
        scale = [.. joined.Select(j => 1 / Math.Sqrt(Math.Max(1, j.Length)))];
        Solve(n, seed);
    }

    /// <summary>The eigenvalues, ascending from 0.</summary>
    public double[] Values { get; private set; } = [];

    /// <summary>The eigenvectors, [<see cref="Wanted"/>][n], each of length 1; the first component that is not small is positive.</summary>
    public double[][] Vectors { get; private set; } = [];

    private void Solve(int n, long seed)
    {
        int columns = Math.Min(Wanted + Guard, n);
        var random = new SeededRandom(seed, 0, Neighbours);
        double[][] vectors = new double[columns][];
        for (int k = 0; k < columns; k++)
            vectors[k] = [.. Enumerable.Range(0, n).Select(_ => random.Next() - 0.5)];
        double[] before = new double[columns];
        for (int round = 0; round < MostRounds; round++)
        {
            for (int step = 0; step < Steps; step++)
                vectors = [.. vectors.Select(Apply)];
            Orthonormalise(vectors);
            double[][] images = [.. vectors.Select(Apply)];
            double[,] small = new double[columns, columns];
            for (int a = 0; a < columns; a++)
            {
                for (int b = a; b < columns; b++)
                    small[a, b] = small[b, a] = Dot(vectors[a], images[b]);
            }

            var (values, rotation) = SymmetricMatrix.Eigen(small);
            vectors = Rotate(vectors, rotation);
            double change = 0;
            for (int k = 0; k < Math.Min(Wanted, columns); k++)
                change = Math.Max(change, Math.Abs(values[k] - before[k]));
            before = values;
            if (change < Tolerance)
                break;
        }

        int kept = Math.Min(Wanted, columns);
        Values = [.. before.Take(kept).Select(v => Math.Max(0, 2 - v))];
        Vectors = [.. vectors.Take(kept).Select(Signed)];
    }

    // 2 I - L = I + D^-1/2 W D^-1/2
    private double[] Apply(double[] vector)
    {
        double[] result = new double[vector.Length];
        for (int i = 0; i < result.Length; i++)
        {
            double sum = 0;
            foreach (int j in joined[i])
                sum += scale[j] * vector[j];
            result[i] = vector[i] + (scale[i] * sum);
        }

        return result;
    }

    private static void Orthonormalise(double[][] vectors)
    {
        for (int a = 0; a < vectors.Length; a++)
        {
            // Twice is enough (Kahan).
            for (int pass = 0; pass < 2; pass++)
            {
                for (int b = 0; b < a; b++)
                {
                    double share = Dot(vectors[a], vectors[b]);
                    for (int i = 0; i < vectors[a].Length; i++)
                        vectors[a][i] -= share * vectors[b][i];
                }
            }

            double length = Math.Sqrt(Dot(vectors[a], vectors[a]));
            for (int i = 0; i < vectors[a].Length; i++)
                vectors[a][i] = length > 0 ? vectors[a][i] / length : 0;
        }
    }

    private static double[][] Rotate(double[][] vectors, double[,] rotation)
    {
        int columns = vectors.Length, n = vectors[0].Length;
        double[][] result = new double[columns][];
        for (int k = 0; k < columns; k++)
        {
            double[] sum = new double[n];
            for (int a = 0; a < columns; a++)
            {
                for (int i = 0; i < n; i++)
                    sum[i] += rotation[a, k] * vectors[a][i];
            }

            result[k] = sum;
        }

        return result;
    }

    private static double[] Signed(double[] vector)
    {
        double most = vector.Max(Math.Abs), first = vector.FirstOrDefault(v => Math.Abs(v) > most / 2);
        return first < 0 ? [.. vector.Select(v => -v)] : vector;
    }

    private static double Dot(double[] a, double[] b) => System.Numerics.Tensors.TensorPrimitives.Dot<double>(a, b);
}
