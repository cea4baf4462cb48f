using GradCamSharp.Evaluation.Sampling;
using SkiaSharp;

namespace GradCamSharp.Scenes.Drawing;

/// <summary>A picture in the making: its pixels, and which object each of them shows.</summary>
internal sealed class Stage : IDisposable
{
    private readonly SKBitmap picture;
    private readonly SKCanvas canvas;
    private readonly SKPaint shadow;
    private readonly List<(string Class, int Area, int Inside)> actors = [];
    private byte[] ids;
    private byte[] trial;

    /// <summary>Sets the light's direction, and how long and how soft shadows are.</summary>
    /// <param name="picture">The square picture, the background already on it. The caller owns it.</param>
    /// <param name="canvas">The picture's canvas. The caller owns it.</param>
    /// <param name="random">Where the light comes from.</param>
    public Stage(SKBitmap picture, SKCanvas canvas, SeededRandom random)
    {
        (this.picture, this.canvas) = (picture, canvas);
        ids = new byte[Side * Side];
        trial = new byte[Side * Side];
        var angle = random.Range(-160, -20) * MathF.PI / 180;
        Light = new SKPoint(MathF.Cos(angle), MathF.Sin(angle));
        float length = random.Range(0.008f, 0.035f) * Side, blur = random.Range(0.005f, 0.016f) * Side;
        var shade = new SKColor(0, 0, 0, (byte)random.Range(90, 170));
        shadow = new SKPaint { ImageFilter = SKImageFilter.CreateDropShadowOnly(-Light.X * length, -Light.Y * length, blur, blur, shade) };
    }

    /// <summary>Width and height in pixels.</summary>
    public int Side => picture.Width;

    /// <summary>The direction to the light, of length 1; it comes from above.</summary>
    public SKPoint Light { get; }

    /// <summary>One byte a pixel: 0, or the object's number from 1.</summary>
    public byte[] ObjectIds => ids;

    /// <summary>The mean colour of what is on stage.</summary>
    public SKColor MeanColor()
    {
        const int steps = 12;
        int r = 0, g = 0, b = 0;
        for (var i = 0; i < steps * steps; i++)
        {
            var color = picture.GetPixel((i % steps * 2 + 1) * Side / (2 * steps), (i / steps * 2 + 1) * Side / (2 * steps));
            r += color.Red;
            g += color.Green;
            b += color.Blue;
        }

        return new SKColor((byte)(r / (steps * steps)), (byte)(g / (steps * steps)), (byte)(b / (steps * steps)));
    }

    /// <summary>Draws a sprite and its shadow.</summary>
    public void Draw(Sprite sprite, int left, int top)
    {
        canvas.DrawBitmap(sprite.Bitmap, left, top, SKSamplingOptions.Default, shadow);
        canvas.DrawBitmap(sprite.Bitmap, left, top, SKSamplingOptions.Default);
    }

    /// <summary>Draws an object if enough of it and of all that stand behind it stays visible; else changes nothing.</summary>
    /// <param name="name">The object's class.</param>
    /// <param name="sprite">The object.</param>
    /// <param name="left">The column of its first column.</param>
    /// <param name="top">The row of its first row.</param>
    /// <param name="leastVisible">The share of its own pixels that has to be seen, and of every other's that still has to be.</param>
    /// <param name="leastSide">The pixels that the longer side of every visible box has to have.</param>
    public bool TryAdd(string name, Sprite sprite, int left, int top, float leastVisible, float leastSide)
    {
        ids.CopyTo(trial, 0);
        sprite.Stamp(trial, Side, left, top, (byte)(actors.Count + 1));
        var before = Measure(ids, actors.Count);
        var after = Measure(trial, actors.Count + 1);
        var area = sprite.Area();
        if (after[^1].Pixels < area * leastVisible || after[^1].LongerSide < leastSide)
            return false;

        for (var i = 0; i < actors.Count; i++)
            if (after[i].Pixels < MathF.Min(before[i].Pixels, actors[i].Area * leastVisible) || after[i].LongerSide < leastSide)
                return false;

        (ids, trial) = (trial, ids);
        actors.Add((name, area, after[^1].Pixels));
        Draw(sprite, left, top);
        return true;
    }

    /// <summary>The objects as they are seen now.</summary>
    public StagedObject[] Objects()
    {
        var seen = Measure(ids, actors.Count);
        return [.. actors.Select((actor, i) => new StagedObject(
            actor.Class,
            (seen[i].Left, seen[i].Top, seen[i].Right + 1 - seen[i].Left, seen[i].Bottom + 1 - seen[i].Top),
            seen[i].Pixels,
            Truncated: actor.Inside < actor.Area,
            Occluded: seen[i].Pixels < actor.Inside * 0.95f))];
    }

    /// <summary>Lays the light over the picture: warmer or cooler, from one side, darker in the corners; then the sensor's noise.</summary>
    public void Finish(SeededRandom random)
    {
        var tint = SKColor.FromHsv(random.Pick(random.Range(20, 50), random.Range(195, 235)), random.Range(0, 22), 100);
        using var paint = new SKPaint { BlendMode = SKBlendMode.Multiply };
        var middle = Side / 2f;
        using (var falloff = SKShader.CreateLinearGradient(
            new SKPoint(middle + (Light.X * middle), middle + (Light.Y * middle)),
            new SKPoint(middle - (Light.X * middle), middle - (Light.Y * middle)),
            [tint, Tint.Tone(tint, -random.Range(0.02f, 0.22f))], null, SKShaderTileMode.Clamp))
        {
            paint.Shader = falloff;
            canvas.DrawPaint(paint);
        }

        using (var vignette = SKShader.CreateRadialGradient(new SKPoint(middle, middle), Side * 0.75f,
            [SKColors.White, SKColors.White, Tint.Tone(SKColors.White, -random.Range(0, 0.3f))], [0, 0.55f, 1], SKShaderTileMode.Clamp))
        {
            paint.Shader = vignette;
            canvas.DrawPaint(paint);
        }

        Noise(picture.GetPixelSpan(), random, random.Range(1, 9));
    }

    public void Dispose()
    {
        shadow.ImageFilter?.Dispose();
        shadow.Dispose();
    }

    // The same triangular noise on all three channels of a pixel, of the given amplitude in levels.
    private static void Noise(Span<byte> pixels, SeededRandom random, float amplitude)
    {
        for (var i = 0; i < pixels.Length; i += 4)
        {
            var bits = random.NextBits();
            var noise = (int)MathF.Round(((bits >> 48) + (float)((bits >> 32) & 0xFFFF) - 65535) / 65535 * amplitude);
            for (var c = 0; c < 3; c++)
                pixels[i + c] = (byte)Math.Clamp(pixels[i + c] + noise, 0, 255);
        }
    }

    private (int Pixels, int Left, int Top, int Right, int Bottom, int LongerSide)[] Measure(byte[] ids, int count)
    {
        var found = new (int Pixels, int Left, int Top, int Right, int Bottom, int LongerSide)[count];
        Array.Fill(found, (0, Side, Side, -1, -1, 0));
        for (var y = 0; y < Side; y++)
            for (var x = 0; x < Side; x++)
                if (ids[(y * Side) + x] is > 0 and var id)
                {
                    ref var box = ref found[id - 1];
                    box.Pixels++;
                    box.Left = Math.Min(box.Left, x);
                    box.Top = Math.Min(box.Top, y);
                    box.Right = Math.Max(box.Right, x);
                    box.Bottom = y;
                }

        foreach (ref var box in found.AsSpan())
            box.LongerSide = Math.Max(box.Right - box.Left, box.Bottom - box.Top) + 1;

        return found;
    }
}
