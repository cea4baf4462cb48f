using GradCamSharp.Evaluation.Sampling;
using SkiaSharp;

namespace GradCamSharp.Scenes.Drawing;

/// <summary>How large an object is, and how it is turned.</summary>
/// <param name="Size">The longer side of its bounding box, in pixels.</param>
/// <param name="Degrees">Its turn, clockwise.</param>
/// <param name="Mirror">-1 where it is mirrored left to right, else 1.</param>
/// <param name="Skew">Its slant.</param>
/// <param name="Squash">Its height over its true height.</param>
internal sealed record Pose(float Size, float Degrees, float Mirror, float Skew, float Squash);

/// <summary>Paints figures: colour, shading by one light, pattern, soft edges.</summary>
internal static class FigurePainter
{
    /// <summary>Paints a figure on a transparent ground of its own, one pixel wider all round.</summary>
    /// <param name="figure">What to paint.</param>
    /// <param name="surfaces">One material a <see cref="Slot"/>.</param>
    /// <param name="pose">How large, and how turned.</param>
    /// <param name="light">The direction to the light in the picture, of length 1.</param>
    /// <param name="random">Where patterns begin.</param>
    public static Sprite Paint(Figure figure, Surface[] surfaces, Pose pose, SKPoint light, SeededRandom random)
    {
        var turn = SKMatrix.CreateScale(pose.Mirror, pose.Squash)
            .PostConcat(SKMatrix.CreateSkew(pose.Skew, 0))
            .PostConcat(SKMatrix.CreateRotationDegrees(pose.Degrees));
        var extent = figure.Bounds(turn);
        var scale = pose.Size / Math.Max(extent.Width, extent.Height);
        var place = turn.PostConcat(SKMatrix.CreateScale(scale, scale))
            .PostConcat(SKMatrix.CreateTranslation(1 - (extent.Left * scale), 1 - (extent.Top * scale)));

        int width = (int)MathF.Ceiling(extent.Width * scale) + 2, height = (int)MathF.Ceiling(extent.Height * scale) + 2;
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul));
        bitmap.Erase(SKColors.Transparent);
        using var canvas = new SKCanvas(bitmap);
        canvas.Concat(place);

        var toLight = turn.Invert().MapVector(light.X, light.Y);
        var length = MathF.Max(1e-3f, MathF.Sqrt((toLight.X * toLight.X) + (toLight.Y * toLight.Y)));
        toLight = new SKPoint(toLight.X / length, toLight.Y / length);
        var unit = pose.Size / scale;
        foreach (var part in figure.Parts)
            Paint(canvas, part, surfaces[(int)part.Slot], toLight, unit, random);

        return new Sprite(bitmap);
    }

    private static void Paint(SKCanvas canvas, Part part, Surface surface, SKPoint light, float unit, SeededRandom random)
    {
        var bounds = part.Path.TightBounds;
        using var paint = new SKPaint { IsAntialias = true, Shader = Shade(part, bounds, Tint.Tone(surface.Color, part.Tone), light) };
        canvas.DrawPath(part.Path, paint);
        paint.Shader.Dispose();

        var thickness = MathF.Min(bounds.Width, bounds.Height);
        if (thickness < unit * 0.03f)
            return;

        // What follows changes colour alone: the opacity that says where the object is stays the outline's.
        paint.BlendMode = SKBlendMode.SrcATop;
        canvas.Save();
        canvas.ClipPath(part.Path, SKClipOperation.Intersect, antialias: true);
        if (MathF.Abs(part.Tone) < 0.5f && surface.Overlay(random, unit) is { } overlay)
        {
            paint.Shader = overlay;
            canvas.DrawRect(bounds, paint);
            overlay.Dispose();
        }

        Bevel(canvas, part.Path, light, MathF.Min(unit * 0.028f, thickness * 0.22f));
        canvas.Restore();
    }

    // Light on the edge that faces it, shade on the other: a blurred outline, moved along the light, inside the part.
    private static void Bevel(SKCanvas canvas, SKPath path, SKPoint light, float width)
    {
        using var blur = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, width * 0.55f, respectCTM: true);
        using var edge = new SKPaint
        {
            IsAntialias = true,
            Style = SKPaintStyle.Stroke,
            StrokeWidth = width * 2,
            MaskFilter = blur,
            BlendMode = SKBlendMode.SrcATop,
        };
        canvas.Save();
        canvas.Translate(light.X * width * 0.75f, light.Y * width * 0.75f);
        edge.Color = new SKColor(0, 0, 0, 105);
        canvas.DrawPath(path, edge);
        canvas.Restore();
        canvas.Save();
        canvas.Translate(-light.X * width * 0.9f, -light.Y * width * 0.9f);
        edge.Color = new SKColor(255, 255, 255, 85);
        edge.StrokeWidth = width * 1.1f;
        canvas.DrawPath(path, edge);
        canvas.Restore();
    }

    private static SKShader Shade(Part part, SKRect bounds, SKColor color, SKPoint light)
    {
        SKColor bright = Tint.Tone(color, 0.28f), dim = Tint.Tone(color, -0.22f), dark = Tint.Tone(color, -0.5f);
        var reach = Math.Max(bounds.Width, bounds.Height) / 2;
        switch (part.Form)
        {
            case Form.Upright:
                var (fromLeft, lit) = (light.X < 0, 0.5f + (light.X * 0.24f));
                SKColor[] tones = [fromLeft ? dim : dark, bright, color, fromLeft ? dark : dim];
                return SKShader.CreateLinearGradient(new SKPoint(bounds.Left, 0), new SKPoint(bounds.Right, 0),
                    tones, [0, lit, fromLeft ? 0.7f : 0.9f, 1], SKShaderTileMode.Clamp);
            case Form.Lying:
                return SKShader.CreateLinearGradient(new SKPoint(0, bounds.Top), new SKPoint(0, bounds.Bottom),
                    [color, bright, color, dark], [0, 0.5f + (light.Y * 0.2f), 0.62f, 1], SKShaderTileMode.Clamp);
            case Form.Ball:
                var spot = new SKPoint(bounds.MidX + (light.X * bounds.Width * 0.22f), bounds.MidY + (light.Y * bounds.Height * 0.24f));
                return SKShader.CreateRadialGradient(spot, reach * 1.35f,
                    [Tint.Tone(color, 0.42f), color, dim, dark], [0, 0.42f, 0.72f, 1], SKShaderTileMode.Clamp);
            default:
                return SKShader.CreateLinearGradient(
                    new SKPoint(bounds.MidX + (light.X * reach), bounds.MidY + (light.Y * reach)),
                    new SKPoint(bounds.MidX - (light.X * reach), bounds.MidY - (light.Y * reach)),
                    [Tint.Tone(color, 0.14f), Tint.Tone(color, -0.16f)], null, SKShaderTileMode.Clamp);
        }
    }
}
