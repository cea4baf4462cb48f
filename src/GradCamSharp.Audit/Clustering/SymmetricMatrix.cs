namespace GradCamSharp.Audit.Clustering;

/// <summary>Eigenvalues of small symmetric matrices, by Jacobi's rotations.</summary>
internal static class SymmetricMatrix
{
    private const int MostSweeps = 60;

    /// <summary>The eigenvalues, descending, and the eigenvectors as columns in that order.</summary>
    /// <param name="matrix">A symmetric matrix; overwritten.</param>
    public static (double[] Values, double[,] Vectors) Eigen(double[,] matrix)
    {
        int n = matrix.GetLength(0);
        double[,] vectors = new double[n, n];
        for (int i = 0; i < n; i++)
            vectors[i, i] = 1;
        for (int sweep = 0; sweep < MostSweeps; sweep++)
        {
            double off = 0, all = 0;
            for (int p = 0; p < n; p++)
            {
                for (int q = 0; q < n; q++)
                {
                    all += matrix[p, q] * matrix[p, q];
                    off += p == q ? 0 : matrix[p, q] * matrix[p, q];
                }
            }

            if (off <= 1e-30 * all)
                break;
            for (int p = 0; p < n - 1; p++)
            {
                for (int q = p + 1; q < n; q++)
                    Rotate(matrix, vectors, p, q);
            }
        }

        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(i => matrix[i, i])];
        double[,] sorted = new double[n, n];
        for (int k = 0; k < n; k++)
        {
            for (int i = 0; i < n; i++)
                sorted[i, k] = vectors[i, order[k]];
        }

        return ([.. order.Select(i => matrix[i, i])], sorted);
    }

    private static void Rotate(double[,] a, double[,] vectors, int p, int q)
    {
        if (a[p, q] == 0)
            return;
        int n = a.GetLength(0);
        double theta = (a[q, q] - a[p, p]) / (2 * a[p, q]);
        double t = (theta < 0 ? -1 : 1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
        double c = 1 / Math.Sqrt((t * t) + 1), s = t * c;
        for (int i = 0; i < n; i++)
        {
            double x = a[i, p], y = a[i, q];
            (a[i, p], a[i, q]) = ((c * x) - (s * y), (s * x) + (c * y));
        }

        for (int i = 0; i < n; i++)
        {
            double x = a[p, i], y = a[q, i];
            (a[p, i], a[q, i]) = ((c * x) - (s * y), (s * x) + (c * y));
            x = vectors[i, p];
            y = vectors[i, q];
            (vectors[i, p], vectors[i, q]) = ((c * x) - (s * y), (s * x) + (c * y));
        }
    }
}
