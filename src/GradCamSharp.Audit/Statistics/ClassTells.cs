using GradCamSharp.Evaluation.Sampling;

namespace GradCamSharp.Audit.Statistics;

/// <summary>How far a property of pictures tells their class, and how likely chance alone gives as much.</summary>
/// <param name="Strength">0 nothing, 1 it tells the class for sure.</param>
/// <param name="P">The share of permutations of the classes that tell as much, the data themselves counted in.</param>
internal readonly record struct ClassTells(double Strength, double P)
{
    private const int Permutations = 999;

    /// <summary>Cramer's V of names, with the bias correction of Bergsma (2013).</summary>
    /// <param name="names">The property of each picture, as a number from 0.</param>
    /// <param name="classes">The class of each, as a number from 0.</param>
    /// <param name="seed">The seed of the permutations.</param>
    public static ClassTells OfNames(int[] names, int[] classes, long seed)
    {
        int rows = names.Max() + 1, columns = classes.Max() + 1, n = names.Length;
        double[] rowSums = Sums(names, rows), columnSums = Sums(classes, columns);
        double Square(int[] order)
        {
            double[] counts = new double[rows * columns];
            for (int i = 0; i < n; i++)
                counts[(names[i] * columns) + classes[order[i]]]++;
            double square = 0;
            for (int r = 0; r < rows; r++)
            {
                for (int c = 0; c < columns; c++)
                {
                    double expected = rowSums[r] * columnSums[c] / n, less = counts[(r * columns) + c] - expected;
                    square += expected > 0 ? less * less / expected : 0;
                }
            }

            return square;
        }

        double corrected = Math.Max(0, (Square([.. Enumerable.Range(0, n)]) / n) - ((rows - 1.0) * (columns - 1) / (n - 1)));
        double r2 = rows - ((rows - 1.0) * (rows - 1) / (n - 1)), c2 = columns - ((columns - 1.0) * (columns - 1) / (n - 1));
        double most = Math.Min(r2, c2) - 1;
        return new ClassTells(most > 0 ? Math.Min(1, Math.Sqrt(corrected / most)) : 0, Share(Square, n, seed));
    }

    /// <summary>Epsilon squared of numbers: H (n + 1) / (n^2 - 1), H of Kruskal and Wallis.</summary>
    /// <param name="values">The property of each picture.</param>
    /// <param name="classes">The class of each, as a number from 0.</param>
    /// <param name="seed">The seed of the permutations.</param>
    public static ClassTells OfNumbers(double[] values, int[] classes, long seed)
    {
        int columns = classes.Max() + 1;
        double n = values.Length;
        double[] ranks = MannWhitney.Ranks(values, out double ties), counts = Sums(classes, columns);
        double same = 1 - (ties / ((n * n * n) - n));
        if (!(same > 0))
            return new ClassTells(0, 1);
        double Statistic(int[] order)
        {
            double[] sums = new double[columns];
            for (int i = 0; i < ranks.Length; i++)
                sums[classes[order[i]]] += ranks[i];
            double between = 0;
            for (int c = 0; c < columns; c++)
                between += counts[c] > 0 ? sums[c] * sums[c] / counts[c] : 0;
            return ((12 / (n * (n + 1)) * between) - (3 * (n + 1))) / same;
        }

        double h = Statistic([.. Enumerable.Range(0, values.Length)]);
        return new ClassTells(Math.Clamp(h * (n + 1) / ((n * n) - 1), 0, 1), Share(Statistic, values.Length, seed));
    }

    private static double Share(Func<int[], double> statistic, int count, long seed)
    {
        double found = statistic([.. Enumerable.Range(0, count)]);
        bool[] reach = new bool[Permutations];
        // A hair less, so that equal statistics that are summed in another order count as equal.
        Parallel.For(0, Permutations, i => reach[i] = statistic(new SeededRandom(seed, i).Permutation(count)) >= found * (1 - 1e-12));
        return (1.0 + reach.Count(r => r)) / (1 + Permutations);
    }

    private static double[] Sums(int[] values, int count)
    {
        double[] sums = new double[count];
        foreach (int value in values)
            sums[value]++;
        return sums;
    }
}
