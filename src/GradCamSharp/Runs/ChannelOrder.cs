namespace GradCamSharp.Runs;

/// <summary>Inputs with their channels first, and last.</summary>
internal static class ChannelOrder
{
    /// <summary>[C, P] becomes [P, C].</summary>
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
