using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>The parts that an input is cut into: which part each position belongs to.</summary>
/// <param name="ids">For each position its part, from 0.</param>
/// <param name="count">How many parts.</param>
internal sealed class Segments(int[] ids, int count)
{
    /// <summary>For each position its part, from 0.</summary>
    public ReadOnlySpan<int> Ids => ids;

    /// <summary>How many parts.</summary>
    public int Count => count;

    /// <summary>A grid: part floor(i c / n) along each axis, numbered row by row.</summary>
    public static Segments Grid(int[] space, int[] cells)
    {
        int[] ids = new int[space.Aggregate(1, (a, b) => a * b)];
        for (int p = 0; p < ids.Length; p++)
        {
            int rest = p, factor = 1;
            for (int d = space.Length - 1; d >= 0; d--)
            {
                ids[p] += (int)((long)(rest % space[d]) * cells[d] / space[d]) * factor;
                rest /= space[d];
                factor *= cells[d];
            }
        }

        return new Segments(ids, cells.Aggregate(1, (a, b) => a * b));
    }

    /// <summary>A grid as a method's parameter names it.</summary>
    /// <param name="space">The input's lengths.</param>
    /// <param name="cells">How many cells along each axis; one number for all.</param>
    /// <param name="method">The method's name, for the message.</param>
    /// <exception cref="ArgumentException">The input has fewer pixels, or another number of axes.</exception>
    public static Segments Grid(int[] space, NumberList cells, string method) => Grid(space, CellsOf(space, cells, method));

    /// <summary>The shape of that grid.</summary>
    /// <inheritdoc cref="Grid(int[], NumberList, string)"/>
    public static Shape GridShape(int[] space, NumberList cells, string method) =>
        new([.. CellsOf(space, cells, method).Select(c => (long)c)]);

    private static int[] CellsOf(int[] space, NumberList cells, string method)
    {
        int[] lengths = cells.Lengths(space.Length, $"{method}.cells");
        return !lengths.Where((c, d) => c > space[d]).Any() ? lengths : throw new ArgumentException(
            $"'{method}.cells' is {cells}, more cells than the input has pixels ({string.Join('x', space)}).");
    }

    /// <summary>The item with each part replaced by its own mean colour, or by 0.</summary>
    public float[] Filled(ReadOnlySpan<float> item, SegmentFill fill)
    {
        float[] filled = new float[item.Length];
        if (fill == SegmentFill.Zero)
            return filled;
        for (int from = 0; from < item.Length; from += ids.Length)
        {
            double[] sum = new double[count];
            int[] number = new int[count];
            for (int p = 0; p < ids.Length; p++)
            {
                sum[ids[p]] += item[from + p];
                number[ids[p]]++;
            }

            for (int p = 0; p < ids.Length; p++)
                filled[from + p] = (float)(sum[ids[p]] / number[ids[p]]);
        }

        return filled;
    }

    /// <summary>The scores of coalitions of parts: what is off is filled.</summary>
    public RunScores Scores(RunContext context, SegmentFill fill, IReadOnlyList<bool[]> coalitions)
    {
        float[] x = context.Input.ToArray(), filled = Filled(x, fill);
        return context.Scores(coalitions.Count, (run, input) =>
        {
            bool[] on = coalitions[run];
            for (int i = 0; i < input.Length; i++)
                input[i] = on[ids[i % ids.Length]] ? x[i] : filled[i];
        });
    }

    /// <summary>A value a part, as a map: of a grid one value a cell, else the value repeated over the part.</summary>
    public RawMap Map(double[] values, Shape? grid, Shape spatial) => grid is { } cells
        ? MapArithmetic.Map(cells, values)
        : MapArithmetic.Map(spatial, [.. ids.Select(id => values[id])]);
}

/// <summary>What stands where a part of the input is off.</summary>
public enum SegmentFill
{
    /// <summary>The part's own mean colour.</summary>
    Mean,

    /// <summary>0: the mean colour of all pictures, where inputs are normalised.</summary>
    Zero,
}
