using GradCamSharp.Evaluation.Sampling;
using SkiaSharp;

namespace GradCamSharp.Scenes.Drawing;

/// <summary>Noise, from one tile that repeats without a seam: what makes surfaces look like plaster, wood, stone or cloth.</summary>
internal static class Grain
{
    /// <summary>The side of the tile in pixels.</summary>
    public const int Side = 256;

    private static readonly Lazy<SKImage> Tile = new(Render);

    /// <summary>A shader of the noise between two colours; <paramref name="placement"/> maps the tile's pixels to the canvas.</summary>
    public static SKShader Shader(SKMatrix placement, SKColor dark, SKColor light)
    {
        var linear = new SKSamplingOptions(SKFilterMode.Linear);
        using var tile = Tile.Value.ToShader(SKShaderTileMode.Repeat, SKShaderTileMode.Repeat, linear, placement);
        using var map = SKColorFilter.CreateColorMatrix(
        [
            (light.Red - dark.Red) / 255f, 0, 0, 0, dark.Red / 255f,
            (light.Green - dark.Green) / 255f, 0, 0, 0, dark.Green / 255f,
            (light.Blue - dark.Blue) / 255f, 0, 0, 0, dark.Blue / 255f,
            (light.Alpha - dark.Alpha) / 255f, 0, 0, 0, dark.Alpha / 255f,
        ]);
        return tile.WithColorFilter(map);
    }

    /// <summary>A random placement: the tile covers <paramref name="size"/> units, along one axis stretched.</summary>
    public static SKMatrix Placement(SeededRandom random, float size, float stretch = 1, float degrees = 0) =>
        SKMatrix.CreateScale(size * stretch / Side, size / Side)
            .PostConcat(SKMatrix.CreateTranslation(random.Range(0, size * stretch), random.Range(0, size)))
            .PostConcat(SKMatrix.CreateRotationDegrees(degrees));

    // Value noise of six octaves with a smoothstep between lattice points, stretched to the full range.
    private static SKImage Render()
    {
        var random = new SeededRandom(seed: 0, stream: 0, purpose: 99);
        var sum = new float[Side * Side];
        for (int cells = 4, octave = 0; octave < 6; octave++, cells *= 2)
            AddOctave(sum, random, cells, MathF.Pow(0.62f, octave));

        float low = sum.Min(), high = sum.Max();
        using var bitmap = new SKBitmap(new SKImageInfo(Side, Side, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var pixels = bitmap.GetPixelSpan();
        for (var i = 0; i < sum.Length; i++)
        {
            var value = (byte)MathF.Round((sum[i] - low) / (high - low) * 255);
            pixels[(i * 4)..((i * 4) + 3)].Fill(value);
            pixels[(i * 4) + 3] = 255;
        }

        return SKImage.FromBitmap(bitmap);
    }

    private static void AddOctave(float[] sum, SeededRandom random, int cells, float weight)
    {
        var lattice = new float[cells * cells];
        for (var i = 0; i < lattice.Length; i++)
            lattice[i] = random.Next();

        for (var y = 0; y < Side; y++)
        {
            var (top, below, v) = Cell(y, cells);
            for (var x = 0; x < Side; x++)
            {
                var (left, right, u) = Cell(x, cells);
                var above = float.Lerp(lattice[(top * cells) + left], lattice[(top * cells) + right], u);
                var under = float.Lerp(lattice[(below * cells) + left], lattice[(below * cells) + right], u);
                sum[(y * Side) + x] += weight * float.Lerp(above, under, v);
            }
        }
    }

    private static (int First, int Second, float Share) Cell(int pixel, int cells)
    {
        var at = (float)pixel * cells / Side;
        var first = (int)at;
        var t = at - first;
        return (first, (first + 1) % cells, t * t * (3 - (2 * t)));
    }
}
