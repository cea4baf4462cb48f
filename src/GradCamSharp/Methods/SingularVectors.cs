namespace GradCamSharp.Methods;

/// <summary>
/// The first singular vectors of a matrix: eigenvectors of the smaller of its two products with itself, by Jacobi's rotations.
/// </summary>
internal static class SingularVectors
{
    private const int MostSweeps = 60;

    /// <summary>The vectors of the largest singular values.</summary>
    /// <param name="matrix">[rows][columns].</param>
    /// <param name="count">How many.</param>
    public static (double[][] Left, double[] Values, double[][] Right) Of(double[][] matrix, int count)
    {
        int rows = matrix.Length, columns = matrix[0].Length;
        bool ofRows = rows <= columns;
        int size = Math.Min(rows, columns);
        double[,] product = new double[size, size];
        for (int i = 0; i < size; i++)
        {
            for (int j = i; j < size; j++)
            {
                double sum = 0;
                for (int k = 0; k < (ofRows ? columns : rows); k++)
                    sum += ofRows ? matrix[i][k] * matrix[j][k] : matrix[k][i] * matrix[k][j];
                product[i, j] = product[j, i] = sum;
            }
        }

        double[,] vectors = Diagonalize(product);
        int[] order = [.. Enumerable.Range(0, size).OrderByDescending(i => product[i, i]).Take(count)];
        double[] values = [.. order.Select(i => Math.Sqrt(Math.Max(0, product[i, i])))];
        double[][] own = [.. order.Select(i => Enumerable.Range(0, size).Select(k => vectors[k, i]).ToArray())];
        double[][] other = [.. own.Zip(values, (vector, value) => Other(matrix, vector, value, ofRows))];
        return ofRows ? (own, values, other) : (other, values, own);
    }

    private static double[] Other(double[][] matrix, double[] vector, double value, bool ofRows)
    {
        double[] other = new double[ofRows ? matrix[0].Length : matrix.Length];
        if (value == 0)
            return other;
        for (int i = 0; i < matrix.Length; i++)
        {
            for (int j = 0; j < matrix[i].Length; j++)
            {
                if (ofRows)
                    other[j] += matrix[i][j] * vector[i] / value;
                else
                    other[i] += matrix[i][j] * vector[j] / value;
            }
        }

        return other;
    }

    // The matrix becomes diagonal; the columns of what is returned are its eigenvectors.
    private static double[,] Diagonalize(double[,] a)
    {
        int n = a.GetLength(0);
        double[,] vectors = new double[n, n];
        double scale = 0;
        for (int i = 0; i < n; i++)
        {
            vectors[i, i] = 1;
            scale += a[i, i] * a[i, i];
        }

        for (int sweep = 0; sweep < MostSweeps; sweep++)
        {
            double off = 0;
            for (int i = 0; i < n; i++)
            {
                for (int j = i + 1; j < n; j++)
                    off += a[i, j] * a[i, j];
            }

            if (off <= 1e-30 * scale)
                break;
            for (int i = 0; i < n; i++)
            {
                for (int j = i + 1; j < n; j++)
                    Rotate(a, vectors, i, j);
            }
        }

        return vectors;
    }

    private static void Rotate(double[,] a, double[,] vectors, int i, int j)
    {
        if (a[i, j] == 0)
            return;
        int n = a.GetLength(0);
        double theta = (a[j, j] - a[i, i]) / (2 * a[i, j]);
        double t = Math.CopySign(1, theta) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
        double c = 1 / Math.Sqrt((t * t) + 1), s = t * c;
        for (int k = 0; k < n; k++)
        {
            (a[k, i], a[k, j]) = ((c * a[k, i]) - (s * a[k, j]), (s * a[k, i]) + (c * a[k, j]));
            (vectors[k, i], vectors[k, j]) = ((c * vectors[k, i]) - (s * vectors[k, j]), (s * vectors[k, i]) + (c * vectors[k, j]));
        }

        for (int k = 0; k < n; k++)
            (a[i, k], a[j, k]) = ((c * a[i, k]) - (s * a[j, k]), (s * a[i, k]) + (c * a[j, k]));
    }
}
