using GradCamSharp.Evaluation.Sampling;
using SkiaSharp;

namespace GradCamSharp.Scenes.Drawing;

/// <summary>Random colours, and how light changes them.</summary>
internal static class Tint
{
    /// <summary>A colour for an object: any hue, from pale to deep; one in five is almost grey.</summary>
    public static SKColor Object(SeededRandom random)
    {
        var saturation = random.Chance(0.2f) ? random.Range(0, 12) : random.Range(25, 92);
        return SKColor.FromHsv(random.Range(0, 360), saturation, random.Range(28, 96));
    }

    /// <summary>A colour for an object that stands out from <paramref name="other"/>.</summary>
    public static SKColor Object(SeededRandom random, SKColor other, float distance)
    {
        var best = Object(random);
        for (var attempt = 0; attempt < 12 && Distance(best, other) < distance; attempt++)
        {
            var next = Object(random);
            if (Distance(next, other) > Distance(best, other))
                best = next;
        }

        return best;
    }

    /// <summary>A colour for a background, calmer than an object's.</summary>
    public static SKColor Background(SeededRandom random) =>
        SKColor.FromHsv(random.Range(0, 360), random.Range(4, 58), random.Range(34, 100));

    /// <summary>A colour near <paramref name="color"/>.</summary>
    public static SKColor Near(SeededRandom random, SKColor color, float spread)
    {
        color.ToHsv(out var h, out var s, out var v);
        return SKColor.FromHsv(
            (h + random.Range(-60 * spread, 60 * spread) + 360) % 360,
            Math.Clamp(s + random.Range(-45 * spread, 45 * spread), 0, 100),
            Math.Clamp(v + random.Range(-60 * spread, 60 * spread), 4, 100));
    }

    /// <summary>Towards white for a positive <paramref name="amount"/> (to 1), towards black for a negative one (to -1).</summary>
    public static SKColor Tone(SKColor color, float amount) =>
        Mix(color, amount > 0 ? SKColors.White : new SKColor(8, 6, 12), MathF.Min(MathF.Abs(amount), 1));

    /// <summary>The colour that lies <paramref name="share"/> of the way from one to the other.</summary>
    public static SKColor Mix(SKColor from, SKColor to, float share)
    {
        byte Blend(byte a, byte b) => (byte)MathF.Round(a + ((b - a) * share));
        return new SKColor(Blend(from.Red, to.Red), Blend(from.Green, to.Green), Blend(from.Blue, to.Blue));
    }

    /// <summary>Distance in RGB with the weights of luma, 0 to 1.</summary>
    public static float Distance(SKColor a, SKColor b)
    {
        float r = a.Red - b.Red, g = a.Green - b.Green, blue = a.Blue - b.Blue;
        return MathF.Sqrt((0.299f * r * r) + (0.587f * g * g) + (0.114f * blue * blue)) / 255;
    }
}
