using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>What methods that run the network many times do with maps.</summary>
internal static class MapArithmetic
{
    /// <summary>To [0, 1]; a constant map becomes 0.</summary>
    public static void Normalize(Span<float> map)
    {
        float least = TensorPrimitives.Min<float>(map), most = TensorPrimitives.Max<float>(map);
        if (!(most > least))
        {
            map.Clear();
            return;
        }

        float range = most - least;
        TensorPrimitives.Subtract(map, least, map);
        TensorPrimitives.Divide(map, range, map);
    }

    /// <summary>An item times a mask, all of its channels alike.</summary>
    /// <param name="item">[C, P].</param>
    /// <param name="mask">[P].</param>
    /// <param name="into">[C, P].</param>
    public static void Mask(ReadOnlySpan<float> item, ReadOnlySpan<float> mask, Span<float> into)
    {
        for (int at = 0; at < item.Length; at += mask.Length)
            TensorPrimitives.Multiply(item.Slice(at, mask.Length), mask, into.Slice(at, mask.Length));
    }

    /// <summary>relu(sum_k w_k A^k), or with eigen smoothing the first principal component of the w_k A^k.</summary>
    /// <param name="activation">A, [K, P].</param>
    /// <param name="shape">[K, spatial...].</param>
    /// <param name="weights">w, [K].</param>
    /// <param name="eigenSmooth">Whether it is the principal component, centred over positions, its strongest value positive.</param>
    public static RawMap Weighted(ReadOnlySpan<float> activation, Shape shape, ReadOnlySpan<double> weights, bool eigenSmooth = false)
    {
        var spatial = shape.Slice(1, shape.Rank - 1);
        if (eigenSmooth)
            return Map(spatial, FirstComponent(activation, weights));
        return new RawMap(spatial, [.. Sum(activation, weights, (int)spatial.Size).Select(v => (float)Math.Max(0, v))]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double[] Sum(ReadOnlySpan<float> activation, ReadOnlySpan<double> weights, int positions)
    {
        double[] sum = new double[positions];
        for (int k = 0; k < weights.Length; k++)
        {
            double weight = weights[k];
            if (weight == 0)
                continue;
            var channel = activation.Slice(k * positions, positions);
            for (int p = 0; p < channel.Length; p++)
                sum[p] += weight * channel[p];
        }

        return sum;
    }

    private static double[] FirstComponent(ReadOnlySpan<float> activation, ReadOnlySpan<double> weights)
    {
        int channels = weights.Length, positions = activation.Length / channels;
        double[][] terms = [.. Enumerable.Range(0, positions).Select(_ => new double[channels])];
        for (int k = 0; k < channels; k++)
        {
            var channel = activation.Slice(k * positions, positions);
            double mean = 0;
            foreach (float value in channel)
                mean += (double)value / positions;
            for (int p = 0; p < positions; p++)
                terms[p][k] = weights[k] * (channel[p] - mean);
        }

        var (left, values, _) = SingularVectors.Of(terms, 1);
        double strongest = left[0].MaxBy(Math.Abs);
        return [.. left[0].Select(v => v * values[0] * (strongest < 0 ? -1 : 1))];
    }

    /// <summary>A map of a shape.</summary>
    public static RawMap Map(Shape shape, double[] values, double? residual = null) =>
        new(shape, [.. values.Select(v => (float)v)], residual);

    /// <summary>The lengths of a shape's spatial axes: all but the first.</summary>
    public static int[] Spatial(Shape shape) => [.. shape.Slice(1, shape.Rank - 1).Select(l => (int)l)];
}
