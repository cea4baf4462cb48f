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
    public void Multiply(LayerAxis axis, ReadOnlySpan<float> factors, Span<float> into)
    {
        Values.CopyTo(into);
        if (axis == LayerAxis.Channels && format.Kind != LayerFormatKind.Nchw)
        {
            for (int i = 0; i < into.Length; i++)
                into[i] *= factors[i % channels];
            return;
        }

        for (int k = 0; k < channels; k++)
        {
            for (int p = 0; p < positions; p++)
                into[Place(k, p)] *= factors[axis == LayerAxis.Channels ? k : p];
        }
    }

    /// <summary>The mean over positions of the values times factors, a value a channel.</summary>
    public void Mean(LayerAxis axis, ReadOnlySpan<float> factors, Span<float> into)
    {
        for (int k = 0; k < channels; k++)
        {
            var channel = Activation.AsSpan(k * positions, positions);
            double sum = 0;
            if (axis == LayerAxis.Channels)
            {
                foreach (float value in channel)
                    sum += value;
                into[k] = (float)(factors[k] * sum / positions);
                continue;
            }

            for (int next, p = 0; (next = factors[p..].IndexOfAnyExcept(0f)) >= 0; p += next + 1)
                sum += (double)factors[p + next] * channel[p + next];
            into[k] = (float)(sum / positions);
        }
    }

    private int Place(int channel, int position) => format.Kind switch
    {
        LayerFormatKind.Nchw => (channel * positions) + position,
        LayerFormatKind.Nhwc => (position * channels) + channel,
        _ => (((int)format.Leading + position) * channels) + channel,
    };
}
