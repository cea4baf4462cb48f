namespace GradCamSharp.Evaluation.Metrics;

/// <summary>
/// How often one method's explanation map keeps more of the class's probability than another's (section 4.1 iii),
/// in percent of the pairs added.
/// </summary>
public sealed class Wins
{
    private long first;
    private long second;

    /// <summary>The number of pairs added.</summary>
    public long Count { get; private set; }

    /// <summary>How often the first's is larger.</summary>
    public double First => Percent(first);

    /// <summary>How often the second's is larger.</summary>
    public double Second => Percent(second);

    /// <summary>How often they are equal.</summary>
    public double Ties => Percent(Count - first - second);

    /// <summary>The first's share in the two-way table, where ties count half to each.</summary>
    public double FirstWithTies => Share(First, Ties);

    /// <summary>The second's share in the two-way table, where ties count half to each.</summary>
    public double SecondWithTies => Share(Second, Ties);

    /// <summary>A method's share in the two-way table: its wins, and half of the ties.</summary>
    public static double Share(double wins, double ties) => wins + (ties / 2);

    /// <summary>Adds a picture and class.</summary>
    /// <param name="firstMasked">O of the first method: the probability on its explanation map.</param>
    /// <param name="secondMasked">O of the second.</param>
    public void Add(double firstMasked, double secondMasked)
    {
        Count++;
        if (firstMasked > secondMasked)
            first++;
        else if (secondMasked > firstMasked)
            second++;
    }

    private double Percent(long number) => Count == 0 ? 0 : 100.0 * number / Count;
}
