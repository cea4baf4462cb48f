using System.Runtime.CompilerServices;

namespace GradCamSharp.Runs;

/// <summary>Inputs with their channels first, and last.</summary>
internal static class ChannelOrder
{
    /// <summary>[A, C, P] becomes [C, A, P].</summary>
    /// <param name="own">The item.</param>
    /// <param name="before">A: the product of the lengths in front of the channels.</param>
    /// <param name="channels">C.</param>
    /// <param name="first">Where to.</param>
    public static void ToFirst(ReadOnlySpan<float> own, int before, int channels, Span<float> first)
    {
        int behind = own.Length / (before * channels);
        for (int a = 0; a < before; a++)
        {
            for (int c = 0; c < channels; c++)
                own.Slice(((a * channels) + c) * behind, behind).CopyTo(first[(((c * before) + a) * behind)..]);
        }
    }

    /// <summary>[C, A, P] becomes [A, C, P].</summary>
    /// <param name="first">The item.</param>
    /// <param name="before">A: the product of the lengths in front of the channels.</param>
    /// <param name="channels">C.</param>
    /// <param name="own">Where to.</param>
    public static void ToOwn(ReadOnlySpan<float> first, int before, int channels, Span<float> own) =>
        ToFirst(first, channels, before, own);

    /// <summary>[C, P] becomes [P, C].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToLast(ReadOnlySpan<float> first, int channels, Span<float> last)
    {
        int positions = first.Length / channels;
        for (int c = 0; c < channels; c++)
        {
            for (int p = 0; p < positions; p++)
                last[(p * channels) + c] = first[(c * positions) + p];
        }
    }

    /// <summary>[P, C] becomes [C, P].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToFirst(ReadOnlySpan<float> last, int channels, Span<float> first)
    {
        int positions = last.Length / channels;
        for (int c = 0; c < channels; c++)
        {
            for (int p = 0; p < positions; p++)
                first[(c * positions) + p] = last[(p * channels) + c];
        }
    }
}
