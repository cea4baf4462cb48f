using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>The input that stands for no evidence: one value, or one a channel, in the network's own range.</summary>
internal static class Baseline
{
    public const string Meaning = "the input that stands for no evidence, as the network sees it: one number, or one a channel; 0 is " +
        "the mean colour";

    public const string Range = "a number, or one a channel, such as -1x0.5x0.25";

    /// <summary>The baseline as an item.</summary>
    /// <exception cref="ArgumentException">It has neither one value nor as many as the input has channels.</exception>
    public static float[] Of(NumberList values, Shape shape, string method)
    {
        int channels = (int)shape[0];
        if (values.Count != 1 && values.Count != channels)
        {
            throw new ArgumentException(
                $"'{method}.baseline' has {values.Count} numbers; this model's input has {channels} channels. " +
                $"Give one number, or {channels}.");
        }

        float[] item = new float[(int)shape.Size];
        int positions = item.Length / channels;
        for (int c = 0; c < channels; c++)
            item.AsSpan(c * positions, positions).Fill((float)values[values.Count == 1 ? 0 : c]);
        return item;
    }
}
