using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.Metrics;

/// <summary>A change of a picture that its map should follow.</summary>
public enum PictureChange
{
    /// <summary>Mirrored left to right.</summary>
    Flip,

    /// <summary>Moved right by 1/14 of the width.</summary>
    Right,

    /// <summary>Moved left by 1/14 of the width.</summary>
    Left,

    /// <summary>Moved down by 1/14 of the height.</summary>
    Down,

    /// <summary>Moved up by 1/14 of the height.</summary>
    Up,

    /// <summary>All pixels times 0.8.</summary>
    Darker,
}

/// <summary>
/// Consistency under changes of the picture (equivariance; Crabbe and van der Schaar 2023, arXiv 2304.06715): Pearson(M, M_t), M_t the map
/// of the changed picture moved back, on the part of the picture that both show. Higher is better.
/// </summary>
public static class Consistency
{
    /// <summary>What darker pixels are multiplied with.</summary>
    public const float Darker = 0.8f;

    private const int Parts = 14;

    /// <summary>The changes, in the records' order.</summary>
    public static IReadOnlyList<PictureChange> Changes { get; } = Enum.GetValues<PictureChange>();

    /// <summary>Where a pixel of the changed picture comes from; what enters repeats the edge.</summary>
    /// <param name="change">The change.</param>
    /// <param name="y">The row in the changed picture.</param>
    /// <param name="x">The column in the changed picture.</param>
    /// <param name="size">The picture's size.</param>
    public static (int Y, int X) Source(PictureChange change, int y, int x, PixelSize size)
    {
        var (down, right) = Shift(change, size);
        return change == PictureChange.Flip
            ? (y, size.Width - 1 - x)
            : (Math.Clamp(y - down, 0, size.Height - 1), Math.Clamp(x - right, 0, size.Width - 1));
    }

    /// <summary>Compares a map with that of the changed picture; undefined where one of them does not vary.</summary>
    /// <param name="map">M.</param>
    /// <param name="ofChanged">The map of the changed picture.</param>
    /// <param name="change">The change.</param>
    /// <param name="size">Width and height of both.</param>
    public static double? Of(ReadOnlySpan<float> map, ReadOnlySpan<float> ofChanged, PictureChange change, PixelSize size)
    {
        var (down, right) = Shift(change, size);
        int height = size.Height - Math.Abs(down), width = size.Width - Math.Abs(right);
        float[] mine = new float[height * width], theirs = new float[height * width];
        for (int y = 0; y < height; y++)
        {
            int row = y + Math.Max(0, -down), moved = row + down;
            for (int x = 0; x < width; x++)
            {
                int column = x + Math.Max(0, -right);
                mine[(y * width) + x] = map[(row * size.Width) + column];
                int there = change == PictureChange.Flip ? size.Width - 1 - column : column + right;
                theirs[(y * width) + x] = ofChanged[(moved * size.Width) + there];
            }
        }

        return Correlation.Pearson<float>(mine, theirs);
    }

    private static (int Down, int Right) Shift(PictureChange change, PixelSize size) => change switch
    {
        PictureChange.Right => (0, size.Width / Parts),
        PictureChange.Left => (0, -(size.Width / Parts)),
        PictureChange.Down => (size.Height / Parts, 0),
        PictureChange.Up => (-(size.Height / Parts), 0),
        _ => (0, 0),
    };
}
