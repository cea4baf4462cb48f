using GradCamSharp.Evaluation.Metrics;

namespace GradCamSharp.Evaluation.Experiments.Comparing;

/// <summary>What a comparison comes to.</summary>
public enum CompareAnswer
{
    /// <summary>One candidate is shown to be the most faithful.</summary>
    One,

    /// <summary>No difference can be shown between several.</summary>
    NoDifference,

    /// <summary>The two measures of faithfulness disagree.</summary>
    Disagreement,

    /// <summary>Not every candidate that is left is shown to be more faithful than always the centre.</summary>
    NothingBeatsCentre,

    /// <summary>No candidate passes the gates.</summary>
    NothingPasses,
}

/// <summary>Why one of several is taken between which no difference in faithfulness can be shown.</summary>
public enum ChosenBy
{
    /// <summary>There was nothing to choose.</summary>
    Nothing,

    /// <summary>It depends the most on the class that is asked for.</summary>
    Specific,

    /// <summary>More of it lies on the objects.</summary>
    Mass,

    /// <summary>It costs least.</summary>
    Cost,

    /// <summary>It is the one that is taken where nothing is said.</summary>
    Default,
}

/// <summary>What is known of the candidates when it is decided between them; all lists are of the same candidates.</summary>
/// <param name="Names">Their names.</param>
/// <param name="Passing">The places of those that pass the gates.</param>
/// <param name="Centre">The place of the baseline that always looks at the centre.</param>
/// <param name="Primary">The measure that decides, higher being better.</param>
/// <param name="Second">The measure that may disagree.</param>
public sealed record Evidence(
    IReadOnlyList<string> Names, IReadOnlyList<int> Passing, int Centre, PairedMeans Primary, PairedMeans Second)
{
    /// <summary>How specific each is to the class, higher being more; null where that was not measured.</summary>
    public PairedMeans? Specific { get; init; }

    /// <summary>How much of each lies on the objects; null where nothing is known of objects.</summary>
    public PairedMeans? Mass { get; init; }

    /// <summary>What a map of each costs, in forward passes; null where it is not known.</summary>
    public IReadOnlyList<double>? Costs { get; init; }

    /// <summary>The name of the candidate that is taken where nothing else decides.</summary>
    public string? Default { get; init; }
}

/// <summary>A recommendation, or why there is none.</summary>
public sealed record Recommendation
{
    // 80 % of the samples show a difference of so many standard errors at 5 %: 1.96 + 0.84.
    private const double Detectable = 2.8;

    // Costs are timed: what is nearer than that is the same.
    private const double SameCost = 1.1;

    /// <summary>The difference for which <see cref="PicturesNeeded"/> is said.</summary>
    public const double SmallDifference = 0.02;

    /// <summary>What it comes to.</summary>
    public required CompareAnswer Answer { get; init; }

    /// <summary>The place of the candidate that is recommended; null where none is.</summary>
    public int? Recommended { get; init; }

    /// <summary>The candidates of which nobody is shown to be more faithful, by the measure that decides.</summary>
    public required IReadOnlyList<int> Left { get; init; }

    /// <summary>The same by the second measure.</summary>
    public required IReadOnlyList<int> SecondLeft { get; init; }

    /// <summary>For a candidate's place its p by the measure that decides, corrected for all comparisons.</summary>
    public required IReadOnlyDictionary<int, double> P { get; init; }

    /// <summary>The same by the second measure.</summary>
    public required IReadOnlyDictionary<int, double> SecondP { get; init; }

    /// <summary>The candidate of the largest mean of those that pass; null where none passes.</summary>
    public int? Best { get; init; }

    /// <summary>The next one; null where there is none.</summary>
    public int? Next { get; init; }

    /// <summary>The second measure's best; null where none passes.</summary>
    public int? SecondBest { get; init; }

    /// <summary>How often the same candidate has the largest mean when the pictures are drawn anew, 0 to 1.</summary>
    public double Stability { get; init; }

    /// <summary>Between several: the difference that so many pictures show 8 times in 10.</summary>
    public double? SmallestDifference { get; init; }

    /// <summary>Between several: how many pictures show <see cref="SmallDifference"/> 8 times in 10.</summary>
    public int? PicturesNeeded { get; init; }

    /// <summary>Why one of several is taken.</summary>
    public ChosenBy ChosenBy { get; init; }

    /// <summary>Decides.</summary>
    /// <param name="evidence">What is known of the candidates.</param>
    public static Recommendation Of(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var passing = evidence.Passing;
        if (passing.Count == 0)
        {
            return new Recommendation
            {
                Answer = CompareAnswer.NothingPasses,
                Left = [],
                SecondLeft = [],
                P = new Dictionary<int, double>(),
                SecondP = new Dictionary<int, double>(),
            };
        }

        var set = ModelConfidenceSet.Of(evidence.Primary, passing);
        var second = ModelConfidenceSet.Of(evidence.Second, passing);
        int best = evidence.Primary.Best(passing);
        int[] others = [.. passing.Where(i => i != best)];
        var common = new Recommendation
        {
            Answer = CompareAnswer.NothingBeatsCentre,
            Left = set.Left,
            SecondLeft = second.Left,
            P = passing.ToDictionary(i => i, set.P),
            SecondP = passing.ToDictionary(i => i, second.P),
            Best = best,
            Next = others.Length > 0 ? evidence.Primary.Best(others) : null,
            SecondBest = evidence.Second.Best(second.Left),
            Stability = evidence.Primary.Stability(passing),
        };
        if (!evidence.Primary.AreAbove(set.Left, evidence.Centre))
            return common;
        if (set.Left.Count > 1)
            return Several(common, evidence);
        return second.Contains(set.Left[0])
            ? common with { Answer = CompareAnswer.One, Recommended = set.Left[0] }
            : common with { Answer = CompareAnswer.Disagreement };
    }

    private static Recommendation Several(Recommendation common, Evidence evidence)
    {
        var left = common.Left;
        double error = left.Max(i => left.Max(j => evidence.Primary.Error(i, j)));
        double needed = Detectable * error * Math.Sqrt(evidence.Primary.Pictures) / SmallDifference;
        var (chosen, by) = Choose(left, evidence);
        return common with
        {
            Answer = CompareAnswer.NoDifference,
            Recommended = chosen,
            ChosenBy = by,
            SmallestDifference = Detectable * error,
            PicturesNeeded = (int)Math.Min(Math.Ceiling(needed * needed), int.MaxValue),
        };
    }

    private static (int Chosen, ChosenBy By) Choose(IReadOnlyList<int> left, Evidence evidence)
    {
        foreach (var (means, by) in ((PairedMeans?, ChosenBy)[])[(evidence.Specific, ChosenBy.Specific), (evidence.Mass, ChosenBy.Mass)])
        {
            if (means is null || means.Pictures == 0)
                continue;
            var ahead = ModelConfidenceSet.Of(means, left).Left;
            if (ahead.Count == 1)
                return (ahead[0], by);
            left = ahead;
        }

        if (evidence.Costs is { } costs)
        {
            double least = left.Min(i => costs[i]);
            int[] cheap = [.. left.Where(i => costs[i] <= SameCost * least)];
            if (cheap.Length == 1)
                return (cheap[0], ChosenBy.Cost);
            left = cheap.Length > 0 ? cheap : left;
        }

        return (left.Cast<int?>().FirstOrDefault(i => evidence.Names[i!.Value] == evidence.Default) ?? left[0], ChosenBy.Default);
    }
}
