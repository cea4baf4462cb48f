using System.Numerics.Tensors;
using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.Metrics;

/// <summary>The pointing game (Zhang et al., arXiv 1608.00507): does the map's maximum lie on an object of the class?</summary>
/// <remarks>A method's score is the share of hits of each class, averaged over the classes.</remarks>
public static class PointingGame
{
    /// <summary>How far beside a box the maximum may lie, in pixels of the original picture.</summary>
    public const int Tolerance = 15;

    /// <summary>
    /// Whether the map's maximum lies in a box or at most <paramref name="tolerance"/> pixels beside it. An empty map points nowhere.
    /// </summary>
    /// <param name="map">[Height, Width] from 0 to 1, on the original picture. Of several maxima the first counts, row by row.</param>
    /// <param name="size">The picture's size.</param>
    /// <param name="boxes">The boxes of one class.</param>
    /// <param name="tolerance">The largest distance between the centres of the maximum's pixel and of the box's nearest.</param>
    /// <exception cref="ArgumentException">The map does not have the picture's size.</exception>
    public static bool Hit(ReadOnlySpan<float> map, PixelSize size, IReadOnlyList<PixelBox> boxes, int tolerance = Tolerance)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        if (map.IsEmpty || map.Length != size.Width * size.Height)
            throw new ArgumentException($"A map of {map.Length} values is none for a picture of {size} pixels.", nameof(map));
        int at = TensorPrimitives.IndexOfMax(map);
        if (!(map[at] > 0))
            return false;
        int x = at % size.Width, y = at / size.Width;
        foreach (var box in boxes)
        {
            long across = Beside(x, box.X, box.Width), down = Beside(y, box.Y, box.Height);
            if ((across * across) + (down * down) <= (long)tolerance * tolerance)
                return true;
        }

        return false;
    }

    // How many pixels a place lies beside a stretch; 0 in it.
    private static long Beside(int at, int start, int length) => Math.Max(Math.Max((long)start - at, at - ((long)start + length - 1)), 0);
}
