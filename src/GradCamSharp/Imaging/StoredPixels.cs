using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SkiaSharp;

namespace GradCamSharp.Imaging;

/// <summary>Turns pixels as a decoder leaves them into a picture as it is to be seen.</summary>
internal static class StoredPixels
{
    /// <summary>Turns RGBA as stored into RGB as it is to be seen.</summary>
    /// <param name="rgba">R, G, B, alpha of every pixel, rows without padding.</param>
    /// <param name="width">As stored.</param>
    /// <param name="height">As stored.</param>
    /// <param name="origin">Where the picture's first pixel is to be seen.</param>
    /// <param name="hasAlpha">Whether a pixel may be transparent; it lies on white then.</param>
    public static Picture Upright(ReadOnlySpan<byte> rgba, int width, int height, SKEncodedOrigin origin, bool hasAlpha)
    {
        // The stored pixel (x', y') that is seen at (x, y) lies at start + x * right + y * down.
        int last = (width * height) - 1, lastOfRow = width - 1, firstOfLastRow = last - lastOfRow;
        var (start, right, down, swap) = origin switch
        {
            SKEncodedOrigin.TopRight => (lastOfRow, -1, width, false),
            SKEncodedOrigin.BottomRight => (last, -1, -width, false),
            SKEncodedOrigin.BottomLeft => (firstOfLastRow, 1, -width, false),
            SKEncodedOrigin.LeftTop => (0, width, 1, true),
            SKEncodedOrigin.RightTop => (firstOfLastRow, -width, 1, true),
            SKEncodedOrigin.RightBottom => (last, -width, -1, true),
            SKEncodedOrigin.LeftBottom => (lastOfRow, width, -1, true),
            _ => (0, 1, width, false),
        };
        if (swap) (width, height) = (height, width);

        var pixels = GC.AllocateUninitializedArray<byte>(checked(width * height * 3));
        if ((start, right, down, hasAlpha) == (0, 1, width, false))
        {
            Pack(rgba, pixels);
            return new Picture(width, height, pixels);
        }

        var source = MemoryMarshal.Cast<byte, uint>(rgba);
        var p = 0;
        for (var y = 0; y < height; y++)
        {
            for (int x = 0, s = start + (y * down); x < width; x++, s += right, p += 3)
            {
                var c = source[s];
                var target = pixels.AsSpan(p, 3);
                (target[0], target[1], target[2]) = ((byte)c, (byte)(c >> 8), (byte)(c >> 16));
                if (hasAlpha && c < 0xFF000000) OnWhite(target, (int)(c >> 24));
            }
        }
        return new Picture(width, height, pixels);
    }

    /// <summary>RGB of RGBA, sixteen bytes at a time: nearly every photo comes this way.</summary>
    private static void Pack(ReadOnlySpan<byte> rgba, Span<byte> rgb)
    {
        var colours = Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 255, 255, 255, 255);
        int s = 0, t = 0;
        // What is stored beyond the four pixels is overwritten by the next.
        for (; t + 16 <= rgb.Length; s += 16, t += 12)
            Vector128.Shuffle(Vector128.Create(rgba.Slice(s, 16)), colours).CopyTo(rgb[t..]);
        for (; t < rgb.Length; s += 4, t += 3)
            rgba.Slice(s, 3).CopyTo(rgb[t..]);
    }

    private static void OnWhite(Span<byte> rgb, int alpha)
    {
        foreach (ref var v in rgb) v = (byte)(((v * alpha) + (255 * (255 - alpha)) + 127) / 255);
    }
}
