using GradCamSharp.Imaging;
using GradCamSharp.Methods;

namespace GradCamSharp.Evaluation.Metrics;

/// <summary>
/// Mu-fidelity (Bhatt et al. 2020, arXiv 2005.00631): whether more evidence means more effect. Random sets of 16 of 9 x 9 cells are painted
/// in the picture's mean colour; d is what the class's probability drops by, s the evidence that was painted over.
/// </summary>
/// <param name="Rank">Spearman(s, d), -1 to 1, higher is better; undefined where s or d does not vary.</param>
/// <param name="Linear">Pearson(s, d): the faithfulness correlation.</param>
/// <param name="Infidelity">
/// 1 - (sum s d)^2 / (sum s^2 sum d^2): infidelity (arXiv 1901.09392) with the best factor, over the mean square of d. Nothing is ranked
/// by it.
/// </param>
public readonly record struct MuFidelity(double? Rank, double? Linear, double? Infidelity)
{
    /// <summary>The number of cells along a side.</summary>
    public const int Side = 9;

    /// <summary>The number of cells that a set paints over.</summary>
    public const int CellsPainted = 16;

    /// <summary>The cells that a set paints over.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="picture">The picture's id.</param>
    /// <param name="set">The set's number, from 0.</param>
    public static bool[] Painted(ulong seed, string picture, int set)
    {
        bool[] cells = new bool[Side * Side];
        foreach (int cell in RandomNumbers.Named(seed, FormattableString.Invariant($"mu-fidelity/{picture}/{set}"))
            .Order(cells.Length).AsSpan(0, CellsPainted))
            cells[cell] = true;
        return cells;
    }

    /// <summary>The cell of a pixel.</summary>
    public static int CellOf(int y, int x, PixelSize size) => (Side * y / size.Height * Side) + (Side * x / size.Width);

    /// <summary>The evidence that each set paints over: s.</summary>
    /// <param name="map">The map at the network's input, [H, W] from 0 to 1.</param>
    /// <param name="size">Its width and height.</param>
    /// <param name="sets">For each set the cells that it paints over.</param>
    public static double[] Evidence(ReadOnlySpan<float> map, PixelSize size, IReadOnlyList<bool[]> sets)
    {
        double[] cells = new double[Side * Side];
        for (int y = 0; y < size.Height; y++)
        {
            for (int x = 0; x < size.Width; x++)
                cells[CellOf(y, x, size)] += map[(y * size.Width) + x];
        }

        return [.. sets.Select(set => Enumerable.Range(0, cells.Length).Where(c => set[c]).Sum(c => cells[c]))];
    }

    /// <summary>Measures a map.</summary>
    /// <param name="evidence">For each set s.</param>
    /// <param name="drops">For each set d.</param>
    public static MuFidelity Of(ReadOnlySpan<double> evidence, ReadOnlySpan<double> drops)
    {
        double squareS = 0, squareD = 0, product = 0;
        for (int i = 0; i < drops.Length; i++)
        {
            squareS += evidence[i] * evidence[i];
            squareD += drops[i] * drops[i];
            product += evidence[i] * drops[i];
        }

        double square = squareS * squareD;
        // Sums of a map of one value differ by their rounding alone.
        return new MuFidelity(
            IsConstant(evidence) ? null : Correlation.Spearman(evidence, drops),
            IsConstant(evidence) ? null : Correlation.Pearson(evidence, drops),
            square > 0 ? 1 - (product * product / square) : null);
    }

    private static bool IsConstant(ReadOnlySpan<double> evidence)
    {
        double least = double.MaxValue, most = double.MinValue;
        foreach (double value in evidence)
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
        return most - least <= 1e-12 * Math.Abs(most);
    }
}
