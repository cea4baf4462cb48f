using System.Globalization;
using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>The input that stands for no evidence: numbers in the network's own range, or noise from -1 to 1.</summary>
/// <param name="Values">One number, or one a channel; empty where it is noise.</param>
/// <param name="Noise">Which noise: its number among those of a seed.</param>
/// <param name="Seed">The noise's seed.</param>
public readonly record struct BaselineInput(NumberList Values, int Noise = 0, long Seed = 2)
{
    internal const string Range = "a number, one a channel such as -1x0.5x0.25, or noise:NUMBER:SEED";

    /// <summary>Noise from -1 to 1, as expected gradients draw it.</summary>
    /// <param name="number">Which one of the seed's.</param>
    /// <param name="seed">The seed.</param>
    public static BaselineInput OfNoise(int number, long seed) => new(default, number, seed);

    /// <summary>Reads a baseline.</summary>
    /// <param name="text">Such as 0, -1x0.5x0.25, noise:0:2.</param>
    internal static BaselineInput? Parse(string text)
    {
        if (NumberList.TryParse(text, out NumberList values))
            return new BaselineInput(values);
        if (!text.StartsWith("noise", StringComparison.OrdinalIgnoreCase))
            return null;
        // The references' own words are read too: noise 0 of seed 2.
        string[] rest = text["noise".Length..].Replace("of seed", ":", StringComparison.OrdinalIgnoreCase)
            .Split([':', ' '], StringSplitOptions.RemoveEmptyEntries);
        return rest.Length == 2 && int.TryParse(rest[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && long.TryParse(rest[1], NumberStyles.None, CultureInfo.InvariantCulture, out long seed) ? OfNoise(number, seed) : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Values.Count > 0 ? Values.ToString()
        : FormattableString.Invariant($"noise:{Noise}:{Seed}");

    /// <summary>The baseline as a value of the graph, of the input's shape.</summary>
    /// <param name="input">The network's input, as it takes it.</param>
    /// <param name="isChannelsLast">Whether its channels are its last axis.</param>
    /// <param name="method">What messages call the method.</param>
    internal Tensor Of(Tensor input, bool isChannelsLast, string method)
    {
        int axis = isChannelsLast ? input.Rank - 1 : 1;
        var item = input.Shape.With(0, 1);
        if (Values.Count > 0)
        {
            if (Values.Count > 1 && input.Shape[axis] != Values.Count)
            {
                throw new ModelException($"'{method}.baseline' has {Values.Count} numbers; this model's input has {input.Shape[axis]} " +
                    $"channels. Give one number, or {input.Shape[axis]}.");
            }

            var lengths = new Dimension[input.Rank];
            for (int i = 0; i < lengths.Length; i++)
                lengths[i] = i == axis ? Values.Count : 1;
            return input.Graph.Constant(input.Type, new Shape(lengths), [.. Values]).ExpandLike(input);
        }

        if (!item.IsStatic)
            throw new ModelException($"'{method}' cannot draw noise for an input of {input.Shape}. Fix its lengths, or give numbers.");
        var numbers = new RandomNumbers((ulong)Seed)[Noise];
        float[] values = new float[(int)item.Size];
        // Noise is drawn channels first, whatever the layout.
        int channels = (int)item[axis].Value, positions = values.Length / channels;
        for (int i = 0; i < values.Length; i++)
            values[isChannelsLast ? (i % positions * channels) + (i / positions) : i] = (2 * numbers.Uniform(i)) - 1;
        string name = "deeplift_baseline";
        for (int i = 2; input.Graph.Contains(name); i++)
            name = FormattableString.Invariant($"deeplift_baseline_{i}");
        return input.Graph.Weights(name, item, values).ExpandLike(input);
    }
}
