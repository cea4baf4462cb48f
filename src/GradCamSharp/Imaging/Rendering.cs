using System.Numerics.Tensors;

namespace GradCamSharp.Imaging;

/// <summary>Draws maps: on the picture, alone, as a mask; and gradients at the input.</summary>
public static class Rendering
{
    /// <summary>The map on the original picture: hue shows the strength, and so does opacity, so that what has no evidence stays visible.</summary>
    /// <param name="picture">The original picture, of the map's size.</param>
    /// <param name="map">The map.</param>
    /// <param name="colors">The colours; null for turbo.</param>
    /// <param name="opacity">The opacity of the strongest evidence, 0 to 1.</param>
    public static Picture Overlay(Picture picture, HeatMap map, ColorMap? colors = null, float opacity = 0.75f)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(map);
        colors ??= ColorMap.Turbo;
        var source = picture.Pixels;
        byte[] pixels = new byte[source.Length];
        var values = map.Values;
        for (int i = 0, p = 0; i < values.Length; i++, p += 3)
        {
            float v = values[i];
            // Faint evidence fades out; from half strength on the colour is at its full opacity.
            float t = Math.Clamp(v * 2, 0, 1);
            float a = opacity * t * t * (3 - (2 * t));
            var (r, g, b) = colors[v];
            pixels[p] = Blend(source[p], r, a);
            pixels[p + 1] = Blend(source[p + 1], g, a);
            pixels[p + 2] = Blend(source[p + 2], b, a);
        }

        return new Picture(picture.Width, picture.Height, pixels);
    }

    /// <summary>The map alone, in colours.</summary>
    public static Picture Alone(HeatMap map, ColorMap? colors = null)
    {
        ArgumentNullException.ThrowIfNull(map);
        colors ??= ColorMap.Turbo;
        var values = map.Values;
        byte[] pixels = new byte[values.Length * 3];
        for (int i = 0, p = 0; i < values.Length; i++, p += 3)
            (pixels[p], pixels[p + 1], pixels[p + 2]) = colors[values[i]];
        return new Picture(map.Size.Width, map.Size.Height, pixels);
    }

    /// <summary>The explanation map E = L o I (Eq. 11) on the original picture: black where there is no evidence.</summary>
    public static Picture Masked(Picture picture, HeatMap map)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(map);
        var source = picture.Pixels;
        byte[] pixels = new byte[source.Length];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)((source[i] * map.Values[i / 3]) + 0.5f);
        return new Picture(picture.Width, picture.Height, pixels);
    }

    /// <summary>A signed gradient at the network's input as a picture: grey is 0, brighter is positive, each colour its channel.</summary>
    /// <param name="gradient">[C, H, W] with C 1 or 3, in the network's order of channels.</param>
    /// <param name="size">H and W.</param>
    /// <param name="isBgr">Whether blue comes first.</param>
    public static Picture Signed(ReadOnlySpan<float> gradient, PixelSize size, bool isBgr)
    {
        int count = size.Width * size.Height;
        int channels = gradient.Length / count;
        float largest = MathF.Abs(TensorPrimitives.MaxMagnitude(gradient));
        float scale = largest > 0 ? 127.5f / largest : 0;
        byte[] pixels = new byte[count * 3];
        for (int c = 0; c < 3; c++)
        {
            var plane = gradient.Slice((channels == 1 ? 0 : isBgr ? 2 - c : c) * count, count);
            for (int i = 0; i < count; i++)
                pixels[(3 * i) + c] = (byte)Math.Clamp(127.5f + (plane[i] * scale) + 0.5f, 0, 255);
        }

        return new Picture(size.Width, size.Height, pixels);
    }

    /// <summary>A gradient's strength: the absolute value, the maximum over channels; [C, H, W] gives [H, W].</summary>
    public static float[] Strength(ReadOnlySpan<float> gradient, PixelSize size)
    {
        int count = size.Width * size.Height;
        float[] strength = new float[count];
        float[] magnitude = new float[count];
        for (int at = 0; at + count <= gradient.Length; at += count)
        {
            TensorPrimitives.Abs(gradient.Slice(at, count), magnitude);
            TensorPrimitives.Max(strength, magnitude, strength);
        }

        return strength;
    }

    private static byte Blend(byte below, byte above, float opacity) => (byte)(below + ((above - below) * opacity) + 0.5f);
}
