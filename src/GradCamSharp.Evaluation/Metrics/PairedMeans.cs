namespace GradCamSharp.Evaluation.Metrics;

/// <summary>
/// A figure of several candidates on the same pictures: means, their differences, and both in every draw of a bootstrap that draws the
/// pictures anew, the same ones for all. What is said of differences is of pictures on which every candidate's figure is defined.
/// </summary>
public sealed class PairedMeans
{
    private readonly double[] means;
    private readonly double[][] draws;

    /// <summary>Draws the pictures anew.</summary>
    /// <param name="series">For each candidate its figure a picture, higher being better; NaN where it is undefined.</param>
    /// <param name="bootstrap">The draws.</param>
    /// <exception cref="ArgumentException">There is no candidate, or they are not of one length.</exception>
    public PairedMeans(IReadOnlyList<double[]> series, Bootstrap bootstrap)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(bootstrap);
        if (series.Count == 0 || series.Any(s => s.Length != series[0].Length))
            throw new ArgumentException("Give the figures of at least one candidate, and as many of each.", nameof(series));
        bool[] whole = [.. Enumerable.Range(0, series[0].Length).Select(i => series.All(s => !double.IsNaN(s[i])))];
        double[][] common = [.. series.Select(s => s.Select((v, i) => whole[i] ? v : double.NaN).ToArray())];
        Pictures = whole.Count(w => w);
        means = [.. common.Select(Bootstrap.Mean)];
        draws = Pictures == 0 ? [.. common.Select(_ => Array.Empty<double>())] : bootstrap.Means(common);
    }

    /// <summary>The number of candidates.</summary>
    public int Count => means.Length;

    /// <summary>The number of pictures on which every candidate's figure is defined.</summary>
    public int Pictures { get; }

    /// <summary>The number of draws; 0 where no picture has all figures.</summary>
    public int Draws => draws[0].Length;

    /// <summary>A candidate's mean; NaN where no picture has all figures.</summary>
    /// <param name="candidate">Its place.</param>
    public double Mean(int candidate) => means[candidate];

    /// <summary>How far a candidate's mean is above another's.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="other">The other.</param>
    public double Difference(int candidate, int other) => means[candidate] - means[other];

    /// <summary>The standard error of a difference: how far it lies from itself in the draws, as a root of the mean square.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="other">The other.</param>
    public double Error(int candidate, int other)
    {
        double difference = Difference(candidate, other), sum = 0;
        int defined = 0;
        for (int d = 0; d < Draws; d++)
        {
            double moved = draws[candidate][d] - draws[other][d] - difference;
            if (double.IsNaN(moved))
                continue;
            sum += moved * moved;
            defined++;
        }

        return defined == 0 ? 0 : Math.Sqrt(sum / defined);
    }

    /// <summary>A difference with its plain 95 % interval by percentiles, which knows of no other candidate.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="other">The other.</param>
    public Interval Interval(int candidate, int other) =>
        Bootstrap.Of(Difference(candidate, other), [.. draws[candidate].Zip(draws[other], (a, b) => a - b)]);

    /// <summary>The candidate of the largest mean among some; of equal ones the first.</summary>
    /// <param name="among">The candidates' places; at least one.</param>
    public int Best(IReadOnlyList<int> among) => among.MaxBy(i => means[i]);

    /// <summary>
    /// How often, as a share of the draws, the same candidate is the best among some: what other pictures would have said.
    /// </summary>
    /// <param name="among">The candidates' places; at least one.</param>
    public double Stability(IReadOnlyList<int> among)
    {
        ArgumentNullException.ThrowIfNull(among);
        int best = Best(among), same = 0;
        for (int d = 0; d < Draws; d++)
            same += among.All(i => draws[best][d] >= draws[i][d]) ? 1 : 0;
        return Draws == 0 ? 0 : (double)same / Draws;
    }

    /// <summary>
    /// Whether every one of some candidates is above a baseline: one-sided bounds that hold for all of them at once with 95 % (the largest
    /// of their studentised differences in every draw).
    /// </summary>
    /// <param name="among">The candidates' places; at least one.</param>
    /// <param name="baseline">The baseline's place.</param>
    public bool AreAbove(IReadOnlyList<int> among, int baseline)
    {
        ArgumentNullException.ThrowIfNull(among);
        if (Draws == 0)
            return false;
        double[] errors = [.. among.Select(i => Error(i, baseline))];
        double[] largest = new double[Draws];
        for (int d = 0; d < Draws; d++)
        {
            largest[d] = Enumerable.Range(0, among.Count).Max(i => errors[i] > 0
                ? (draws[among[i]][d] - draws[baseline][d] - Difference(among[i], baseline)) / errors[i] : 0);
        }

        Array.Sort(largest);
        double quantile = Bootstrap.Quantile(largest, 1 - ModelConfidenceSet.Level);
        return among.Zip(errors).All(c => Difference(c.First, baseline) - (quantile * c.Second) > 0);
    }

    /// <summary>How far a difference moves in a draw.</summary>
    internal double Moved(int candidate, int other, int draw) =>
        draws[candidate][draw] - draws[other][draw] - Difference(candidate, other);
}
