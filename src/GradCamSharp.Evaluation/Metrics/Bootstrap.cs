using GradCamSharp.Methods;

namespace GradCamSharp.Evaluation.Metrics;

/// <summary>An interval of a mean, by bootstrap.</summary>
/// <param name="Mean">The mean over what is defined; null where nothing is.</param>
/// <param name="Low">The interval's lower end.</param>
/// <param name="High">Its upper end.</param>
public readonly record struct Interval(double? Mean, double? Low, double? High);

/// <summary>
/// Draws pictures anew, with replacement, the same for every series: picture i of draw d is floor(n u), u the i-th uniform number of
/// sub-stream d of <c>bootstrap</c>. Pictures that belong together are drawn together.
/// </summary>
public sealed class Bootstrap
{
    // Of many pictures fewer draws do: the time stays bounded, and the interval's ends are as sure.
    private const long MostDrawn = 20_000_000;
    private const int FewestDraws = 1000;

    private readonly IReadOnlyList<int[]> units;
    private readonly RandomNumbers random;

    /// <param name="count">The number of pictures.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="draws">The number of draws at most.</param>
    /// <param name="groups">For each picture the name of what it belongs to; null where each stands for itself.</param>
    public Bootstrap(int count, ulong seed = 1, int draws = 10_000, IReadOnlyList<string>? groups = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        Draws = (int)Math.Clamp(MostDrawn / Math.Max(1, count), Math.Min(FewestDraws, draws), draws);
        random = RandomNumbers.Named(seed, "bootstrap");
        units = groups is null ? [.. Enumerable.Range(0, count).Select(i => new[] { i })]
            : [.. Enumerable.Range(0, count).GroupBy(i => groups[i], StringComparer.Ordinal).Select(g => g.ToArray())];
    }

    /// <summary>The number of draws.</summary>
    public int Draws { get; }

    /// <summary>The pictures of a draw.</summary>
    /// <param name="draw">From 0.</param>
    public IReadOnlyList<int> Pictures(int draw)
    {
        var stream = random[draw];
        var pictures = new List<int>(units.Count);
        for (int i = 0; i < units.Count; i++)
            pictures.AddRange(units[(int)(stream.Uniform(i) * (double)units.Count)]);
        return pictures;
    }

    /// <summary>The means of every draw: for each series [draw], NaN where nothing that was drawn is defined.</summary>
    /// <param name="series">For each series its value a picture; NaN where it is undefined.</param>
    public double[][] Means(IReadOnlyList<double[]> series)
    {
        ArgumentNullException.ThrowIfNull(series);
        double[][] means = [.. series.Select(_ => new double[Draws])];
        Parallel.For(0, Draws, draw =>
        {
            var pictures = Pictures(draw);
            for (int s = 0; s < series.Count; s++)
            {
                double sum = 0;
                int defined = 0;
                double[] values = series[s];
                for (int i = 0; i < pictures.Count; i++)
                {
                    double value = values[pictures[i]];
                    if (double.IsNaN(value))
                        continue;
                    sum += value;
                    defined++;
                }

                means[s][draw] = sum / defined;
            }
        });
        return means;
    }

    /// <summary>The 95 % interval of the mean of every series.</summary>
    /// <inheritdoc cref="Means"/>
    public IReadOnlyList<Interval> Intervals(IReadOnlyList<double[]> series) =>
        [.. series.Zip(Means(series), (values, means) => Of(Mean(values), means))];

    /// <summary>The percentile interval of a figure from its draws.</summary>
    /// <param name="mean">The figure itself; NaN where it is undefined.</param>
    /// <param name="draws">The figure in every draw; NaN where it is undefined there.</param>
    public static Interval Of(double mean, double[] draws)
    {
        ArgumentNullException.ThrowIfNull(draws);
        double[] known = [.. draws.Where(v => !double.IsNaN(v)).Order()];
        return double.IsNaN(mean) || known.Length == 0
            ? default : new Interval(mean, Quantile(known, 0.025), Quantile(known, 0.975));
    }

    /// <summary>The mean of what is defined; NaN where nothing is.</summary>
    public static double Mean(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        double sum = 0;
        int defined = 0;
        foreach (double value in values)
        {
            if (double.IsNaN(value))
                continue;
            sum += value;
            defined++;
        }

        return sum / defined;
    }

    /// <summary>A quantile of ascending values, linear between two.</summary>
    /// <param name="sorted">The values; at least one.</param>
    /// <param name="share">0 to 1.</param>
    public static double Quantile(IReadOnlyList<double> sorted, double share)
    {
        ArgumentNullException.ThrowIfNull(sorted);
        double at = share * (sorted.Count - 1);
        int low = (int)at, high = Math.Min(low + 1, sorted.Count - 1);
        return sorted[low] + ((at - low) * (sorted[high] - sorted[low]));
    }
}
