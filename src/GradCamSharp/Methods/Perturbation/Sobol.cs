namespace GradCamSharp.Methods;

/// <summary>
/// Sobol attribution: the share of the score's variance that a cell has a part in, alone or together with others (Fel et al.,
/// arXiv 2111.04138).
/// </summary>
/// <remarks>
/// The total index by Jansen's estimator: over n designs A and B of cells, ST_i = sum_q (f(A_q) - f(C_q))^2 / (2 n V), where C is A with
/// cell i of B, and V the variance of f(A), divided by n - 1. Design q draws from sub-stream q: the cells of A, then those of B. Where f(A)
/// does not vary, all indices are 0.
/// </remarks>
public sealed record Sobol : SensitivityMethod
{
    private static readonly MethodParameter[] More =
    [
        MethodParameter.Integer<Sobol>(
            "designs", m => m.Designs, (m, v) => m with { Designs = (int)v }, 2, 100_000,
            "how many designs; each takes a run, and one a cell"),
    ];

    /// <summary>How many designs: each takes a run, and one a cell.</summary>
    public int Designs { get; init; } = 32;

    /// <inheritdoc/>
    public override string Name => "sobol";

    /// <inheritdoc/>
    public override string Title => "Sobol attribution";

    /// <inheritdoc/>
    public override string Equation =>
        "ST_i = sum_q (S(A_q) - S(C_iq)) (S(A_q) - S(C_iq)) / (2 n var S(A));  C_i is A with cell i drawn anew";

    /// <inheritdoc/>
    public override string Summary =>
        "Which share of the score's variance a cell has a part in when all cells fade at random. Sees what cells do together.";

    /// <inheritdoc/>
    public override string Cost => "2,080 F";

    /// <inheritdoc/>
    public override string Peers =>
        "xplique and the authors' code draw Sobol's low-discrepancy sequence in place of random numbers, and upsample the cells cubically.";

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => [.. More, .. base.Parameters];

    internal override double[] Indices(
        int cells, Func<int, Action<int, float[]>, RunScores> run, Func<RunScores, int, double> score)
    {
        // The designs, then for each cell the designs with that cell drawn anew.
        var scores = run(Designs * (cells + 1), (number, shares) =>
        {
            var draws = new RandomNumbers((ulong)Seed)[number % Designs];
            for (int j = 0; j < cells; j++)
                shares[j] = draws.Uniform(j);
            int anew = (number / Designs) - 1;
            if (anew >= 0)
                shares[anew] = draws.Uniform(cells + anew);
        });
        double[] own = [.. Enumerable.Range(0, Designs).Select(q => score(scores, q))];
        double mean = own.Average(), variance = own.Sum(v => (v - mean) * (v - mean)) / (Designs - 1);
        double[] indices = new double[cells];
        for (int i = 0; i < cells && variance > 0; i++)
        {
            for (int q = 0; q < Designs; q++)
            {
                double change = own[q] - score(scores, ((i + 1) * Designs) + q);
                indices[i] += change * change / (2 * Designs * variance);
            }
        }

        return indices;
    }
}
