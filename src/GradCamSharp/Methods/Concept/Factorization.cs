namespace GradCamSharp.Methods;

/// <summary>
/// A non-negative factorisation V = W H of a layer's values: NNDSVD's start (Boutsidis and Gallopoulos 2008), then updates.
/// </summary>
internal sealed class Factorization
{
    private readonly int positions;
    private readonly int channels;
    private readonly int concepts;
    private readonly double[][] w;
    private readonly double[][] h;

    /// <param name="activation">[K, P].</param>
    /// <param name="channels">K.</param>
    /// <param name="concepts">How many rows H has.</param>
    /// <param name="updates">How many updates.</param>
    public Factorization(float[] activation, int channels, int concepts, int updates)
    {
        (this.channels, this.concepts, positions) = (channels, concepts, activation.Length / channels);
        // [P][K]; a channel's negative minimum is subtracted.
        double[][] v = [.. Enumerable.Range(0, positions).Select(_ => new double[channels])];
        double largest = 0, sum = 0;
        for (int k = 0; k < channels; k++)
        {
            double least = Math.Min(0, activation.AsSpan(k * positions, positions).ToArray().Min());
            for (int p = 0; p < positions; p++)
            {
                v[p][k] = activation[(k * positions) + p] - least;
                largest = Math.Max(largest, v[p][k]);
                sum += v[p][k];
            }
        }

        w = [.. Enumerable.Range(0, concepts).Select(_ => new double[positions])];
        h = [.. Enumerable.Range(0, concepts).Select(_ => new double[channels])];
        if (largest == 0)
            return;
        Start(v, sum / ((double)positions * channels) / 100);
        for (int i = 0; i < updates; i++)
            Update(v);
    }

    /// <summary>[k, P]: W_j |H_j|.</summary>
    public double[] Maps => [.. Enumerable.Range(0, concepts).SelectMany(j => w[j].Select(value => value * Length(h[j])))];

    /// <summary>[k, K]: H_j / |H_j|.</summary>
    public double[] UnitConcepts => [.. Enumerable.Range(0, concepts).SelectMany(j =>
        h[j].Select(value => Length(h[j]) is > 0 and var length ? value / length : 0))];

    private void Start(double[][] v, double floor)
    {
        var (left, values, right) = SingularVectors.Of(v, concepts);
        for (int j = 0; j < concepts; j++)
        {
            double[] u = left[j], x = right[j];
            double factor = values[j];
            if (j == 0)
            {
                (u, x) = (Array.ConvertAll(u, Math.Abs), Array.ConvertAll(x, Math.Abs));
            }
            else
            {
                var (pu, px) = (Part(u, 1), Part(x, 1));
                var (nu, nx) = (Part(u, -1), Part(x, -1));
                double positive = Length(pu) * Length(px), negative = Length(nu) * Length(nx);
                (u, x) = positive >= negative ? (pu, px) : (nu, nx);
                factor *= Math.Max(positive, negative);
                (u, x) = (Unit(u), Unit(x));
            }

            double root = Math.Sqrt(factor);
            w[j] = Array.ConvertAll(u, value => Math.Max(floor, root * value));
            h[j] = Array.ConvertAll(x, value => Math.Max(floor, root * value));
        }
    }

    // W <- W (V H^T) / (W H H^T), then H <- H (W^T V) / (W^T W H).
    private void Update(double[][] v)
    {
        double[,] hh = Products(h);
        for (int p = 0; p < positions; p++)
        {
            double[] row = [.. Enumerable.Range(0, concepts).Select(j => w[j][p])];
            for (int j = 0; j < concepts; j++)
            {
                double below = 0;
                for (int i = 0; i < concepts; i++)
                    below += row[i] * hh[i, j];
                w[j][p] = below == 0 ? 0 : row[j] * Dot(v[p], h[j]) / below;
            }
        }

        double[,] ww = Products(w);
        double[][] above = [.. Enumerable.Range(0, concepts).Select(_ => new double[channels])];
        for (int p = 0; p < positions; p++)
        {
            for (int j = 0; j < concepts; j++)
            {
                double factor = w[j][p];
                for (int k = 0; k < channels; k++)
                    above[j][k] += factor * v[p][k];
            }
        }

        for (int k = 0; k < channels; k++)
        {
            double[] column = [.. Enumerable.Range(0, concepts).Select(j => h[j][k])];
            for (int j = 0; j < concepts; j++)
            {
                double below = 0;
                for (int i = 0; i < concepts; i++)
                    below += ww[j, i] * column[i];
                h[j][k] = below == 0 ? 0 : column[j] * above[j][k] / below;
            }
        }
    }

    private double[,] Products(double[][] rows)
    {
        double[,] products = new double[concepts, concepts];
        for (int i = 0; i < concepts; i++)
        {
            for (int j = 0; j < concepts; j++)
                products[i, j] = Dot(rows[i], rows[j]);
        }

        return products;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static double Length(double[] values) => Math.Sqrt(Dot(values, values));

    private static double[] Unit(double[] values) =>
        Length(values) is > 0 and var length ? Array.ConvertAll(values, value => value / length) : values;

    private static double[] Part(double[] values, int sign) => Array.ConvertAll(values, value => Math.Max(0, sign * value));
}
