using System.Collections.Immutable;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace GradCamSharp.Imaging;

/// <summary>Bilinear interpolation with half-pixel centres, edges clamped, without antialiasing.</summary>
/// <remarks>
/// In 64 bits, rounded once: values that mirror each other stay equal. Where rounding parts such pairs, measures that rank a map's pixels
/// depend on the last bit of the network's answer, and with it on the processor.
/// </remarks>
internal static class Interpolation
{
    /// <summary>
    /// Where the new values along one axis come from: between old ones Low and Low + 1 (or the last), Weight of the way. Others are 0.
    /// </summary>
    internal readonly record struct Axis(
        int First, int End, ImmutableArray<int> Low, ImmutableArray<int> High, ImmutableArray<double> Weight)
    {
        /// <param name="from">The old length.</param>
        /// <param name="to">The new length.</param>
        /// <param name="scale">New value i has its centre at <c>(i + 0.5) * scale - shift</c> of the old ones.</param>
        /// <param name="shift">Subtracted from that. What falls outside the old values is 0.</param>
        public static Axis Of(int from, int to, double scale, double shift)
        {
            int first = Bound(0), end = Bound(from);
            int[] low = new int[to], high = new int[to];
            double[] weight = new double[to];
            for (var i = first; i < end; i++)
            {
                var at = Math.Clamp(((i + 0.5) * scale) - shift - 0.5, 0, from - 1);
                low[i] = (int)at;
                high[i] = Math.Min(low[i] + 1, from - 1);
                weight[i] = at - low[i];
            }

            return new Axis(
                first, end, ImmutableCollectionsMarshal.AsImmutableArray(low), ImmutableCollectionsMarshal.AsImmutableArray(high),
                ImmutableCollectionsMarshal.AsImmutableArray(weight));

            // The first new value whose centre is not before the given place.
            int Bound(int place) => (int)Math.Clamp(Math.Ceiling(((place + shift) / scale) - 0.5), 0, to);
        }
    }

    public static float[] Apply(ReadOnlySpan<float> values, int width, Axis across, Axis down)
    {
        int newWidth = across.Low.Length, newHeight = down.Low.Length, inside = across.End - across.First;
        var result = new float[checked(newWidth * newHeight)];
        if (inside <= 0) return result;
        // Rows that are neighbours share the old rows between which they lie: each old row is widened once.
        double[] upper = new double[inside], lower = new double[inside], between = new double[inside];
        int upperRow = -1, lowerRow = -1;
        for (var y = down.First; y < down.End; y++)
        {
            var (low, high) = (down.Low[y], down.High[y]);
            if (low != upperRow && low == lowerRow) (upper, upperRow, lower, lowerRow) = (lower, lowerRow, upper, upperRow);
            if (low != upperRow) Widen(values.Slice(low * width, width), upper, across);
            if (high != lowerRow) Widen(values.Slice(high * width, width), lower, across);
            (upperRow, lowerRow) = (low, high);
            TensorPrimitives.Lerp<double>(upper, lower, down.Weight[y], between);
            TensorPrimitives.ConvertTruncating<double, float>(between, result.AsSpan((y * newWidth) + across.First, inside));
        }
        return result;
    }

    private static void Widen(ReadOnlySpan<float> row, Span<double> wide, Axis across)
    {
        for (var i = 0; i < wide.Length; i++)
        {
            var x = across.First + i;
            double low = row[across.Low[x]];
            wide[i] = low + ((row[across.High[x]] - low) * across.Weight[x]);
        }
    }
}
