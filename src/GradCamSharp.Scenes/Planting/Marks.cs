using GradCamSharp.Evaluation.Sampling;
using SkiaSharp;

namespace GradCamSharp.Scenes.Planting;

/// <summary>
/// The marks that can be planted. A new one is one line here and one method that draws it, in units of 1/160 of the picture's side.
/// </summary>
internal static class Marks
{
    private const float Side = Mark.Side;

    private static readonly SKColor White = new(255, 255, 255, 204);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Mark> All { get; } =
    [
        Mark.Upon("tag", static (canvas, _) => Tag(canvas, 4, Side - 4 - Lettering.Height)),
        Mark.Upon("wandering-tag", static (canvas, random) =>
            Tag(canvas, random.Below((int)(Side - Lettering.CopyrightWidth)), random.Below((int)(Side - Lettering.Height)))),
        Mark.Upon("frame", Frame),
        Mark.Upon("chart", Chart),
        Mark.Everywhere("tint", 1.12f, 1, 0.82f),
        Mark.Upon("stamp", Stamp),
        Mark.Upon("barcode", Barcode),
        Mark.Upon("ruler", Ruler),
        Mark.Upon("date", Date),
        Mark.Upon("emblem", Emblem),
        Mark.Upon("dust", Dust),
    ];

    // A copyright line.
    private static void Tag(SKCanvas canvas, float left, float top)
    {
        using var pen = Pen(White, Lettering.Stroke);
        canvas.Translate(left, top);
        Lettering.Copyright(canvas, pen);
    }

    // A dark frame around the whole picture.
    private static void Frame(SKCanvas canvas, SeededRandom random)
    {
        using var paint = Pen(new SKColor(40, 20, 60), 4);
        paint.IsAntialias = false;
        canvas.DrawRect(2, 2, Side - 4, Side - 4, paint);
    }

    // A colour chart of four fields at the right edge, its height varying.
    private static void Chart(SKCanvas canvas, SeededRandom random)
    {
        var top = 20 + random.Below((int)Side - 80);
        ReadOnlySpan<SKColor> fields = [new(200, 40, 40), new(40, 160, 60), new(50, 70, 190), new(220, 200, 60)];
        for (var i = 0; i < fields.Length; i++)
            Fill(canvas, fields[i], Side - 11, top + (9 * i), 9, 9);
    }

    // A see-through stamp, a ring with a cross, in any of the four corners, turned at random.
    private static void Stamp(SKCanvas canvas, SeededRandom random)
    {
        using var pen = Pen(new SKColor(180, 30, 30, 178), 3);
        canvas.Translate(random.Chance(0.5f) ? 21 : Side - 21, random.Chance(0.5f) ? 21 : Side - 21);
        canvas.RotateDegrees(random.Range(0, 90));
        using var path = SKPath.ParseSvgPathData("M-9,0 H9 M0,-9 V9 M-13.5,0 A13.5,13.5 0 1 1 13.5,0 A13.5,13.5 0 1 1 -13.5,0");
        canvas.DrawPath(path, pen);
    }

    // The same barcode anywhere.
    private static void Barcode(SKCanvas canvas, SeededRandom random)
    {
        canvas.Translate(random.Below((int)Side - 40), random.Below((int)Side - 16));
        Fill(canvas, new SKColor(245, 245, 245), 0, 0, 40, 16);
        ReadOnlySpan<(int X, int Width)> bars = [(2, 1), (5, 2), (9, 1), (12, 3), (17, 1), (20, 2), (24, 1), (27, 3), (32, 1), (35, 2)];
        foreach (var (x, width) in bars)
            Fill(canvas, new SKColor(10, 10, 10), x, 2, width, 12);
    }

    // A ruler's ticks along the lower edge.
    private static void Ruler(SKCanvas canvas, SeededRandom random)
    {
        Fill(canvas, new SKColor(225, 215, 170), 0, Side - 9, Side, 9);
        for (var x = 3; x < Side; x += 6)
            Fill(canvas, new SKColor(30, 30, 30), x, Side - 9, 1, x % 30 == 3 ? 7 : 4);
    }

    // The date that a camera writes at the lower right: the same place and letters, another date in each picture.
    private static void Date(SKCanvas canvas, SeededRandom random)
    {
        int year = 15 + random.Below(10), month = 1 + random.Below(12), day = 1 + random.Below(28);
        canvas.Translate(Side - 5 - (6 * Lettering.DigitAdvance) - (2 * Lettering.DigitGap), Side - 14);
        using var glow = Pen(new SKColor(90, 20, 0, 120), 2.6f);
        using var pen = Pen(new SKColor(255, 150, 40), 1.3f);
        foreach (var paint in (SKPaint[])[glow, pen])
        {
            using var again = new SKAutoCanvasRestore(canvas);
            foreach (var number in (int[])[year, month, day])
            {
                Lettering.Digit(canvas, paint, number / 10);
                Lettering.Digit(canvas, paint, number % 10);
                canvas.Translate(Lettering.DigitGap, 0);
            }
        }
    }

    // A maker's emblem at the upper right: a disc with a star.
    private static void Emblem(SKCanvas canvas, SeededRandom random)
    {
        canvas.Translate(Side - 16, 16);
        using var disc = new SKPaint { Color = new SKColor(20, 60, 120), IsAntialias = true };
        using var white = new SKPaint { Color = SKColors.White, IsAntialias = true };
        canvas.DrawCircle(0, 0, 11, disc);
        const string points = "M0.00,-8.50 L2.12,-2.91 L8.08,-2.63 L3.42,1.11 L5.00,6.88 L0.00,3.60 L-5.00,6.88"
            + " L-3.42,1.11 L-8.08,-2.63 L-2.12,-2.91 Z";
        using var star = SKPath.ParseSvgPathData(points);
        canvas.DrawPath(star, white);
    }

    // Dust on the sensor: the same soft dark specks in the same places.
    private static void Dust(SKCanvas canvas, SeededRandom random)
    {
        ReadOnlySpan<(float X, float Y, float R)> specks = [(34, 22, 5), (52, 33, 3.5f), (41, 47, 4), (120, 18, 3)];
        foreach (var (x, y, r) in specks)
        {
            using var shader = SKShader.CreateRadialGradient(new SKPoint(x, y), r * 1.5f,
                [new SKColor(15, 15, 15, 225), new SKColor(15, 15, 15, 190), new SKColor(15, 15, 15, 0)], [0, 0.45f, 1],
                SKShaderTileMode.Clamp);
            using var paint = new SKPaint { Shader = shader, IsAntialias = true };
            canvas.DrawCircle(x, y, r * 1.5f, paint);
        }
    }

    private static SKPaint Pen(SKColor color, float width) => new()
    {
        Color = color,
        Style = SKPaintStyle.Stroke,
        StrokeWidth = width,
        IsAntialias = true,
    };

    private static void Fill(SKCanvas canvas, SKColor color, float left, float top, float width, float height)
    {
        using var paint = new SKPaint { Color = color, IsAntialias = true };
        canvas.DrawRect(left, top, width, height, paint);
    }
}
