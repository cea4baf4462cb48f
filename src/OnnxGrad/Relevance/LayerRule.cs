using System.Collections.Immutable;
using System.Globalization;

namespace OnnxGrad;

/// <summary>How a layer shares out relevance.</summary>
public enum LayerRuleKind
{
    /// <summary>By the contributions z = x w themselves: the gradient. Bach et al. 2015, Eq. 56.</summary>
    Zero,

    /// <summary>The same with an epsilon in the denominator that takes its part. Bach et al. 2015, Eq. 58.</summary>
    Epsilon,

    /// <summary>Epsilon as a share of the root mean square of what the layer makes of the item.</summary>
    EpsilonRms,

    /// <summary>Contributions of the output's own sign count 1 + gamma times. Montavon et al. 2019, section 10.2.1.</summary>
    Gamma,

    /// <summary>Positive contributions times alpha, negative ones times beta = alpha - 1. Bach et al. 2015, Eq. 60.</summary>
    AlphaBeta,

    /// <summary>Equal shares, for first layers. Lapuschkin et al. 2019, arXiv 1902.10178.</summary>
    Flat,

    /// <summary>By the squares of the weights, for first layers. Montavon et al. 2017, arXiv 1512.02479.</summary>
    WSquare,

    /// <summary>For first layers whose inputs lie between two bounds (z^B). Montavon et al. 2017, arXiv 1512.02479.</summary>
    Box,
}

/// <summary>A rule of layers with its numbers. A value: rules of one kind with equal numbers are equal.</summary>
public sealed record LayerRule
{
    private static readonly (string Name, LayerRuleKind Kind, int Numbers)[] Names =
    [
        ("epsilon-rms", LayerRuleKind.EpsilonRms, 1), ("epsilon", LayerRuleKind.Epsilon, 1), ("lrp-0", LayerRuleKind.Zero, 0),
        ("zero", LayerRuleKind.Zero, 0), ("gamma", LayerRuleKind.Gamma, 1), ("alphabeta", LayerRuleKind.AlphaBeta, 2),
        ("zplus", LayerRuleKind.AlphaBeta, 0), ("flat", LayerRuleKind.Flat, 0), ("wsquare", LayerRuleKind.WSquare, 0),
        ("box", LayerRuleKind.Box, 2),
    ];

    private LayerRule(LayerRuleKind kind, params ReadOnlySpan<double> numbers) => (Kind, Numbers) = (kind, [.. numbers]);

    /// <summary>LRP-0.</summary>
    public static LayerRule Zero { get; } = new(LayerRuleKind.Zero);

    /// <summary>z+: positive contributions alone, those of the bias among them; alpha 1, beta 0.</summary>
    public static LayerRule Positive { get; } = AlphaBeta(1, 0);

    /// <summary>Equal shares.</summary>
    public static LayerRule Flat { get; } = new(LayerRuleKind.Flat);

    /// <summary>By the squares of the weights.</summary>
    public static LayerRule WSquare { get; } = new(LayerRuleKind.WSquare);

    /// <summary>Which rule.</summary>
    public LayerRuleKind Kind { get; }

    /// <summary>Its numbers, in the order in which its maker takes them.</summary>
    public ImmutableArray<double> Numbers { get; }

    /// <summary>Whether it belongs to first layers alone: it answers with relevance itself, not with a coefficient.</summary>
    public bool IsForFirstLayers => Kind is LayerRuleKind.Flat or LayerRuleKind.WSquare or LayerRuleKind.Box;

    /// <summary>The epsilon rule.</summary>
    /// <param name="epsilon">The number in the denominator, not negative.</param>
    public static LayerRule Epsilon(double epsilon) => new(LayerRuleKind.Epsilon, NotNegative(epsilon));

    /// <summary>The epsilon rule by the layer's own scale.</summary>
    /// <param name="share">Epsilon as a share of the root mean square of what the layer makes, not negative.</param>
    public static LayerRule EpsilonRms(double share) => new(LayerRuleKind.EpsilonRms, NotNegative(share));

    /// <summary>The gamma rule.</summary>
    /// <param name="gamma">How much more contributions of the output's sign count, not negative.</param>
    public static LayerRule Gamma(double gamma) => new(LayerRuleKind.Gamma, NotNegative(gamma));

    /// <summary>The alpha-beta rule.</summary>
    /// <param name="alpha">The factor of positive contributions, at least 1.</param>
    /// <param name="beta">The factor of negative ones: alpha - 1.</param>
    /// <exception cref="ArgumentException">They do not differ by 1, or beta is negative.</exception>
    public static LayerRule AlphaBeta(double alpha, double beta) => alpha - beta == 1 && NotNegative(beta) == beta
        ? new(LayerRuleKind.AlphaBeta, alpha, beta)
        : throw new ArgumentException(
            FormattableString.Invariant($"Alpha less beta is 1, and beta is not negative; {alpha} and {beta} are not such."), nameof(beta));

    /// <summary>The rule of inputs between two bounds.</summary>
    /// <param name="bounds">
    /// The least and the greatest value an input can have; or all least ones, one a channel, then all greatest.
    /// </param>
    /// <exception cref="ArgumentException">There is an odd number of bounds, or one is not below its partner.</exception>
    public static LayerRule Box(params ReadOnlySpan<double> bounds)
    {
        int half = bounds.Length / 2;
        bool fits = half > 0 && bounds.Length % 2 == 0;
        for (int i = 0; fits && i < half; i++)
            fits = bounds[i] < bounds[half + i];
        return fits ? new LayerRule(LayerRuleKind.Box, bounds) : throw new ArgumentException(
            "A box takes the least and the greatest value of an input, or all least ones, one a channel, then all greatest.",
            nameof(bounds));
    }

    /// <summary>Reads a rule: its name, then its numbers with a colon before each.</summary>
    /// <param name="text">Such as gamma:0.25, alphabeta:2:1, box:-4:4, zplus, lrp-0.</param>
    /// <param name="rule">The rule.</param>
    public static bool TryParse(string text, out LayerRule rule)
    {
        ArgumentNullException.ThrowIfNull(text);
        rule = Zero;
        string trimmed = text.Trim();
        foreach (var (name, kind, count) in Names)
        {
            if (!trimmed.StartsWith(name, StringComparison.OrdinalIgnoreCase))
                continue;
            // Lists of numbers are written with an x between them elsewhere.
            string[] rest = trimmed[name.Length..].Split([':', 'x', ',', ' '], StringSplitOptions.RemoveEmptyEntries);
            double[] numbers = new double[rest.Length];
            for (int i = 0; i < rest.Length; i++)
            {
                if (!double.TryParse(rest[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i])
                    || !double.IsFinite(numbers[i]))
                    return false;
            }

            return (numbers.Length == count || (kind == LayerRuleKind.Box && numbers.Length > 2)) && TryMake(name, kind, numbers, out rule);
        }

        return false;
    }

    /// <summary>The rule as <see cref="TryParse"/> reads it.</summary>
    public override string ToString()
    {
        string name = this == Positive ? "zplus" : Names.First(n => n.Kind == Kind).Name;
        return this == Positive ? name
            : string.Concat(name, string.Concat(Numbers.Select(n => ":" + n.ToString("R", CultureInfo.InvariantCulture))));
    }

    /// <inheritdoc/>
    public bool Equals(LayerRule? other) =>
        other is not null && Kind == other.Kind && Numbers.AsSpan().SequenceEqual(other.Numbers.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Numbers.Aggregate((int)Kind, HashCode.Combine);

    private static bool TryMake(string name, LayerRuleKind kind, double[] numbers, out LayerRule rule)
    {
        try
        {
            rule = kind switch
            {
                LayerRuleKind.Epsilon => Epsilon(numbers[0]),
                LayerRuleKind.EpsilonRms => EpsilonRms(numbers[0]),
                LayerRuleKind.Gamma => Gamma(numbers[0]),
                LayerRuleKind.AlphaBeta => name == "zplus" ? Positive : AlphaBeta(numbers[0], numbers[1]),
                LayerRuleKind.Box => Box(numbers),
                LayerRuleKind.Flat => Flat,
                LayerRuleKind.WSquare => WSquare,
                _ => Zero,
            };
            return true;
        }
        catch (ArgumentException)
        {
            rule = Zero;
            return false;
        }
    }

    private static double NotNegative(double number) => number >= 0 && double.IsFinite(number) ? number : throw new ArgumentException(
        string.Create(CultureInfo.InvariantCulture, $"The number of a rule is finite and not negative; {number} is not."), nameof(number));
}
