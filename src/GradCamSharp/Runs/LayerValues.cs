using System.Runtime.CompilerServices;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Runs;

/// <summary>A layer's values of one item, in the layer's own layout and with the channels first.</summary>
internal sealed class LayerValues
{
    private readonly LayerFormat format;
    private readonly int channels;
    private readonly int positions;
    private double[]? channelSums;

    /// <param name="layer">The layer.</param>
    /// <param name="shape">The shape of its values for one item, in its own layout: [K, spatial...], [spatial..., K] or [T, K].</param>
    /// <param name="values">The values, row by row.</param>
    public LayerValues(Layer layer, Shape shape, float[] values)
    {
        format = layer.Format;
        Values = values;
        var spatial = format.Spatial(new Shape([1, .. shape]), layer.Name);
        positions = (int)spatial.Size;
        channels = (int)(format.Kind == LayerFormatKind.Nchw ? shape[0] : shape[-1]);
        Shape = new Shape([channels, .. spatial]);
        if (format.Kind == LayerFormatKind.Nchw)
        {
            Activation = values;
            return;
        }

        Activation = new float[channels * positions];
        for (int k = 0; k < channels; k++)
        {
            for (int p = 0; p < positions; p++)
                Activation[(k * positions) + p] = values[Place(k, p)];
        }
    }

    /// <summary>[K, spatial...].</summary>
    public Shape Shape { get; }

    /// <summary>With the channels first; tokens that are no positions left out.</summary>
    public float[] Activation { get; }

    /// <summary>In the layer's own layout, all of them.</summary>
    public float[] Values { get; }

    /// <summary>Whether all values belong to positions: there are no other tokens.</summary>
    public bool HasOnlyPositions => Activation.Length == Values.Length;

    /// <summary>How many factors a change has.</summary>
    public int Count(LayerAxis axis) => axis == LayerAxis.Channels ? channels : positions;

    /// <summary>The values times factors. Tokens that are no positions have channels, and no place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Multiply(LayerAxis axis, ReadOnlySpan<float> factors, Span<float> into)
    {
        Values.CopyTo(into);
        bool isByChannel = axis == LayerAxis.Channels;
        if (format.Kind == LayerFormatKind.Nchw)
        {
            for (int k = 0; k < channels; k++)
            {
                if (isByChannel && factors[k] == 1)
                    continue;
                var channel = into.Slice(k * positions, positions);
                for (int p = 0; p < channel.Length; p++)
                    channel[p] *= isByChannel ? factors[k] : factors[p];
            }

            return;
        }

        int leading = isByChannel || format.Kind == LayerFormatKind.Nhwc ? 0 : (int)format.Leading;
        for (int at = leading * channels, row = 0; at < into.Length && (isByChannel || row < positions); at += channels, row++)
        {
            var values = into.Slice(at, channels);
            for (int k = 0; k < values.Length; k++)
                values[k] *= isByChannel ? factors[k] : factors[row];
        }
    }

    /// <summary>The mean over positions of the values times factors, a value a channel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Mean(LayerAxis axis, ReadOnlySpan<float> factors, Span<float> into)
    {
        if (axis == LayerAxis.Channels)
        {
            double[] sums = channelSums ??= ChannelSums();
            for (int k = 0; k < channels; k++)
                into[k] = (float)(factors[k] * sums[k] / positions);
            return;
        }

        double[] kept = new double[channels];
        for (int p = Factors.NextOtherThan(0, factors, 0); p < positions; p = Factors.NextOtherThan(0, factors, p + 1))
        {
            double factor = factors[p];
            for (int k = 0; k < kept.Length; k++)
                kept[k] += factor * Activation[(k * positions) + p];
        }

        for (int k = 0; k < kept.Length; k++)
            into[k] = (float)(kept[k] / positions);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double[] ChannelSums()
    {
        double[] sums = new double[channels];
        for (int k = 0; k < channels; k++)
        {
            foreach (float value in Activation.AsSpan(k * positions, positions))
                sums[k] += value;
        }

        return sums;
    }

    private int Place(int channel, int position) => format.Kind switch
    {
        LayerFormatKind.Nchw => (channel * positions) + position,
        LayerFormatKind.Nhwc => (position * channels) + channel,
        _ => (((int)format.Leading + position) * channels) + channel,
    };
}
