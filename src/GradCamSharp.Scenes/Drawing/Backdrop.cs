using GradCamSharp.Evaluation.Sampling;
using SkiaSharp;

namespace GradCamSharp.Scenes.Drawing;

/// <summary>Backgrounds in the unit square, from plaster and planks to leaves and pebbles; some are a wall above a floor.</summary>
internal static class Backdrop
{
    private static readonly SKRect Unit = SKRect.Create(1, 1);

    /// <summary>Draws a random background over the unit square.</summary>
    public static void Draw(SKCanvas canvas, SeededRandom random)
    {
        if (random.Chance(0.3f))
            Room(canvas, random);
        else
            One(canvas, random, Tint.Background(random));
    }

    private static void One(SKCanvas canvas, SeededRandom random, SKColor color)
    {
        Action<SKCanvas, SeededRandom, SKColor> draw = random.Pick<Action<SKCanvas, SeededRandom, SKColor>>(
            Smooth, Plaster, Stripes, Planks, Cloth, Plaid, Tiles, Leaves, Pebbles);
        draw(canvas, random, color);
    }

    private static void Room(SKCanvas canvas, SeededRandom random)
    {
        var horizon = random.Range(0.3f, 0.72f);
        var wall = Tint.Background(random);
        random.Pick<Action<SKCanvas, SeededRandom, SKColor>>(Smooth, Plaster, Stripes, Tiles, Leaves)(canvas, random, wall);
        canvas.Save();
        canvas.ClipRect(new SKRect(0, horizon, 1, 1), SKClipOperation.Intersect, antialias: true);
        canvas.Translate(0, horizon);
        var floor = random.Pick<Action<SKCanvas, SeededRandom, SKColor>>(Plaster, Planks, Cloth, Smooth, Pebbles);
        floor(canvas, random, Tint.Object(random, wall, 0.15f));
        using var shade = Between(SKPoint.Empty, new SKPoint(0, 0.12f), new SKColor(0, 0, 0, 120), SKColors.Transparent);
        using var paint = new SKPaint { Shader = shade };
        canvas.DrawRect(Unit, paint);
        canvas.Restore();
    }

    private static void Smooth(SKCanvas canvas, SeededRandom random, SKColor color)
    {
        using var shader = SKShader.CreateRadialGradient(new SKPoint(random.Next(), random.Next()), random.Range(0.7f, 1.3f),
            [Tint.Tone(color, 0.25f), color, Tint.Near(random, Tint.Tone(color, -0.35f), 0.3f)], null, SKShaderTileMode.Clamp);
        Cover(canvas, shader);
        Noise(canvas, random, 1.6f, 26);
    }

    private static void Plaster(SKCanvas canvas, SeededRandom random, SKColor color)
    {
        using var shader = Grain.Shader(Grain.Placement(random, random.Range(0.7f, 2.2f), random.Range(1, 2), random.Range(0, 180)),
            Tint.Tone(color, -0.35f), Tint.Near(random, Tint.Tone(color, 0.2f), 0.35f));
        Cover(canvas, shader);
        Noise(canvas, random, 0.3f, 40);
    }

    private static void Stripes(SKCanvas canvas, SeededRandom random, SKColor color)
    {
        var angle = random.Pick(0f, 90f, random.Range(0, 180)) * MathF.PI / 180;
        float period = random.Range(0.05f, 0.2f), share = random.Range(0.25f, 0.7f);
        var other = Tint.Near(random, color, 0.6f);
        using var shader = SKShader.CreateLinearGradient(SKPoint.Empty, new SKPoint(MathF.Cos(angle) * period, MathF.Sin(angle) * period),
            [color, color, other, other], [0, share - 0.02f, share + 0.02f, 1], SKShaderTileMode.Repeat);
        Cover(canvas, shader);
        Noise(canvas, random, 0.8f, 50);
    }

    private static void Planks(SKCanvas canvas, SeededRandom random, SKColor color)
    {
        bool upright = random.Chance(0.5f);
        if (upright)
            canvas.RotateDegrees(90, 0.5f, 0.5f);

        var height = random.Range(0.09f, 0.2f);
        using var seam = new SKPaint { Color = Tint.Tone(color, -0.7f), StrokeWidth = 0.006f, IsAntialias = true };
        for (var y = -random.Next() * height; y < 1; y += height)
        {
            var tone = Tint.Near(random, color, 0.18f);
            var grain = Grain.Placement(random, random.Range(0.25f, 0.45f), 8);
            using var wood = Grain.Shader(grain, Tint.Tone(tone, -0.3f), Tint.Tone(tone, 0.16f));
            using var paint = new SKPaint { Shader = wood };
            canvas.DrawRect(SKRect.Create(0, y, 1, height), paint);
            canvas.DrawLine(0, y, 1, y, seam);
            var joint = random.Next();
            canvas.DrawLine(joint, y, joint, y + height, seam);
        }

        if (upright)
            canvas.RotateDegrees(-90, 0.5f, 0.5f);
    }

    private static void Cloth(SKCanvas canvas, SeededRandom random, SKColor color)
    {
        var hang = Grain.Placement(random, random.Range(1, 2), random.Range(1.5f, 3), random.Range(0, 180));
        using var folds = Grain.Shader(hang, Tint.Tone(color, -0.3f), Tint.Tone(color, 0.18f));
        Cover(canvas, folds);
        var thread = random.Range(0.012f, 0.026f);
        Bars(canvas, thread, 0, new SKColor(0, 0, 0, 60));
        Bars(canvas, 0, thread, new SKColor(255, 255, 255, 50));
        Noise(canvas, random, 0.25f, 40);
    }

    private static void Plaid(SKCanvas canvas, SeededRandom random, SKColor color)
    {
        var angle = random.Chance(0.6f) ? 0 : random.Range(-45, 45);
        canvas.Save();
        canvas.RotateDegrees(angle, 0.5f, 0.5f);
        canvas.Scale(1.5f, 1.5f, 0.5f, 0.5f);
        using (var ground = new SKPaint { Color = color })
            canvas.DrawRect(Unit, ground);

        for (var band = 0; band < 3; band++)
        {
            var tone = Tint.Near(random, color, 0.8f).WithAlpha(110);
            float period = random.Range(0.14f, 0.3f);
            Bars(canvas, period, 0, tone, random.Range(0.15f, 0.5f));
            Bars(canvas, 0, period, tone, random.Range(0.15f, 0.5f));
        }

        canvas.Restore();
        Bars(canvas, 0.01f, 0.01f, new SKColor(0, 0, 0, 26));
        Noise(canvas, random, 1.2f, 60);
    }

    private static void Tiles(SKCanvas canvas, SeededRandom random, SKColor color)
    {
        float side = random.Range(0.11f, 0.26f), wide = side * random.Pick(1f, 1f, 2f), gap = side * 0.05f, shift = wide > side ? 0.5f : 0;
        using (var ground = new SKPaint { Color = Tint.Tone(color, random.Pick(-0.55f, 0.45f)) })
            canvas.DrawRect(Unit, ground);

        using var paint = new SKPaint { IsAntialias = true };
        var row = 0;
        for (var y = -side * random.Next(); y < 1; y += side, row++)
            for (var x = wide * ((row % 2 * shift) - 1); x < 1; x += wide)
            {
                var tone = Tint.Near(random, color, 0.12f);
                SKPoint from = new(x, y), to = new(x + wide, y + side);
                using var shader = Between(from, to, Tint.Tone(tone, 0.16f), Tint.Tone(tone, -0.14f));
                paint.Shader = shader;
                canvas.DrawRoundRect(SKRect.Create(x + gap, y + gap, wide - (2 * gap), side - (2 * gap)), gap, gap, paint);
            }

        Noise(canvas, random, 0.9f, 50);
    }

    private static void Leaves(SKCanvas canvas, SeededRandom random, SKColor color)
    {
        using (var ground = new SKPaint { Color = Tint.Tone(color, -0.65f) })
            canvas.DrawRect(Unit, ground);

        var size = random.Range(0.05f, 0.13f);
        var count = (int)MathF.Min(260, 2.6f / (size * size));
        using var paint = new SKPaint { IsAntialias = true };
        using var rib = new SKPaint { IsAntialias = true, StrokeWidth = 0.06f, Color = new SKColor(0, 0, 0, 60) };
        using var leaf = SKPath.ParseSvgPathData("M-1,0 C-0.5,-0.6 0.5,-0.55 1,0 C0.5,0.55 -0.5,0.6 -1,0 Z");
        for (var i = 0; i < count; i++)
        {
            var depth = (float)i / count;
            var tone = Tint.Tone(Tint.Near(random, color, 0.3f), (depth - 0.75f) * 0.7f);
            canvas.Save();
            canvas.Translate(random.Next(), random.Next());
            canvas.RotateDegrees(random.Range(0, 360));
            canvas.Scale(size * random.Range(0.6f, 1.2f));
            using var shader = Between(new SKPoint(0, -0.5f), new SKPoint(0, 0.5f), Tint.Tone(tone, 0.18f), Tint.Tone(tone, -0.22f));
            paint.Shader = shader;
            canvas.DrawPath(leaf, paint);
            canvas.DrawLine(-0.9f, 0, 0.9f, 0, rib);
            canvas.Restore();
        }
    }

    private static void Pebbles(SKCanvas canvas, SeededRandom random, SKColor color)
    {
        using (var ground = new SKPaint { Color = Tint.Tone(color, -0.6f) })
            canvas.DrawRect(Unit, ground);

        var step = random.Range(0.05f, 0.11f);
        using var paint = new SKPaint { IsAntialias = true };
        for (var y = 0f; y < 1 + step; y += step * 0.8f)
            for (var x = 0f; x < 1 + step; x += step)
            {
                canvas.Save();
                canvas.Translate(x + (random.Range(-0.35f, 0.35f) * step), y + (random.Range(-0.3f, 0.3f) * step));
                canvas.RotateDegrees(random.Range(-30, 30));
                canvas.Scale(step * random.Range(0.45f, 0.66f), step * random.Range(0.32f, 0.5f));
                var tone = Tint.Near(random, color, 0.25f);
                SKColor[] tones = [Tint.Tone(tone, 0.3f), tone, Tint.Tone(tone, -0.5f)];
                using var shader = SKShader.CreateRadialGradient(new SKPoint(-0.3f, -0.4f), 1.5f, tones, null, SKShaderTileMode.Clamp);
                paint.Shader = shader;
                canvas.DrawCircle(0, 0, 1, paint);
                canvas.Restore();
            }

        Noise(canvas, random, 0.5f, 40);
    }

    private static void Bars(SKCanvas canvas, float dx, float dy, SKColor color, float share = 0.5f)
    {
        using var shader = SKShader.CreateLinearGradient(SKPoint.Empty, new SKPoint(dx, dy),
            [color, color, color.WithAlpha(0), color.WithAlpha(0)], [0, share * 0.9f, share * 1.1f, 1], SKShaderTileMode.Repeat);
        Cover(canvas, shader);
    }

    private static void Noise(SKCanvas canvas, SeededRandom random, float size, byte strength)
    {
        var dark = new SKColor(0, 0, 0, (byte)(strength * 1.5f));
        using var shader = Grain.Shader(Grain.Placement(random, size), dark, dark.WithAlpha(0));
        Cover(canvas, shader);
    }

    private static SKShader Between(SKPoint from, SKPoint to, SKColor first, SKColor last) =>
        SKShader.CreateLinearGradient(from, to, [first, last], null, SKShaderTileMode.Clamp);

    private static void Cover(SKCanvas canvas, SKShader shader)
    {
        using var paint = new SKPaint { Shader = shader };
        canvas.DrawRect(Unit, paint);
    }
}
