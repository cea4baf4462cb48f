using System.Numerics;
using System.Runtime.CompilerServices;

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
    /// <exception cref="ArgumentException">The target's length does not fit the picture.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void WriteTo(Span<float> target, int channels = 3, bool channelsLast = false)
    {
        int count = Input.Width * Input.Height;
        if (channels is not (1 or 3) || target.Length != channels * count)
        {
            throw new ArgumentException(
                $"A picture of {Input.Size} pixels fills 1 or 3 channels of that size, not {target.Length} values in {channels} channels.",
                nameof(target));
        }

        var pixels = Input.Pixels;
        Span<float> values = stackalloc float[256];
        for (int c = 0; c < channels; c++)
        {
            for (int v = 0; v < values.Length; v++)
                values[v] = Preprocessing.Value(v, c, channels);
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
        }
    }

    /// <summary>Writes the network's input of the explanation map E, of which a mask lets through more or less (Eq. 11).</summary>
    /// <param name="input">
    /// The picture's own input, as <see cref="WriteTo"/> writes it: [C, H, W], or [H, W, C] where channels come last.
    /// </param>
    /// <param name="mask">L of Eq. 11, [H, W] from 0 to 1: what each pixel is multiplied with.</param>
    /// <param name="target">As the input; may be the same.</param>
    /// <param name="channelsLast">Whether the channels are the last axis.</param>
    /// <param name="space">Whether it multiplies pixels, before scaling and normalisation, or what these make of them.</param>
    /// <exception cref="ArgumentException">The lengths do not fit the picture.</exception>
    /// <remarks>
    /// Scaling and normalisation are affine: a pixel masked by m becomes (its value - black) m + black, black being what 0 becomes.
    /// </remarks>
    public void Mask(
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> mask,
        Span<float> target,
        bool channelsLast = false,
        MaskSpace space = MaskSpace.Pixel)
    {
        int count = Input.Width * Input.Height, channels = input.Length / count;
        if (mask.Length != count)
            throw new ArgumentException($"A mask for {Input.Size} pixels has {count} values, not {mask.Length}.", nameof(mask));
        if (channels is not (1 or 3) || input.Length != channels * count || target.Length != input.Length)
        {
            throw new ArgumentException(
                $"The input of {Input.Size} pixels has 1 or 3 channels of that size, not {input.Length} values; the target as many.",
                nameof(input));
        }

        for (int c = 0; c < channels; c++)
        {
            float black = space == MaskSpace.Pixel ? Preprocessing.Value(0, c, channels) : 0;
            if (channelsLast)
            {
                for (int i = 0, at = c; i < count; i++, at += channels)
                    target[at] = ((input[at] - black) * mask[i]) + black;
            }
            else
            {
                MaskPlane(input.Slice(c * count, count), black, mask, target.Slice(c * count, count));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MaskPlane(ReadOnlySpan<float> input, float black, ReadOnlySpan<float> mask, Span<float> target)
    {
        int width = Vector<float>.Count, i = 0;
        var dark = new Vector<float>(black);
        for (; i + width <= input.Length; i += width)
        {
            var above = new Vector<float>(input.Slice(i, width)) - dark;
            ((above * new Vector<float>(mask.Slice(i, width))) + dark).CopyTo(target.Slice(i, width));
        }

        for (; i < input.Length; i++)
            target[i] = ((input[i] - black) * mask[i]) + black;
    }

    /// <summary>ITU-R 601-2 luma in fixed point, as Pillow's conversion to "L".</summary>
    private static int Luma(ReadOnlySpan<byte> rgb) => ((rgb[0] * 19595) + (rgb[1] * 38470) + (rgb[2] * 7471) + 0x8000) >> 16;
}
