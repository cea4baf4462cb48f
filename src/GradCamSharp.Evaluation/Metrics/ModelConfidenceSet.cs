namespace GradCamSharp.Evaluation.Metrics;

/// <summary>
/// The model confidence set (Hansen, Lunde and Nason 2011, Econometrica 79) by pairs, T_R: which candidates remain when those leave that
/// somebody is shown to be ahead of. It holds the truly best with 95 %, however many are compared and whichever looks best.
/// </summary>
/// <remarks>
/// Repeatedly, for every pair left, t_ij = (mean_i - mean_j) / se_ij; the candidate of the largest max_i t_ij leaves. Its p is the share of
/// draws in which the largest of all pairs' centred differences reaches that, never below a p that was given before.
/// </remarks>
public sealed class ModelConfidenceSet
{
    /// <summary>The level: a candidate with a smaller p is not in the set.</summary>
    public const double Level = 0.05;

    private readonly IReadOnlyDictionary<int, double> all;

    private ModelConfidenceSet(IReadOnlyDictionary<int, double> all) => this.all = all;

    /// <summary>The candidates that nobody is shown to be ahead of, in the order given.</summary>
    public IReadOnlyList<int> Left => [.. all.Where(c => c.Value >= Level).Select(c => c.Key)];

    /// <summary>A candidate's p, corrected for all comparisons; 1 for the last one left.</summary>
    /// <param name="candidate">Its place.</param>
    public double P(int candidate) => all[candidate];

    /// <summary>Whether a candidate is left.</summary>
    /// <param name="candidate">Its place.</param>
    public bool Contains(int candidate) => all.TryGetValue(candidate, out double p) && p >= Level;

    /// <summary>The set of some candidates.</summary>
    /// <param name="means">The candidates' figures.</param>
    /// <param name="among">The places of those that are compared; none where nothing is.</param>
    public static ModelConfidenceSet Of(PairedMeans means, IReadOnlyList<int> among)
    {
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(among);
        int count = among.Count;
        double[,] errors = new double[count, count];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < i; j++)
                errors[i, j] = errors[j, i] = means.Error(among[i], among[j]);
        }

        var left = Enumerable.Range(0, count).ToList();
        double[] p = new double[count];
        double running = 0;
        while (left.Count > 1)
        {
            // How clearly somebody is ahead of each. Two that never differ in any draw are not told apart.
            double[] behind = [.. left.Select(j => left.Max(i => T(means.Difference(among[i], among[j]), errors[i, j])))];
            int worst = Array.IndexOf(behind, behind.Max());
            running = Math.Max(running, ShareReaching(means, among, left, errors, behind[worst]));
            p[left[worst]] = running;
            left.RemoveAt(worst);
        }

        if (left.Count == 1)
            p[left[0]] = 1;
        return new ModelConfidenceSet(among.Index().ToDictionary(c => c.Item, c => p[c.Index]));
    }

    private static double ShareReaching(
        PairedMeans means, IReadOnlyList<int> among, List<int> left, double[,] errors, double t)
    {
        if (means.Draws == 0)
            return 1;
        (int I, int J, double Error)[] pairs = [.. left.SelectMany(i => left.Where(j => j < i && errors[i, j] > 0)
            .Select(j => (among[i], among[j], errors[i, j])))];
        int reaching = 0;
        for (int draw = 0; draw < means.Draws; draw++)
        {
            // Both directions of a pair: the larger one is the absolute value. Pairs that never differ give 0.
            double largest = pairs.Length < left.Count * (left.Count - 1) / 2 ? 0 : double.NegativeInfinity;
            foreach (var (i, j, error) in pairs)
                largest = Math.Max(largest, Math.Abs(means.Moved(i, j, draw)) / error);
            reaching += largest >= t ? 1 : 0;
        }

        return (double)reaching / means.Draws;
    }

    private static double T(double difference, double error) => error > 0 ? difference / error : 0;
}
