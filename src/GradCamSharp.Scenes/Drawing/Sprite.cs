using SkiaSharp;

namespace GradCamSharp.Scenes.Drawing;

/// <summary>An object drawn, with its transparency: the pixels to lay on the picture, and the truth about where the object is.</summary>
/// <param name="bitmap">Premultiplied RGBA; the sprite owns it.</param>
internal sealed class Sprite(SKBitmap bitmap) : IDisposable
{
    /// <summary>A pixel belongs to the object from this opacity on: where it covers half of the pixel or more.</summary>
    private const byte Solid = 128;

    /// <summary>The drawn pixels.</summary>
    public SKBitmap Bitmap => bitmap;

    /// <summary>In pixels.</summary>
    public int Width => bitmap.Width;

    /// <summary>In pixels.</summary>
    public int Height => bitmap.Height;

    /// <summary>The number of pixels that belong to the object.</summary>
    public int Area()
    {
        var area = 0;
        var pixels = bitmap.GetPixelSpan();
        for (var i = 3; i < pixels.Length; i += 4)
            if (pixels[i] >= Solid)
                area++;

        return area;
    }

    /// <summary>Writes an id wherever the object, its corner at (left, top), covers the pixels of a square picture.</summary>
    public void Stamp(Span<byte> ids, int side, int left, int top, byte id)
    {
        var pixels = bitmap.GetPixelSpan();
        for (var y = Math.Max(0, -top); y < bitmap.Height && y + top < side; y++)
            for (var x = Math.Max(0, -left); x < bitmap.Width && x + left < side; x++)
                if (pixels[(y * bitmap.RowBytes) + (x * 4) + 3] >= Solid)
                    ids[((y + top) * side) + x + left] = id;
    }

    public void Dispose() => bitmap.Dispose();
}
