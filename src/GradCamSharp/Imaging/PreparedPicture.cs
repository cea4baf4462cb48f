using System.Numerics.Tensors;

namespace GradCamSharp.Imaging;

/// <summary>A picture at a network's input: its pixels there, where they come from, and the values the network reads.</summary>
/// <param name="Input">The pixels at the network's input, before scaling and normalisation.</param>
/// <param name="Geometry">Where they lie in the original picture.</param>
/// <param name="Preprocessing">What made them.</param>
public sealed record PreparedPicture(Picture Input, Geometry Geometry, Preprocessing Preprocessing)
{
    /// <summary>Writes the network's input.</summary>
    /// <param name="target">[C, H, W], or [H, W, C] where channels come last; C is 1 (grey) or 3.</param>
    /// <param name="channels">C.</param>
    /// <param name="channelsLast">Whether the channels are the last axis.</param>
    /// <param name="mask">L of Eq. 11, [H, W] from 0 to 1: what each pixel is multiplied with; empty for none.</param>
    /// <param name="space">Whether it multiplies pixels, before scaling and normalisation, or what these make of them.</param>
    public void WriteTo(
        Span<float> target,
        int channels = 3,
        bool channelsLast = false,
        ReadOnlySpan<float> mask = default,
        MaskSpace space = MaskSpace.Pixel)
    {
        int count = Input.Width * Input.Height;
        if (channels is not (1 or 3) || target.Length != channels * count)
        {
            throw new ArgumentException(
                $"A picture of {Input.Size} pixels fills 1 or 3 channels of that size, not {target.Length} values in {channels} channels.",
                nameof(target));
        }

        if (!mask.IsEmpty && mask.Length != count)
            throw new ArgumentException($"A mask for {Input.Size} pixels has {count} values, not {mask.Length}.", nameof(mask));
        var pixels = Input.Pixels;
        Span<float> values = stackalloc float[256];
        for (int c = 0; c < channels; c++)
        {
            float mean = channels == 1 ? Preprocessing.Mean.Average() : Preprocessing.Mean[c];
            float deviation = channels == 1 ? Preprocessing.Deviation.Average() : Preprocessing.Deviation[c];
            for (int v = 0; v < values.Length; v++)
                values[v] = (float)(((v * (double)Preprocessing.Scale) - mean) / deviation);
            int from = Preprocessing.IsBgr ? 2 - c : c, step = channelsLast ? channels : 1, at = channelsLast ? c : c * count;
            if (channels == 1)
            {
                for (int i = 0; i < count; i++)
                    target[i] = values[Luma(pixels.Slice(3 * i, 3))];
            }
            else
            {
                for (int p = from; p < pixels.Length; p += 3, at += step)
                    target[at] = values[pixels[p]];
            }

            if (!mask.IsEmpty)
                Mask(target, mask, channelsLast ? c : c * count, step, space == MaskSpace.Pixel ? values[0] : 0);
        }
    }

    /// <summary>
    /// Scaling and normalisation are affine: a pixel masked by m becomes (its value - black) m + black, black being what 0 becomes.
    /// </summary>
    private static void Mask(Span<float> target, ReadOnlySpan<float> mask, int at, int step, float black)
    {
        if (step == 1)
        {
            var plane = target.Slice(at, mask.Length);
            TensorPrimitives.Subtract(plane, black, plane);
            TensorPrimitives.Multiply(plane, mask, plane);
            TensorPrimitives.Add(plane, black, plane);
            return;
        }

        for (int i = 0; i < mask.Length; i++, at += step)
            target[at] = ((target[at] - black) * mask[i]) + black;
    }

    /// <summary>ITU-R 601-2 luma in fixed point, as Pillow's conversion to "L".</summary>
    private static int Luma(ReadOnlySpan<byte> rgb) => ((rgb[0] * 19595) + (rgb[1] * 38470) + (rgb[2] * 7471) + 0x8000) >> 16;
}
