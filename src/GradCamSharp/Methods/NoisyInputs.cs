using System.Numerics.Tensors;

namespace GradCamSharp.Methods;

/// <summary>An input with normal noise: x + sigma e_q, sigma a share of the item's own range.</summary>
internal static class NoisyInputs
{
    /// <summary>Writes the noisy inputs.</summary>
    /// <param name="context">The item.</param>
    /// <param name="share">The standard deviation, as a share of max x - min x.</param>
    /// <param name="seed">The random numbers' seed; sample q draws from its sub-stream q.</param>
    public static InputWriter Writer(RunContext context, double share, long seed)
    {
        float[] input = context.Input.ToArray();
        double sigma = share * ((double)TensorPrimitives.Max<float>(input) - TensorPrimitives.Min<float>(input));
        return (run, noisy) =>
        {
            new RandomNumbers((ulong)seed)[run].FillNormal(noisy);
            for (int i = 0; i < noisy.Length; i++)
                noisy[i] = (float)(input[i] + (sigma * noisy[i]));
        };
    }
}
