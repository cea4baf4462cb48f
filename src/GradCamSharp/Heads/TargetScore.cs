namespace GradCamSharp.Heads;

/// <summary>A number S of one run, and its derivative with respect to the values that it is made of.</summary>
/// <param name="Value">S.</param>
/// <param name="Seeds">For each value of the graph dS/dvalue, as flat places and numbers; places may repeat and then add up.</param>
internal sealed record TargetScore(double Value, IReadOnlyList<ScoreSeed> Seeds)
{
    /// <summary>What the number is of, in words; empty where the target itself says it.</summary>
    public string Words { get; init; } = "";

    /// <summary>The class that it is of; null where it is of none.</summary>
    public long? Class { get; init; }

    /// <summary>Whether S is the sum of its seeds' elements times their weights, whatever these hold.</summary>
    public bool IsLinear { get; init; }

    /// <summary>An element of a value.</summary>
    public static TargetScore Element(string value, long index, double content) =>
        new(content, [new ScoreSeed(value, index, 1)]) { IsLinear = true };

    /// <summary>A sum of scores, each with a factor.</summary>
    public static TargetScore Sum(IEnumerable<(double Factor, TargetScore Score)> terms)
    {
        double value = 0;
        bool isLinear = true;
        var seeds = new List<ScoreSeed>();
        foreach (var (factor, score) in terms)
        {
            value += factor * score.Value;
            isLinear &= score.IsLinear;
            seeds.AddRange(score.Seeds.Select(s => s with { Weight = factor * s.Weight }));
        }

        return new TargetScore(value, seeds) { IsLinear = isLinear };
    }

    /// <summary>A function of one score.</summary>
    /// <param name="value">The function's value.</param>
    /// <param name="derivative">Its derivative at this score.</param>
    public TargetScore Through(double value, double derivative) => Sum([(derivative, this)]) with { Value = value, IsLinear = false };

    /// <summary>The log-odds of a product of two sigmoids, -log(e^-a + e^-b + e^-(a + b)): never saturated.</summary>
    public static TargetScore JointLogit(TargetScore a, TargetScore b)
    {
        double largest = Math.Max(Math.Max(-a.Value, -b.Value), -(a.Value + b.Value));
        double ea = Math.Exp(-a.Value - largest), eb = Math.Exp(-b.Value - largest), both = Math.Exp(-(a.Value + b.Value) - largest);
        double total = ea + eb + both;
        return Sum([((ea + both) / total, a), ((eb + both) / total, b)]) with
        {
            Value = -(Math.Log(total) + largest),
            IsLinear = false,
        };
    }

    /// <summary>A product.</summary>
    public static TargetScore Product(TargetScore a, TargetScore b) =>
        Sum([(b.Value, a), (a.Value, b)]) with { Value = a.Value * b.Value, IsLinear = false };
}

/// <summary>dS of one element of a value.</summary>
/// <param name="Value">The value's name.</param>
/// <param name="Index">The element's flat place.</param>
/// <param name="Weight">The derivative.</param>
internal readonly record struct ScoreSeed(string Value, long Index, double Weight);
