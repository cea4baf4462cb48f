using System.Collections.Immutable;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.Experiments.Faithfulness;

/// <summary>
/// Insertion and deletion (RISE, Petsiuk et al., arXiv 1806.07421): the probability while pixels are added or removed in the map's order.
/// </summary>
/// <remarks>224 pixels a step. Insertion starts from the blurred picture, deletion ends with an empty one.</remarks>
/// <param name="experiment">What is measured.</param>
/// <param name="context">What all measures of the run share.</param>
/// <param name="predict">The class scores of so many inputs, which the text names.</param>
internal sealed class PixelCurves(
    FaithfulnessExperiment experiment, RunContext context, Func<Memory<float>, int, string, IReadOnlyList<ImmutableArray<float>>> predict)
{
    private const int StepsABatch = 16;

    private readonly float[] batch = new float[StepsABatch * context.InputLength];
    private readonly float[] current = new float[context.InputLength];
    private readonly float[] target = new float[context.InputLength];
    private readonly float[] probabilities = new float[context.Model.ClassCount];

    /// <summary>Measures what the run asks for; what it does not is null.</summary>
    /// <param name="class">The class that is explained.</param>
    /// <param name="picture">What the network sees of the picture.</param>
    /// <param name="input">Its input.</param>
    /// <param name="mask">The map at the network's input, from 0 to 1.</param>
    /// <param name="method">The method's name, for messages.</param>
    public (double? Insertion, double? Deletion) Measure(
        long @class, PreparedPicture picture, ReadOnlySpan<float> input, ReadOnlySpan<float> mask, string method)
    {
        double? insertion = null, deletion = null;
        int[] order = PixelOrder.Descending(mask);
        if (experiment.Curves.Contains(PixelCurve.Insertion))
        {
            Blur(input, picture.Input.Size);
            input.CopyTo(target);
            insertion = Area(order, @class, $"the picture while pixels are added in the order of {method}");
        }

        if (experiment.Curves.Contains(PixelCurve.Deletion))
        {
            input.CopyTo(current);
            picture.Mask(input, new float[mask.Length], target, context.Model.Input.IsChannelsLast, experiment.MaskSpace);
            deletion = Area(order, @class, $"the picture while pixels are removed in the order of {method}");
        }

        return (insertion, deletion);
    }

    // The area under the probability while pixels of the current input become those of the target.
    private double Area(int[] order, long @class, string what)
    {
        int length = context.InputLength, steps = (order.Length + Curve.PixelsAStep - 1) / Curve.PixelsAStep;
        double[] curve = new double[steps + 1];
        for (int first = 0; first <= steps; first += StepsABatch)
        {
            int count = Math.Min(StepsABatch, steps + 1 - first);
            for (int i = 0; i < count; i++)
            {
                if (first + i > 0)
                    Turn(order.AsSpan((first + i - 1) * Curve.PixelsAStep,
                        Math.Min(Curve.PixelsAStep, order.Length - ((first + i - 1) * Curve.PixelsAStep))));
                current.CopyTo(batch.AsSpan(i * length));
            }

            var scores = predict(batch.AsMemory(0, count * length), count, what);
            for (int i = 0; i < count; i++)
                curve[first + i] = context.Probability(scores[i].AsSpan(), @class, probabilities);
        }

        return Curve.Area(curve);
    }

    // The current input becomes the blurred one.
    private void Blur(ReadOnlySpan<float> input, PixelSize size)
    {
        var (channels, toPixel, toChannel) = Steps();
        float[] plane = new float[size.Width * size.Height];
        for (int c = 0; c < channels; c++)
        {
            for (int i = 0; i < plane.Length; i++)
                plane[i] = input[(i * toPixel) + (c * toChannel)];
            float[] blurred = Blurring.Blur(plane, size);
            for (int i = 0; i < plane.Length; i++)
                current[(i * toPixel) + (c * toChannel)] = blurred[i];
        }
    }

    private void Turn(ReadOnlySpan<int> pixels)
    {
        var (channels, toPixel, toChannel) = Steps();
        foreach (int pixel in pixels)
        {
            for (int c = 0; c < channels; c++)
            {
                int at = (pixel * toPixel) + (c * toChannel);
                current[at] = target[at];
            }
        }
    }

    // How far apart two pixels and two channels lie.
    private (int Channels, int ToPixel, int ToChannel) Steps()
    {
        int channels = context.Explainer.Channels;
        return context.Model.Input.IsChannelsLast ? (channels, channels, 1) : (channels, 1, context.InputLength / channels);
    }
}
