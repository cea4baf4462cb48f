using System.Globalization;
using SkiaSharp;

namespace GradCamSharp.Scenes.Drawing;

/// <summary>Which of an object's three surfaces a part is made of. All come from one distribution, so colour tells no class.</summary>
internal enum Slot
{
    Primary,
    Secondary,
    Accent,
}

/// <summary>How light falls on a part.</summary>
internal enum Form
{
    /// <summary>A plate: a faint gradient along the light.</summary>
    Flat,

    /// <summary>A cylinder that stands.</summary>
    Upright,

    /// <summary>A cylinder that lies.</summary>
    Lying,

    /// <summary>A ball.</summary>
    Ball,
}

/// <summary>One filled outline of an object, in the object's own coordinates.</summary>
/// <param name="Path">The outline, filled by the even-odd rule.</param>
/// <param name="Slot">The surface.</param>
/// <param name="Form">The shading.</param>
/// <param name="Tone">Lighter (to 1) or darker (to -1) than the surface's colour.</param>
internal sealed record Part(SKPath Path, Slot Slot, Form Form, float Tone);

/// <summary>
/// An object as a list of parts, back to front. Shapes are written as SVG path data, y down, in units of their own;
/// only their proportions count, for the painter fits the whole to its place.
/// </summary>
internal sealed class Figure : IDisposable
{
    private readonly List<Part> parts = [];
    private SKMatrix placement = SKMatrix.Identity;

    /// <summary>The parts, back to front.</summary>
    public IReadOnlyList<Part> Parts => parts;

    /// <summary>Turns what is added from here on by <paramref name="degrees"/> about (x, y); 0 ends it.</summary>
    public Figure Turn(float degrees, float x = 0, float y = 0)
    {
        placement = SKMatrix.CreateRotationDegrees(degrees, x, y);
        return this;
    }

    /// <summary>Turns and, where <paramref name="mirror"/> is -1, mirrors left to right what is added from here on.</summary>
    public Figure Place(float degrees, float mirror)
    {
        placement = SKMatrix.CreateScale(mirror, 1).PostConcat(SKMatrix.CreateRotationDegrees(degrees));
        return this;
    }

    /// <summary>Adds a filled outline, given as SVG path data.</summary>
    public Figure Fill(Slot slot, Form form, FormattableString outline, float tone = 0)
    {
        var path = Parse(outline);
        path.FillType = SKPathFillType.EvenOdd;
        Add(path, slot, form, tone);
        return this;
    }

    /// <summary>Adds a line of the given width, given as SVG path data.</summary>
    public Figure Stroke(Slot slot, float width, FormattableString line, float tone = 0, Form form = Form.Flat, bool round = true)
    {
        using var path = Parse(line);
        using var pen = new SKPaint
        {
            Style = SKPaintStyle.Stroke,
            StrokeWidth = width,
            StrokeCap = round ? SKStrokeCap.Round : SKStrokeCap.Butt,
            StrokeJoin = SKStrokeJoin.Round,
        };
        var outline = pen.GetFillPath(path, 0.2f) ?? throw new InvalidOperationException($"The line '{line}' has no outline.");
        Add(outline, slot, form, tone);
        return this;
    }

    /// <summary>SVG path data of an ellipse.</summary>
    public static string Ellipse(float x, float y, float rx, float ry) =>
        Text($"M{x - rx},{y} A{rx},{ry} 0 1 1 {x + rx},{y} A{rx},{ry} 0 1 1 {x - rx},{y} Z");

    /// <summary>SVG path data of a circle.</summary>
    public static string Circle(float x, float y, float r) => Ellipse(x, y, r, r);

    /// <summary>SVG path data of a rectangle with rounded corners.</summary>
    public static string Box(float left, float top, float right, float bottom, float r = 0) => r <= 0
        ? Text($"M{left},{top} L{right},{top} L{right},{bottom} L{left},{bottom} Z")
        : Text($"M{left + r},{top} L{right - r},{top} Q{right},{top} {right},{top + r} L{right},{bottom - r}")
            + Text($" Q{right},{bottom} {right - r},{bottom} L{left + r},{bottom} Q{left},{bottom} {left},{bottom - r}")
            + Text($" L{left},{top + r} Q{left},{top} {left + r},{top} Z");

    /// <summary>Numbers as SVG wants them, in every culture.</summary>
    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        foreach (var part in parts)
            part.Path.Dispose();
    }

    /// <summary>The smallest upright rectangle around all parts after <paramref name="matrix"/>.</summary>
    public SKRect Bounds(SKMatrix matrix)
    {
        var bounds = SKRect.Empty;
        foreach (var part in parts)
        {
            using var path = new SKPath(part.Path);
            path.Transform(matrix);
            var box = path.TightBounds;
            bounds = bounds.IsEmpty ? box : SKRect.Union(bounds, box);
        }

        return bounds;
    }

    private static SKPath Parse(FormattableString data) => SKPath.ParseSvgPathData(Text(data))
        ?? throw new InvalidOperationException($"'{Text(data)}' is not SVG path data.");

    private void Add(SKPath path, Slot slot, Form form, float tone)
    {
        path.Transform(placement);
        parts.Add(new Part(path, slot, form, tone));
    }
}
