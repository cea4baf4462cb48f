namespace GradCamSharp.Methods;

/// <summary>KernelSHAP: Shapley values of the parts by weighted least squares (Lundberg and Lee, arXiv 1705.07874).</summary>
/// <remarks>The values sum to the score's change from all parts off to all on.</remarks>
public sealed record KernelShap : SegmentMethod
{
    private const int MostExact = 20;

    private static readonly MethodParameter[] More =
    [
        MethodParameter.NumberOr<KernelShap>(
            "pairs", "all", m => m.Pairs, (m, v) => m with { Pairs = (int?)v }, 1, 1_000_000,
            "how many random coalitions, each with what it leaves out; all: every coalition there is, of at most 20 parts", whole: true),
        new Coalitions(),
    ];

    /// <summary>How many random coalitions, each with what it leaves out; null for every coalition there is.</summary>
    public int? Pairs { get; init; } = 512;

    /// <inheritdoc/>
    public override SegmentFill Fill { get; init; } = SegmentFill.Zero;

    /// <inheritdoc/>
    public override ScoreKind Score { get; init; }

    /// <inheritdoc/>
    public override string Name => "kernelshap";

    /// <inheritdoc/>
    public override string Title => "KernelSHAP";

    /// <inheritdoc/>
    public override string Equation => "least squares of S(z) - S(0) on which parts z are on, the sum fixed to S(1) - S(0)";

    /// <inheritdoc/>
    public override string Summary => "Each part's fair share of the score, as game theory has it. The shares sum to the score's change.";

    /// <inheritdoc/>
    public override string Cost => "1,026 F";

    /// <inheritdoc/>
    public override string Peers =>
        "shap keeps 10 parts alone by default and sets the rest to 0; captum and xplique do not fix the sum.";

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => [.. base.Parameters, .. More];

    internal override double[] Values(RunContext context, Segments segments)
    {
        int count = segments.Count;
        var (coalitions, weights) = Pairs is { } pairs ? Sampled(count, pairs) : All(count);
        coalitions.Insert(0, new bool[count]);
        coalitions.Insert(1, [.. Enumerable.Repeat(true, count)]);
        var scores = context.MakeOnce((this with { Score = default }, "scores"), () => segments.Scores(context, Fill, coalitions));
        double none = scores[0, context.ClassPlace, Score], all = scores[1, context.ClassPlace, Score];
        coalitions.RemoveRange(0, 2);
        return count == 1 ? [all - none]
            : LinearAlgebra.Constrained(coalitions, q => scores[q + 2, context.ClassPlace, Score] - none, weights, all - none);
    }

    private (List<bool[]> Coalitions, double[] Weights) All(int count)
    {
        if (count > MostExact)
        {
            throw new ArgumentException(
                $"'{Name}' of all coalitions takes at most {MostExact} parts, and there are {count}. Set pairs to a number, " +
                "or fewer cells.");
        }

        var coalitions = new List<bool[]>();
        var weights = new List<double>();
        for (int bits = 1; bits < (1 << count) - 1; bits++)
        {
            bool[] on = [.. Enumerable.Range(0, count).Select(j => (bits >> j & 1) == 1)];
            int size = on.Count(v => v);
            coalitions.Add(on);
            weights.Add((count - 1) / (Binomial(count, size) * size * (count - size)));
        }

        return (coalitions, [.. weights]);
    }

    private (List<bool[]> Coalitions, double[] Weights) Sampled(int count, int pairs)
    {
        if (2 * pairs < count)
            throw new ArgumentException($"'{Name}.pairs' is {pairs}: {count} parts need at least {(count + 1) / 2} pairs of coalitions.");
        double[] sums = new double[Math.Max(1, count - 1)];
        for (int size = 1; size < count; size++)
            sums[size - 1] = (size > 1 ? sums[size - 2] : 0) + (1.0 / ((double)size * (count - size)));
        var coalitions = new List<bool[]>();
        for (int i = 0; i < pairs; i++)
        {
            var draws = new RandomNumbers((ulong)Seed)[i];
            double place = draws.Uniform(0) * sums[^1];
            int size = 1 + sums.SkipLast(1).Count(s => place >= s);
            bool[] on = new bool[count];
            foreach (int j in Enumerable.Range(0, count).OrderBy(j => draws.Uniform(1 + j)).Take(size))
                on[j] = true;
            coalitions.Add(on);
            coalitions.Add([.. on.Select(v => !v)]);
        }

        return (coalitions, [.. Enumerable.Repeat(1.0, coalitions.Count)]);
    }

    private static double Binomial(int n, int k)
    {
        double value = 1;
        for (int i = 1; i <= k; i++)
            value = value * (n - k + i) / i;
        return Math.Round(value);
    }

    // Another way to say pairs=all.
    private sealed class Coalitions() : MethodParameter("coalitions", "all or sampled", "all: every coalition there is; sampled: random " +
        "pairs")
    {
        public override string TextOf(ExplanationMethod method) => ((KernelShap)method).Pairs is null ? "all" : "sampled";

        public override object ValueOf(ExplanationMethod method) => TextOf(method);

        internal override ExplanationMethod Write(ExplanationMethod method, string text)
        {
            var own = (KernelShap)method;
            return text.Equals("all", StringComparison.OrdinalIgnoreCase) ? own with { Pairs = null }
                : text.Equals("sampled", StringComparison.OrdinalIgnoreCase) ? own with { Pairs = own.Pairs ?? new KernelShap().Pairs }
                : throw new ArgumentException($"'{method.Name}.{Name}' takes {Range}, not '{text}'.");
        }
    }
}
