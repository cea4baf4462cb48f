using GradCamSharp.Evaluation.Sampling;

namespace GradCamSharp.Studies;

/// <summary>An interval, both ends included.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
public readonly record struct Interval(double Low, double High);

/// <summary>The 95 % intervals of the three scores.</summary>
/// <param name="A">The first method's.</param>
/// <param name="B">The second method's.</param>
/// <param name="Same">Of what goes to neither.</param>
public sealed record TrustIntervals(Interval A, Interval B, Interval Same)
{
    /// <summary>One of the intervals.</summary>
    public Interval this[Preference preference] => preference switch
    {
        Preference.A => A,
        Preference.B => B,
        _ => Same,
    };
}

/// <summary>What a bootstrap draws anew.</summary>
public enum BootstrapUnit
{
    /// <summary>Pictures alone: how the scores would vary with other pictures, asked of these very persons.</summary>
    Pictures,

    /// <summary>Pictures and persons, independently of each other: with other pictures and other persons.</summary>
    PicturesAndPersons,
}

/// <summary>95 % bootstrap intervals of the normalised scores, by the percentile method.</summary>
/// <remarks>
/// A draw takes, class by class, as many of the class's pictures as there are, with replacement; with
/// <see cref="BootstrapUnit.PicturesAndPersons"/> it also takes as many persons as there are, and an answer counts as often as its person
/// was taken. A class's scores are then the mean shares of the pictures that have answers, times the class's number of pictures; the total
/// is the sum over the classes. Draws that leave a class without any answer are left out of that class and of the total. The same seed
/// gives the same intervals.
/// </remarks>
public sealed class TrustBootstrap
{
    private readonly AnswerTable table;
    private readonly int[][] rows;

    /// <param name="table">The answers.</param>
    /// <param name="unit">What is drawn anew. With one person, persons cannot be.</param>
    /// <param name="draws">How many draws, at least 1.</param>
    /// <param name="seed">The seed.</param>
    public TrustBootstrap(AnswerTable table, BootstrapUnit unit, int draws = 10_000, long seed = 1)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        this.table = table;
        Unit = table.Persons.Count < 2 ? BootstrapUnit.Pictures : unit;
        Draws = draws;
        Seed = seed;
        rows = [.. table.Classes.Select(table.RowsOf)];
        var classes = new List<TrustScores>[rows.Length];
        for (int c = 0; c < classes.Length; c++)
            classes[c] = [];
        var totals = new List<TrustScores>();
        Draw(classes, totals);
        ByClass = table.Classes.Select((name, c) => (Name: name, Intervals: Percentiles(classes[c])))
            .ToDictionary(p => p.Name, p => p.Intervals, StringComparer.Ordinal);
        Total = Percentiles(totals);
    }

    /// <summary>What is drawn anew.</summary>
    public BootstrapUnit Unit { get; }

    /// <summary>The number of draws.</summary>
    public int Draws { get; }

    /// <summary>The seed.</summary>
    public long Seed { get; }

    /// <summary>The intervals of every class's scores.</summary>
    public IReadOnlyDictionary<string, TrustIntervals> ByClass { get; }

    /// <summary>The intervals of the total scores.</summary>
    public TrustIntervals Total { get; }

    private void Draw(List<TrustScores>[] classes, List<TrustScores> totals)
    {
        var random = new SeededRandom(Seed, 0);
        int[] persons = new int[table.Persons.Count];
        Array.Fill(persons, 1);
        for (int draw = 0; draw < Draws; draw++)
        {
            if (Unit == BootstrapUnit.PicturesAndPersons)
            {
                Array.Clear(persons);
                for (int p = 0; p < persons.Length; p++)
                    persons[random.Below(persons.Length)]++;
            }

            double a = 0, b = 0, same = 0;
            bool complete = true;
            for (int c = 0; c < rows.Length; c++)
            {
                if (DrawClass(rows[c], persons, random) is not { } scores)
                {
                    complete = false;
                    continue;
                }

                classes[c].Add(scores);
                a += scores.A;
                b += scores.B;
                same += scores.Same;
            }

            if (complete)
                totals.Add(new TrustScores(a, b, same));
        }
    }

    private TrustScores? DrawClass(int[] pictures, int[] persons, SeededRandom random)
    {
        double a = 0, b = 0, same = 0;
        int answered = 0;
        Span<int> counts = stackalloc int[AnswerTable.Choices];
        for (int i = 0; i < pictures.Length; i++)
        {
            counts.Clear();
            foreach (var entry in table.EntriesOf(pictures[random.Below(pictures.Length)]))
                counts[entry.Choice] += persons[entry.Person];
            double n = counts[0] + counts[1] + counts[2];
            if (n == 0)
                continue;
            answered++;
            a += counts[0] / n;
            b += counts[1] / n;
            same += counts[2] / n;
        }

        double scale = (double)pictures.Length / answered;
        return answered == 0 ? null : new TrustScores(a * scale, b * scale, same * scale);
    }

    private static TrustIntervals Percentiles(List<TrustScores> draws) =>
        new(Percentiles(draws, Preference.A), Percentiles(draws, Preference.B), Percentiles(draws, Preference.Same));

    // Of the sorted draws, those that leave 2.5 % of them outside on either side.
    private static Interval Percentiles(List<TrustScores> draws, Preference preference)
    {
        if (draws.Count == 0)
            return new Interval(0, 0);
        double[] sorted = [.. draws.Select(d => d[preference]).Order()];
        int outside = (int)(0.025 * sorted.Length);
        return new Interval(sorted[outside], sorted[sorted.Length - 1 - outside]);
    }
}
