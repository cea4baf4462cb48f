using System.Collections.Immutable;

namespace GradCamSharp.Heads;

/// <summary>An object that a detector reports.</summary>
/// <param name="Index">Its rank, from 0, the most confident.</param>
/// <param name="Class">Its class, as the model counts.</param>
/// <param name="Label">The class's name.</param>
/// <param name="Score">The score that the model reports, from 0 to 1.</param>
/// <param name="Box">Where it is, in the original picture's pixels; of a tensor in the network's.</param>
/// <param name="Keypoints">Its key points; empty where the model finds none.</param>
/// <param name="Where">The numbers of the outputs that it was read from, in words.</param>
public sealed record Detection(
    int Index, long Class, string Label, double Score, BoxEdges Box, ImmutableArray<Keypoint> Keypoints, string Where)
{
    /// <summary>The row of the outputs that it was read from.</summary>
    internal long Row { get; init; }
}

/// <summary>A box by its edges, in pixels; fractions are kept.</summary>
/// <param name="X1">The left edge.</param>
/// <param name="Y1">The upper edge.</param>
/// <param name="X2">The right edge.</param>
/// <param name="Y2">The lower edge.</param>
public readonly record struct BoxEdges(double X1, double Y1, double X2, double Y2)
{
    /// <summary>The area; 0 where an edge lies beyond its opposite.</summary>
    public double Area => Math.Max(0, X2 - X1) * Math.Max(0, Y2 - Y1);

    /// <summary>Whether a point lies inside.</summary>
    public bool Contains(double x, double y) => x >= X1 && x <= X2 && y >= Y1 && y <= Y2;

    /// <summary>Intersection over union with another box, from 0 to 1.</summary>
    public double Overlap(BoxEdges other)
    {
        double across = Math.Min(X2, other.X2) - Math.Max(X1, other.X1), down = Math.Min(Y2, other.Y2) - Math.Max(Y1, other.Y1);
        double shared = Math.Max(0, across) * Math.Max(0, down);
        return shared > 0 ? shared / (Area + other.Area - shared) : 0;
    }
}

/// <summary>A key point.</summary>
/// <param name="X">The column, in the original picture's pixels; of a tensor in the network's.</param>
/// <param name="Y">The row.</param>
/// <param name="Score">How sure the model is of it, as it reports that; null where it does not.</param>
public readonly record struct Keypoint(double X, double Y, double? Score);

/// <summary>Where the original picture's pixels lie at the network's input: network = picture * scale + offset.</summary>
/// <param name="ScaleX">Across.</param>
/// <param name="ScaleY">Down.</param>
/// <param name="OffsetX">Across.</param>
/// <param name="OffsetY">Down.</param>
/// <param name="Width">The picture's width, to which boxes are cut; null not to cut them.</param>
/// <param name="Height">The picture's height.</param>
internal readonly record struct PixelFrame(
    double ScaleX, double ScaleY, double OffsetX, double OffsetY, double? Width = null, double? Height = null)
{
    /// <summary>The network's own pixels.</summary>
    public static PixelFrame Network { get; } = new(1, 1, 0, 0);

    public double ToPictureX(double x) => (x - OffsetX) / ScaleX;

    public double ToPictureY(double y) => (y - OffsetY) / ScaleY;

    public double ToNetworkX(double x) => (x * ScaleX) + OffsetX;

    public double ToNetworkY(double y) => (y * ScaleY) + OffsetY;

    public BoxEdges ToPicture(BoxEdges box) =>
        new(ToPictureX(box.X1), ToPictureY(box.Y1), ToPictureX(box.X2), ToPictureY(box.Y2));

    /// <summary>The part of a box that lies in the picture.</summary>
    public BoxEdges Cut(BoxEdges box) =>
        new(Within(box.X1, Width), Within(box.Y1, Height), Within(box.X2, Width), Within(box.Y2, Height));

    private static double Within(double place, double? length) => length is { } most ? Math.Clamp(place, 0, most) : place;
}
