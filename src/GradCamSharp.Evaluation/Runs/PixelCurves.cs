using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.Runs;

/// <summary>
/// Insertion and deletion (RISE, Petsiuk et al., arXiv 1806.07421): the probability while pixels are added or removed in the map's order.
/// </summary>
/// <remarks>224 pixels a step. Insertion starts from the blurred picture, deletion ends with an empty one.</remarks>
/// <param name="context">What all measures of the run share.</param>
/// <param name="predict">The class scores of so many inputs.</param>
internal sealed class PixelCurves(RunContext context, Func<Memory<float>, int, float[][]> predict)
{
    private const int StepsABatch = 16;

    private readonly float[] batch = new float[StepsABatch * context.InputLength];
    private readonly float[] current = new float[context.InputLength];
    private readonly float[] target = new float[context.InputLength];
    private readonly float[] probabilities = new float[context.Model.ClassCount];

    /// <summary>Measures what the run asks for.</summary>
    /// <param name="row">The row of the picture, class and method.</param>
    /// <param name="picture">What the network sees of the picture.</param>
    /// <param name="input">Its input.</param>
    /// <param name="mask">The map at the network's input, from 0 to 1.</param>
    public void Measure(MeasurementRecord row, PreparedPicture picture, ReadOnlySpan<float> input, ReadOnlySpan<float> mask)
    {
        int[] order = PixelOrder.Descending(mask);
        if (context.Manifest.Metrics.Contains(RecordSchema.Insertion))
        {
            Blur(input, picture.Input.Size);
            input.CopyTo(target);
            row.Insertion = Area(order, row.Class!.Value);
        }

        if (context.Manifest.Metrics.Contains(RecordSchema.Deletion))
        {
            input.CopyTo(current);
            picture.Mask(input, new float[mask.Length], target, context.Model.Input.IsChannelsLast, context.Options.MaskSpace);
            row.Deletion = Area(order, row.Class!.Value);
        }
    }

    // The area under the probability while pixels of the current input become those of the target.
    private double Area(int[] order, long @class)
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

            float[][] scores = predict(batch.AsMemory(0, count * length), count);
            for (int i = 0; i < count; i++)
                curve[first + i] = context.Probability(scores[i], @class, probabilities);
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
