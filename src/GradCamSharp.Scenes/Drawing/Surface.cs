using GradCamSharp.Evaluation.Sampling;
using SkiaSharp;

namespace GradCamSharp.Scenes.Drawing;

/// <summary>What lies on a surface besides its colour.</summary>
internal enum Pattern
{
    Plain,
    Mottled,
    Grained,
    Striped,
    Checked,
    Dotted,
}

/// <summary>The material of a slot: a colour and a pattern. Lengths are in units of the object's longer side.</summary>
/// <param name="Color">The colour under white light.</param>
/// <param name="Pattern">What lies on it.</param>
/// <param name="Strength">How much the pattern changes the colour, 0 to 1.</param>
/// <param name="Period">The pattern's repeat.</param>
/// <param name="Angle">The pattern's direction in degrees.</param>
internal sealed record Surface(SKColor Color, Pattern Pattern, float Strength, float Period, float Angle)
{
    /// <summary>Three surfaces for one object, whatever it is, from one distribution; the first stands out from the background.</summary>
    public static Surface[] Three(SeededRandom random, SKColor background)
    {
        var primary = Tint.Object(random, background, 0.26f);
        var secondary = random.Chance(0.35f) ? Tint.Near(random, primary, 0.5f) : Tint.Object(random, background, 0.2f);
        var accent = Tint.Object(random, primary, 0.28f);
        return [Random(random, primary), Random(random, secondary), Random(random, accent)];
    }

    /// <summary>The pattern as a shader to paint over the shaded colour, or null for a plain surface.</summary>
    /// <param name="random">Where the pattern begins.</param>
    /// <param name="unit">The object's longer side, in the canvas's units.</param>
    public SKShader? Overlay(SeededRandom random, float unit)
    {
        var alpha = (byte)(Strength * 255);
        SKColor dark = new(0, 0, 0, alpha), clear = new(0, 0, 0, 0), light = new(255, 255, 255, (byte)(alpha * 0.8f));
        var period = Period * unit;
        var end = new SKPoint(period * MathF.Cos(Angle * MathF.PI / 180), period * MathF.Sin(Angle * MathF.PI / 180));
        switch (Pattern)
        {
            case Pattern.Mottled:
                return Grain.Shader(Grain.Placement(random, unit * 0.9f), dark, clear);
            case Pattern.Grained:
                return Grain.Shader(Grain.Placement(random, unit * 0.35f, 7, Angle), dark, clear);
            case Pattern.Striped:
                return Bars(end, dark, clear, 0.5f);
            case Pattern.Checked:
                using (var along = Bars(end, dark, clear, 0.5f))
                using (var across = Bars(new SKPoint(-end.Y, end.X), dark, clear, 0.5f))
                    return SKShader.CreateCompose(along, across, SKBlendMode.SrcOver);
            case Pattern.Dotted:
                return Dots(period, light, Angle);
            default:
                return null;
        }
    }

    private static Surface Random(SeededRandom random, SKColor color)
    {
        var pattern = random.Chance(0.4f) ? Pattern.Plain
            : random.Pick(
                Pattern.Mottled, Pattern.Mottled, Pattern.Grained, Pattern.Grained, Pattern.Striped, Pattern.Checked, Pattern.Dotted);
        var strength = pattern is Pattern.Striped or Pattern.Checked ? random.Range(0.1f, 0.32f) : random.Range(0.25f, 0.6f);
        return new Surface(color, pattern, strength, random.Range(0.06f, 0.16f), random.Range(0, 180));
    }

    private static SKShader Bars(SKPoint end, SKColor bar, SKColor gap, float share) => SKShader.CreateLinearGradient(
        SKPoint.Empty, end, [bar, bar, gap, gap], [0, share - 0.04f, share + 0.04f, 1], SKShaderTileMode.Repeat);

    private static SKShader Dots(float period, SKColor dot, float angle)
    {
        const int cell = 32;
        using var recorder = new SKPictureRecorder();
        using (var canvas = recorder.BeginRecording(SKRect.Create(cell, cell)))
        using (var paint = new SKPaint { Color = dot, IsAntialias = true })
            canvas.DrawCircle(cell / 2f, cell / 2f, cell * 0.27f, paint);

        using var picture = recorder.EndRecording();
        var place = SKMatrix.CreateScale(period / cell, period / cell).PostConcat(SKMatrix.CreateRotationDegrees(angle));
        const SKShaderTileMode repeat = SKShaderTileMode.Repeat;
        return SKShader.CreatePicture(picture, repeat, repeat, SKFilterMode.Linear, place, SKRect.Create(cell, cell));
    }
}
