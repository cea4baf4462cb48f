using GradCamSharp.Imaging;
using GradCamSharp.Methods;

namespace GradCamSharp;

/// <summary>What a heat map shows of a map in pixel space.</summary>
public static class MapPlane
{
    /// <summary>[C, H, W] as [H, W]: shares of the score are summed over channels and shown where they are positive.</summary>
    /// <param name="method">The method.</param>
    /// <param name="raw">[C, H, W].</param>
    /// <param name="size">H and W.</param>
    public static float[] Of(ExplanationMethod method, ReadOnlySpan<float> raw, PixelSize size)
    {
        ArgumentNullException.ThrowIfNull(method);
        return method.IsAttribution ? Array.ConvertAll(SumOfChannels(raw, size), v => Math.Max(0, v)) : Rendering.Strength(raw, size);
    }

    /// <summary>[C, H, W] summed over C.</summary>
    /// <param name="raw">[C, H, W].</param>
    /// <param name="size">H and W.</param>
    public static float[] SumOfChannels(ReadOnlySpan<float> raw, PixelSize size)
    {
        float[] sum = new float[size.Width * size.Height];
        for (int i = 0; i < raw.Length; i++)
            sum[i % sum.Length] += raw[i];
        return sum;
    }
}
