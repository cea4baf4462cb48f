namespace GradCamSharp.Methods;

/// <summary>Which width the kernel of the scores has in <see cref="Hsic"/>.</summary>
public enum HsicWidth
{
    /// <summary>The median of the scores, as the authors' code has it.</summary>
    Output,

    /// <summary>The median of the distances between two scores: the same where all scores are shifted.</summary>
    Distance,
}

/// <summary>
/// HSIC attribution: how much the score depends on whether a cell is there, by the Hilbert-Schmidt independence criterion (Novello, Fel and
/// Vigouroux, arXiv 2206.06219).
/// </summary>
/// <remarks>
/// HSIC_i = tr(K H L H) / (n - 1)^2 over n masks: K_ab = 1 where masks a and b agree about cell i, else 0; of the scores y and the width w
/// L_ab = exp(-(y_a - y_b)^2 / (2 w^2)); H = I - 1/n. Masks are a Latin hypercube of two halves: each cell is on in half of them, those
/// whose draws from the cell's own sub-stream are the larger ones. A width of 0 leaves L_ab = 1 where scores are equal, else 0.
/// </remarks>
public sealed record Hsic : SensitivityMethod
{
    private static readonly MethodParameter[] More =
    [
        MethodParameter.Integer<Hsic>("masks", m => m.Masks, (m, v) => m with { Masks = (int)v }, 2, 10_000, "how many masks"),
        MethodParameter.Choice<Hsic, HsicWidth>(
            "width", m => m.Width, (m, v) => m with { Width = v },
            "the width of the scores' kernel: the median score, or the median distance of two scores"),
    ];

    /// <summary>How many masks.</summary>
    public int Masks { get; init; } = 500;

    /// <summary>Which width the kernel of the scores has.</summary>
    public HsicWidth Width { get; init; }

    /// <inheritdoc/>
    public override string Name => "hsic";

    /// <inheritdoc/>
    public override string Title => "HSIC attribution";

    /// <inheritdoc/>
    public override string Equation => "tr(K H L H) / ((n - 1) (n - 1));  K of a cell: do two masks agree;  L: how near are their scores";

    /// <inheritdoc/>
    public override string Summary =>
        "How much the score depends on whether a cell is there, over random halves of the picture. Few runs for a black box.";

    /// <inheritdoc/>
    public override string Cost => "500 F";

    /// <inheritdoc/>
    public override string Peers =>
        "xplique rounds Sobol's sequence to masks, divides by n in place of (n - 1) (n - 1), and upsamples the cells cubically.";

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => [.. More, .. base.Parameters];

    internal override double[] Indices(
        int cells, Func<int, Action<int, float[]>, RunScores> run, Func<RunScores, int, double> score)
    {
        bool[][] isOn = [.. Enumerable.Range(0, cells).Select(Halves)];
        var scores = run(Masks, (number, shares) =>
        {
            for (int i = 0; i < cells; i++)
                shares[i] = isOn[i][number] ? 1 : 0;
        });
        double[] y = [.. Enumerable.Range(0, Masks).Select(q => score(scores, q))];
        double[] kernel = Centred(y);
        double[] indices = new double[cells];
        // tr(K L') with K = x x^T + (1 - x) (1 - x)^T is 2 x^T L' x, since the rows of L' sum to 0.
        for (int i = 0; i < cells; i++)
        {
            double sum = 0;
            for (int a = 0; a < Masks; a++)
            {
                for (int b = 0; isOn[i][a] && b < Masks; b++)
                    sum += isOn[i][b] ? kernel[(a * Masks) + b] : 0;
            }

            // Rounding may leave a cell that nothing depends on below 0.
            indices[i] = Math.Max(0, 2 * sum / ((double)(Masks - 1) * (Masks - 1)));
        }

        return indices;
    }

    private bool[] Halves(int cell)
    {
        var draws = new RandomNumbers((ulong)Seed)[cell];
        bool[] isOn = new bool[Masks];
        foreach (int q in Enumerable.Range(0, Masks).OrderBy(q => draws.Bits(q)).ThenBy(q => q).Skip(Masks / 2))
            isOn[q] = true;
        return isOn;
    }

    // H L H.
    private double[] Centred(double[] y)
    {
        double width = Width == HsicWidth.Output ? Middle([.. y])
            : Middle([.. y.SelectMany((a, i) => y.Skip(i + 1).Select(b => Math.Abs(a - b)))]);
        double[] kernel = new double[Masks * Masks], means = new double[Masks];
        for (int a = 0; a < Masks; a++)
        {
            for (int b = 0; b < Masks; b++)
            {
                double far = (y[a] - y[b]) * (y[a] - y[b]);
                double value = kernel[(a * Masks) + b] = far == 0 ? 1 : width == 0 ? 0 : Math.Exp(-far / (2 * width * width));
                means[a] += value / Masks;
            }
        }

        double mean = means.Average();
        for (int a = 0; a < Masks; a++)
        {
            for (int b = 0; b < Masks; b++)
                kernel[(a * Masks) + b] += mean - means[a] - means[b];
        }

        return kernel;
    }

    private static double Middle(double[] values)
    {
        Array.Sort(values);
        int half = values.Length / 2;
        return values.Length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
    }
}
