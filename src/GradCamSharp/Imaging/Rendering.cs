using System.Numerics.Tensors;

namespace GradCamSharp.Imaging;

/// <summary>Draws maps: on the picture, alone, as a mask; and gradients at the input.</summary>
public static class Rendering
{
    // How much of a picture is taken away under single pixels' strengths, at full opacity.
    private const float Darkening = 0.8f;

    /// <summary>
    /// The map on the original picture: hue shows the strength, and so does opacity, so that what has no evidence stays visible. Where a
    /// crop cut the picture, the part that the network sees is framed, and the rest is grey. Signed maps have two colours around 0; single
    /// pixels lie on a darkened picture, or they would be dots that nobody sees.
    /// </summary>
    /// <param name="picture">The original picture, of the map's size.</param>
    /// <param name="map">The map.</param>
    /// <param name="colors">The colours; null for turbo. Signed maps have their own.</param>
    /// <param name="opacity">The opacity of the strongest evidence, 0 to 1.</param>
    public static Picture Overlay(Picture picture, HeatMap map, ColorMap? colors = null, float opacity = 0.75f)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(map);
        colors ??= ColorMap.Turbo;
        Check(picture, map);
        // A colour and its opacity for every level: 256 levels are all that 8 bits can show.
        var opacities = new int[256];
        for (int level = 0; level < opacities.Length; level++)
        {
            // Faint evidence fades out; from half strength on the colour is at its full opacity.
            float t = Math.Min(level / 127.5f, 1);
            opacities[level] = (int)((Math.Clamp(opacity, 0, 1) * t * t * (3 - (2 * t)) * 256) + 0.5f);
        }

        bool isSigned = map.Kind == HeatMapKind.Signed;
        var table = (isSigned ? ColorMap.BlueRed : colors).Table;
        var source = picture.Pixels;
        byte[] pixels = new byte[source.Length];
        var values = isSigned ? map.Signed : map.Values;
        // Of 256: all of the picture, but of what lies under single pixels.
        int kept = map.Kind == HeatMapKind.Pixels ? (int)(((1 - (Darkening * Math.Clamp(opacity, 0, 1))) * 256) + 0.5f) : 256;
        for (int i = 0, p = 0; i < values.Length; i++, p += 3)
        {
            int level = LevelOf(values[i], map), a = opacities[isSigned ? ColorMap.Level(Math.Abs(values[i])) : level];
            var above = table.Slice(3 * level, 3);
            for (int c = 0; c < 3; c++)
            {
                int below = ((source[p + c] * kept) + 128) >> 8;
                pixels[p + c] = (byte)(below + ((((above[c] - below) * a) + 128) >> 8));
            }
        }

        FrameSeen(pixels, source, map);
        return new Picture(picture.Width, picture.Height, pixels);
    }

    /// <summary>The map without the picture, in colours; grey where the network does not look.</summary>
    /// <param name="map">The map.</param>
    /// <param name="colors">The colours; null for turbo.</param>
    public static Picture DrawMap(HeatMap map, ColorMap? colors = null)
    {
        ArgumentNullException.ThrowIfNull(map);
        bool isSigned = map.Kind == HeatMapKind.Signed;
        var table = (isSigned ? ColorMap.BlueRed : colors ?? ColorMap.Turbo).Table;
        var values = isSigned ? map.Signed : map.Values;
        byte[] pixels = new byte[values.Length * 3];
        for (int i = 0, p = 0; i < values.Length; i++, p += 3)
            table.Slice(3 * LevelOf(values[i], map), 3).CopyTo(pixels.AsSpan(p));
        FrameSeen(pixels, [], map);
        return new Picture(map.Size.Width, map.Size.Height, pixels);
    }

    /// <summary>The explanation map E = L o I (Eq. 11) on the original picture: black where there is no evidence.</summary>
    public static Picture Masked(Picture picture, HeatMap map)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(map);
        Check(picture, map);
        var source = picture.Pixels;
        var values = map.Values;
        byte[] pixels = new byte[source.Length];
        for (int i = 0, p = 0; i < values.Length; i++, p += 3)
        {
            float value = values[i];
            pixels[p] = (byte)((source[p] * value) + 0.5f);
            pixels[p + 1] = (byte)((source[p + 1] * value) + 0.5f);
            pixels[p + 2] = (byte)((source[p + 2] * value) + 0.5f);
        }

        return new Picture(picture.Width, picture.Height, pixels);
    }

    /// <summary>A picture with boxes drawn on it: a line of the colour within a dark one, so that it is seen on any ground.</summary>
    /// <param name="picture">The picture; not changed.</param>
    /// <param name="boxes">The boxes, in its pixels, and their colours; a later one lies over an earlier one.</param>
    public static Picture WithBoxes(Picture picture, IEnumerable<(PixelBox Box, (byte R, byte G, byte B) Color)> boxes)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(boxes);
        byte[] pixels = picture.Pixels.ToArray();
        int line = Math.Max(1, Math.Min(picture.Width, picture.Height) / 200);
        foreach (var (box, color) in boxes)
        {
            Outline(box.X - 1, box.Y - 1, box.X + box.Width, box.Y + box.Height, line + 2, (20, 20, 20));
            Outline(box.X, box.Y, box.X + box.Width - 1, box.Y + box.Height - 1, line, color);
        }

        return new Picture(picture.Width, picture.Height, pixels);

        void Outline(int left, int top, int right, int bottom, int width, (byte R, byte G, byte B) color)
        {
            Fill(left, top, right, top + width - 1, color);
            Fill(left, bottom - width + 1, right, bottom, color);
            Fill(left, top, left + width - 1, bottom, color);
            Fill(right - width + 1, top, right, bottom, color);
        }

        void Fill(int left, int top, int right, int bottom, (byte R, byte G, byte B) color)
        {
            for (int y = Math.Max(0, top); y <= Math.Min(bottom, picture.Height - 1); y++)
            {
                for (int x = Math.Max(0, left); x <= Math.Min(right, picture.Width - 1); x++)
                {
                    int p = 3 * ((y * picture.Width) + x);
                    (pixels[p], pixels[p + 1], pixels[p + 2]) = color;
                }
            }
        }
    }

    /// <summary>A signed gradient at the network's input as a picture: grey is 0, brighter is positive, each colour its channel.</summary>
    /// <param name="gradient">[C, H, W] with C 1 or 3, in the network's order of channels.</param>
    /// <param name="size">H and W.</param>
    /// <param name="isBgr">Whether blue comes first.</param>
    /// <param name="share">
    /// The share of the values, by magnitude, that black to white spans. Gradients have few single peaks: with all of them (1) the rest is
    /// grey.
    /// </param>
    public static Picture Signed(ReadOnlySpan<float> gradient, PixelSize size, bool isBgr, double share = 0.995)
    {
        int count = size.Width * size.Height;
        int channels = gradient.Length / count;
        if (channels is not (1 or 3) || gradient.Length != channels * count)
            throw new ArgumentException($"{size} pixels have {count} or {3 * count} gradients, not {gradient.Length}.", nameof(gradient));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        float[] magnitudes = new float[gradient.Length];
        TensorPrimitives.Abs(gradient, magnitudes);
        Array.Sort(magnitudes);
        float largest = magnitudes[Math.Max((int)Math.Ceiling(share * magnitudes.Length) - 1, 0)];
        largest = largest > 0 ? largest : magnitudes[^1];
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

    /// <summary>Signed shares as a picture in two colours: white is 0, red speaks for, blue against.</summary>
    /// <param name="shares">[H, W].</param>
    /// <param name="size">H and W.</param>
    /// <param name="share">The share of the values, by magnitude, that the full colours stand for; the rest is as strong.</param>
    public static Picture TwoColors(ReadOnlySpan<float> shares, PixelSize size, double share = 0.995)
    {
        if (shares.Length != size.Width * size.Height)
            throw new ArgumentException($"{size} pixels have {size.Width * size.Height} shares, not {shares.Length}.", nameof(shares));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        float[] magnitudes = new float[shares.Length];
        TensorPrimitives.Abs(shares, magnitudes);
        Array.Sort(magnitudes);
        float largest = magnitudes[Math.Max((int)Math.Ceiling(share * magnitudes.Length) - 1, 0)];
        largest = largest > 0 ? largest : magnitudes[^1];
        byte[] pixels = new byte[shares.Length * 3];
        for (int i = 0; i < shares.Length; i++)
        {
            float strength = largest > 0 ? Math.Clamp(shares[i] / largest, -1, 1) : 0;
            var (r, g, b) = strength < 0 ? (0.02f, 0.19f, 0.58f) : (0.62f, 0.01f, 0.10f);
            float part = MathF.Sqrt(Math.Abs(strength));
            pixels[3 * i] = Mixed(r, part);
            pixels[(3 * i) + 1] = Mixed(g, part);
            pixels[(3 * i) + 2] = Mixed(b, part);
        }

        return new Picture(size.Width, size.Height, pixels);

        static byte Mixed(float color, float part) => (byte)((255 * (1 - (part * (1 - color)))) + 0.5f);
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

    // What the network does not see is neither for nor against a class: pale and grey, as the page draws it, beyond a white line.
    private static void FrameSeen(Span<byte> pixels, ReadOnlySpan<byte> picture, HeatMap map)
    {
        const float Pale = 0.55f, Middle = 128;
        if (map.Seen is not { } seen)
            return;
        int line = Math.Max(1, Math.Min(map.Size.Width, map.Size.Height) / 250);
        for (int y = 0, p = 0; y < map.Size.Height; y++)
        {
            for (int x = 0; x < map.Size.Width; x++, p += 3)
            {
                int beyond = Math.Max(
                    Math.Max(seen.X - x, x - (seen.X + seen.Width - 1)), Math.Max(seen.Y - y, y - (seen.Y + seen.Height - 1)));
                if (beyond <= 0)
                    continue;
                float luma = picture.IsEmpty ? Middle : (0.299f * picture[p]) + (0.587f * picture[p + 1]) + (0.114f * picture[p + 2]);
                pixels.Slice(p, 3).Fill(beyond <= line ? byte.MaxValue : (byte)(Middle + ((luma - Middle) * Pale) + 0.5f));
            }
        }
    }

    /// <summary>The colour of a value, 0 to 255; of a signed one that of 0 lies in the middle.</summary>
    private static int LevelOf(float value, HeatMap map) =>
        ColorMap.Level(map.Kind == HeatMapKind.Signed ? (value + 1) / 2 : map.Full < 1 ? value / map.Full : value);

    private static void Check(Picture picture, HeatMap map)
    {
        if (picture.Size != map.Size)
            throw new ArgumentException($"The map belongs to a picture of {map.Size} pixels, not of {picture.Size}.", nameof(map));
    }
}
