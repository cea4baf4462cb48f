namespace GradCamSharp.Methods;

/// <summary>The regressions of methods that switch parts on and off, in double.</summary>
internal static class LinearAlgebra
{
    /// <summary>The coefficients of weighted ridge regression with a free intercept.</summary>
    /// <param name="rows">Which parts are on.</param>
    /// <param name="y">The answer of a row.</param>
    /// <param name="weights">The rows' weights.</param>
    /// <param name="alpha">The penalty.</param>
    public static double[] Ridge(IReadOnlyList<bool[]> rows, Func<int, double> y, double[] weights, double alpha)
    {
        int count = rows[0].Length;
        double total = weights.Sum(), answer = 0;
        double[] mean = new double[count];
        for (int q = 0; q < rows.Count; q++)
        {
            answer += weights[q] * y(q) / total;
            for (int j = 0; j < count; j++)
                mean[j] += rows[q][j] ? weights[q] / total : 0;
        }

        double[,] a = new double[count, count];
        double[,] b = new double[count, 1];
        double[] centred = new double[count];
        for (int q = 0; q < rows.Count; q++)
        {
            for (int j = 0; j < count; j++)
                centred[j] = (rows[q][j] ? 1 : 0) - mean[j];
            double off = y(q) - answer;
            for (int i = 0; i < count; i++)
            {
                b[i, 0] += weights[q] * centred[i] * off;
                for (int j = 0; j < count; j++)
                    a[i, j] += weights[q] * centred[i] * centred[j];
            }
        }

        for (int i = 0; i < count; i++)
            a[i, i] += alpha;
        return Column(Solve(a, b), 0);
    }

    /// <summary>The coefficients of weighted least squares without an intercept whose sum is given.</summary>
    public static double[] Constrained(IReadOnlyList<bool[]> rows, Func<int, double> y, double[] weights, double sum)
    {
        int count = rows[0].Length;
        double[,] a = new double[count, count], b = new double[count, 2];
        for (int q = 0; q < rows.Count; q++)
        {
            double answer = y(q);
            for (int i = 0; i < count; i++)
            {
                if (!rows[q][i])
                    continue;
                b[i, 0] += weights[q] * answer;
                for (int j = 0; j < count; j++)
                    a[i, j] += rows[q][j] ? weights[q] : 0;
            }
        }

        for (int i = 0; i < count; i++)
            b[i, 1] = 1;
        double[,] solved = Solve(a, b);
        double[] free = Column(solved, 0), one = Column(solved, 1);
        double factor = (sum - free.Sum()) / one.Sum();
        return [.. free.Zip(one, (f, o) => f + (o * factor))];
    }

    private static double[] Column(double[,] matrix, int column) =>
        [.. Enumerable.Range(0, matrix.GetLength(0)).Select(i => matrix[i, column])];

    // Gauss's elimination with pivoting.
    private static double[,] Solve(double[,] matrix, double[,] right)
    {
        double[,] a = (double[,])matrix.Clone(), b = (double[,])right.Clone();
        int n = a.GetLength(0), columns = b.GetLength(1);
        for (int k = 0; k < n; k++)
        {
            int pivot = k;
            for (int i = k + 1; i < n; i++)
            {
                if (Math.Abs(a[i, k]) > Math.Abs(a[pivot, k]))
                    pivot = i;
            }

            if (Math.Abs(a[pivot, k]) < 1e-12)
                throw new ArgumentException("The coalitions do not tell the parts apart. Take more of them, or fewer parts.");
            for (int j = 0; j < n; j++)
                (a[k, j], a[pivot, j]) = (a[pivot, j], a[k, j]);
            for (int j = 0; j < columns; j++)
                (b[k, j], b[pivot, j]) = (b[pivot, j], b[k, j]);
            for (int i = 0; i < n; i++)
            {
                if (i == k || a[i, k] == 0)
                    continue;
                double factor = a[i, k] / a[k, k];
                for (int j = k; j < n; j++)
                    a[i, j] -= factor * a[k, j];
                for (int j = 0; j < columns; j++)
                    b[i, j] -= factor * b[k, j];
            }
        }

        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < columns; j++)
                b[i, j] /= a[i, i];
        }

        return b;
    }
}
