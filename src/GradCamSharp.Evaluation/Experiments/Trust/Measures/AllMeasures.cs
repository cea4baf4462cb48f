namespace GradCamSharp.Evaluation.Experiments.Trust.Measures;

/// <summary>All measures, and those that are refused.</summary>
public static class AllMeasures
{
    /// <summary>The measures, in the order in which they are shown.</summary>
    public static IReadOnlyList<Measure> All { get; } =
    [
        new RoadMeasure(), new MuFidelityMeasure(), new AdccMeasure(), new ArccMeasure(), new RandomisationMeasure(),
        new SmoothRandomisationMeasure(), new RandomLogitMeasure(), new SensitivityMeasure(), new ConsistencyMeasure(), new MassMeasure(),
        new BoxMeasure(), new SparsenessMeasure(), new BetweenPicturesMeasure(),
    ];

    /// <summary>What others measure and this library does not, each with the reason.</summary>
    public static IReadOnlyDictionary<string, string> Refused { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["infidelity"] = "heat maps have no unit, so that the best scale must be divided out, and what is left is nine tenths " +
            "the drops' own " +
            "spread: a map that says the same everywhere has 0.343, Grad-CAM 0.305, a random one 0.344. The same " +
            "passes give mu-fidelity; " +
            "infidelity is a column beside it that nothing is ranked by",
        ["completeness"] = "it holds for attributions that sum to the score, not for maps that are normalised to 1. For methods " +
            "whose maps " +
            "do sum it is a test of the implementation, which the check of a model makes",
        ["monotonicity"] = "all of some 50,000 steps would have to rise: it is false for every map of every method, and in " +
            "fewer steps an " +
            "insertion curve with most of its information thrown away. The area of that curve is measured as insertion",
    };

    /// <summary>Finds a measure by its name, or by that of one of its figures.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <exception cref="ArgumentException">There is none, or it is refused; the message says why.</exception>
    public static Measure Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Refused.TryGetValue(name, out string? reason))
            throw new ArgumentException($"'{name}' is not measured: {reason}.");
        string plain = Plain(name);
        return All.FirstOrDefault(m => Plain(m.Name) == plain) ?? All.FirstOrDefault(m => m.Figures.Any(f => Plain(f.Name) == plain))
            ?? throw new ArgumentException($"There is no measure '{name}'." +
                $" The measures are {string.Join(", ", All.Select(m => m.Name))}.");
    }

    private static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
}
