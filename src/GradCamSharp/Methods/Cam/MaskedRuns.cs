using System.Numerics.Tensors;

namespace GradCamSharp.Methods;

/// <summary>What the noise of <see cref="SsCam"/> is added to.</summary>
public enum MaskNoise
{
    /// <summary>The mask: every channel has noise of its own.</summary>
    Mask,

    /// <summary>The masked picture.</summary>
    Input,
}

/// <summary>The pictures behind a channel: equal values mean equal pictures, which are run once.</summary>
/// <param name="Coefficients">What the mask is multiplied by, in turn.</param>
/// <param name="Samples">How many noisy ones of each; 1 without noise.</param>
/// <param name="Sigma">The noise's standard deviation; 0 without noise.</param>
/// <param name="Noise">What the noise is added to.</param>
/// <param name="Seed">The noise's seed.</param>
internal sealed record MaskedRuns(
    NumberList Coefficients, int Samples = 1, double Sigma = 0, MaskNoise Noise = MaskNoise.Mask, long Seed = 0)
{
    /// <summary>How many pictures a channel has.</summary>
    public int Count => Samples * Coefficients.Count;

    /// <summary>Writes the pictures of some channels, all of a channel one after the other.</summary>
    public InputWriter Writer(RunContext context, int[] channels)
    {
        int[] to = MapArithmetic.Spatial(context.InputShape);
        var upsampling = new LinearUpsampling(MapArithmetic.Spatial(context.LayerShape), to);
        int size = to.Aggregate(1, (a, b) => a * b), positions = context.Activation.Length / (int)context.LayerShape[0];
        float[] input = context.Input.ToArray(), activation = context.Activation.ToArray(), mask = [];
        float[] noise = new float[Noise == MaskNoise.Mask ? size : input.Length], scaled = new float[size];
        int last = -1;
        return (run, masked) =>
        {
            int channel = channels[run / Count], sample = run % Count / Coefficients.Count;
            if (channel != last)
            {
                mask = upsampling.Apply(activation.AsSpan(channel * positions, positions));
                MapArithmetic.Normalize(mask);
                last = channel;
            }

            float coefficient = (float)Coefficients[run % Coefficients.Count], sigma = (float)Sigma;
            if (Sigma > 0)
            {
                new RandomNumbers((ulong)Seed)[sample].FillNormal(noise, (long)channel * noise.Length);
                TensorPrimitives.Multiply(noise, sigma, noise);
            }

            TensorPrimitives.Multiply(mask, coefficient, scaled);
            if (Sigma > 0 && Noise == MaskNoise.Mask)
                TensorPrimitives.Add(scaled, noise, scaled);
            MapArithmetic.Mask(input, scaled, masked);
            if (Sigma > 0 && Noise == MaskNoise.Input)
                TensorPrimitives.Add(masked, noise, masked);
        };
    }
}
