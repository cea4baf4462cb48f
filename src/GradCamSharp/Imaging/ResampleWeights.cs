using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GradCamSharp.Imaging;

/// <summary>What every new pixel along one axis takes of which old ones, in fixed point with 22 bits after the point.</summary>
internal sealed class ResampleWeights
{
    private const int Bits = 22;

    // Of each new pixel: the first old one, how many there are, and their weights.
    private readonly int[] starts, counts, weights;
    private readonly int stride;

    private ResampleWeights(int count, int stride)
    {
        (starts, counts, this.stride) = (new int[count], new int[count], stride);
        weights = new int[checked(count * stride)];
    }

    /// <summary>The number of new pixels.</summary>
    public int Count => starts.Length;

    /// <summary>Of each new pixel the first old one that it needs.</summary>
    public ReadOnlySpan<int> Firsts => starts;

    /// <summary>One half, with which a sum starts so that it is rounded.</summary>
    public const int Half = 1 << (Bits - 1);

    /// <summary>The first old pixel that is needed, and how many are.</summary>
    public (int First, int Count) Reach
    {
        get
        {
            var (first, end) = (int.MaxValue, 0);
            for (var i = 0; i < Count; i++) (first, end) = (Math.Min(first, starts[i]), Math.Max(end, starts[i] + counts[i]));
            return (first, end - first);
        }
    }

    /// <summary>A pixel's channels from their sums in fixed point: rounded down, from 0 to 255.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ToBytes(Vector128<int> sums)
    {
        var values = Vector128.Min(Vector128.Max(sums >> Bits, Vector128<int>.Zero), Vector128.Create(255));
        var halves = Vector128.Narrow(values, values).AsUInt16();
        return Vector128.Narrow(halves, halves).AsUInt32().ToScalar();
    }

    /// <summary>Four pixels' channels from their sums in fixed point: rounded down, from 0 to 255.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ToBytes(Vector512<int> sums)
    {
        var values = Vector512.Min(Vector512.Max(sums >> Bits, Vector512<int>.Zero), Vector512.Create(255));
        var halves = Vector256.Narrow(values.GetLower(), values.GetUpper()).AsUInt16();
        return Vector128.Narrow(halves.GetLower(), halves.GetUpper());
    }

    /// <summary>The weights of a new pixel's old ones.</summary>
    public ReadOnlySpan<int> For(int i, out int first)
    {
        first = starts[i];
        return weights.AsSpan(i * stride, counts[i]);
    }

    /// <summary>
    /// The weights of all new pixels, each four times over, for the channels of four old pixels at once: [<see cref="Count"/>, taps, 4].
    /// All have as many taps, the fewest fours that hold each one's own; the others are 0.
    /// </summary>
    public int[] PerChannel()
    {
        int taps = (counts.Max() + 3) / 4 * 4;
        int[] lanes = new int[checked(Count * taps * 4)];
        for (int i = 0; i < Count; i++)
        {
            for (int tap = 0; tap < counts[i]; tap++)
                lanes.AsSpan(((i * taps) + tap) * 4, 4).Fill(weights[(i * stride) + tap]);
        }

        return lanes;
    }

    /// <param name="filter">The filter.</param>
    /// <param name="from">The old length of the axis.</param>
    /// <param name="to">The new length of the axis.</param>
    /// <param name="start">The first new pixel that is wanted.</param>
    /// <param name="count">How many are.</param>
    public static ResampleWeights Of(ResampleFilter filter, int from, int to, int start, int count)
    {
        var scale = (double)from / to;
        if (filter == ResampleFilter.Nearest) return Nearest(from, scale, start, count);

        var (curve, support) = Curve(filter);
        // Wider than the filter's own support when the picture gets smaller: this is the antialiasing.
        var stretch = Math.Max(scale, 1);
        support *= stretch;
        var result = new ResampleWeights(count, ((int)Math.Ceiling(support) * 2) + 1);
        var w = new double[result.stride];
        for (var i = 0; i < count; i++)
        {
            var centre = (start + i + 0.5) * scale;
            var first = Math.Max((int)(centre - support + 0.5), 0);
            var taps = Math.Min((int)(centre + support + 0.5), from) - first;
            var sum = 0.0;
            for (var j = 0; j < taps; j++) sum += w[j] = curve((first + j - centre + 0.5) * (1 / stretch));
            for (var j = 0; j < taps; j++)
            {
                var share = (sum == 0 ? w[j] : w[j] / sum) * (1 << Bits);
                result.weights[(i * result.stride) + j] = (int)(share < 0 ? share - 0.5 : share + 0.5);
            }
            (result.starts[i], result.counts[i]) = (first, taps);
        }
        return result;
    }

    private static ResampleWeights Nearest(int from, double scale, int start, int count)
    {
        var result = new ResampleWeights(count, 1);
        // Pillow adds the scale up from pixel to pixel; a product would round to another neighbour here and there.
        var centre = 0.5 * scale;
        for (var i = 0; i < start; i++) centre += scale;
        for (var i = 0; i < count; i++, centre += scale)
            (result.starts[i], result.counts[i], result.weights[i * result.stride]) = (Math.Min((int)centre, from - 1), 1, 1 << Bits);
        return result;
    }

    private static (Func<double, double> Curve, double Support) Curve(ResampleFilter filter) => filter switch
    {
        ResampleFilter.Box => (static x => x is > -0.5 and <= 0.5 ? 1 : 0, 0.5),
        ResampleFilter.Bilinear => (static x => Math.Max(1 - Math.Abs(x), 0), 1),
        ResampleFilter.Hamming => (static x => Math.Abs(x) < 1 ? Sinc(x) * (0.54 + (0.46 * Math.Cos(Math.PI * x))) : 0, 1),
        ResampleFilter.Bicubic => (Cubic, 2),
        ResampleFilter.Lanczos => (static x => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0, 3),
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "There is no such filter."),
    };

    private static double Cubic(double x)
    {
        const double a = -0.5;
        x = Math.Abs(x);
        return x < 1 ? ((((a + 2) * x) - (a + 3)) * x * x) + 1
            : x < 2 ? (((((x - 5) * x) + 8) * x) - 4) * a
            : 0;
    }

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
}
