namespace GradCamSharp.Studies;

/// <summary>
/// Agreement between persons beyond chance: Fleiss' kappa (Psychological Bulletin 76, 1971), for any number of answers a picture.
/// </summary>
/// <remarks>
/// Fleiss has the same number n of answers for every picture. Here picture i has n_i of them; its agreement is
/// P_i = sum_j n_ij (n_ij - 1) / (n_i (n_i - 1)). Pictures with fewer than two answers say nothing of agreement and are left out. P is the
/// mean of P_i and p_j the mean of the shares n_ij / n_i, so that every picture weighs the same. With equal n_i this is Fleiss' own
/// definition.
/// </remarks>
/// <param name="Kappa">
/// From -1 to 1: 1 is full agreement, 0 what chance gives; null where it is undefined: no picture with two answers, or all answers alike.
/// </param>
/// <param name="Observed">P: the share of pairs of answers that agree, from 0 to 1.</param>
/// <param name="Expected">sum_j p_j^2: that share if everybody answered by chance, with the same shares of answers.</param>
/// <param name="Pictures">The pictures with at least two answers.</param>
public sealed record FleissKappa(double? Kappa, double Observed, double Expected, int Pictures)
{
    /// <summary>Measures agreement.</summary>
    /// <param name="counts">How often each answer was given, one row a picture, all rows of the same length.</param>
    public static FleissKappa Of(IEnumerable<int[]> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        int[][] rows = [.. counts.Where(row => row.Sum() >= 2)];
        if (rows.Length == 0)
            return new FleissKappa(null, 0, 0, 0);

        double observed = 0;
        double[] shares = new double[rows[0].Length];
        foreach (int[] row in rows)
        {
            double n = row.Sum();
            double pairs = 0;
            for (int j = 0; j < row.Length; j++)
            {
                pairs += (double)row[j] * (row[j] - 1);
                shares[j] += row[j] / n / rows.Length;
            }

            observed += pairs / (n * (n - 1)) / rows.Length;
        }

        // All answers alike: there is nothing that chance could have got wrong.
        double expected = shares.Sum(p => p * p);
        int answered = Array.FindIndex(rows[0], c => c > 0);
        bool alike = rows.All(row => row[answered] == row.Sum());
        return new FleissKappa(alike ? null : (observed - expected) / (1 - expected), observed, expected, rows.Length);
    }
}
