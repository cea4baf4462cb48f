using GradCamSharp.Evaluation.Sampling;
using SkiaSharp;

namespace GradCamSharp.Scenes.Planting;

/// <summary>A mark that can be planted.</summary>
/// <param name="Name">What it is called in commands and files.</param>
/// <param name="Apply">Changes a square picture and returns one byte a pixel, row by row: 1 where the mark is seen, 0 elsewhere.</param>
internal sealed record Mark(string Name, Func<SKBitmap, SeededRandom, byte[]> Apply)
{
    /// <summary>The side of the picture, in the units that marks are drawn in.</summary>
    public const float Side = 160;

    // Of 255: fainter pixels at the rim of a line are not counted as the mark's.
    private const byte Seen = 40;

    /// <summary>A mark that is laid upon the picture.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="draw">Draws it on a canvas of <see cref="Side"/> units a side.</param>
    public static Mark Upon(string name, Action<SKCanvas, SeededRandom> draw) => new(name, (picture, random) =>
    {
        var side = picture.Width;
        using var layer = new SKBitmap(new SKImageInfo(side, side, SKColorType.Rgba8888, SKAlphaType.Premul));
        layer.Erase(SKColors.Transparent);
        using (var canvas = new SKCanvas(layer))
        {
            canvas.Scale(side / Side);
            draw(canvas, random);
        }

        using (var canvas = new SKCanvas(picture))
            canvas.DrawBitmap(layer, 0, 0, SKSamplingOptions.Default);

        var mask = new byte[side * side];
        var pixels = layer.GetPixelSpan();
        for (var i = 0; i < mask.Length; i++)
            mask[i] = pixels[(i * 4) + 3] >= Seen ? (byte)1 : (byte)0;
        return mask;
    });

    /// <summary>A mark that multiplies the colours of the whole picture, and is nowhere in particular.</summary>
    public static Mark Everywhere(string name, float red, float green, float blue) => new(name, (picture, _) =>
    {
        var pixels = picture.GetPixelSpan();
        for (var i = 0; i < pixels.Length; i += 4)
        {
            pixels[i] = (byte)Math.Min(255, MathF.Round(pixels[i] * red));
            pixels[i + 1] = (byte)Math.Min(255, MathF.Round(pixels[i + 1] * green));
            pixels[i + 2] = (byte)Math.Min(255, MathF.Round(pixels[i + 2] * blue));
        }

        var mask = new byte[picture.Width * picture.Height];
        Array.Fill(mask, (byte)1);
        return mask;
    });
}
