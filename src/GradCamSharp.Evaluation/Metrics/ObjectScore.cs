using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.Metrics;

/// <summary>What a map says of the objects of one class (section 4.3): the terms of Eq. 12, and whether it points at one.</summary>
/// <remarks>
/// This is the one measure of localisation: evaluations of data sets and the yardstick on scenes both use it.
/// </remarks>
/// <param name="Box">The area of the union of the class's boxes, in pixels of the original picture.</param>
/// <param name="Internal">For each delta the map's pixels above it inside the boxes.</param>
/// <param name="External">For each delta the map's pixels above it outside the boxes.</param>
/// <param name="IsHit">Whether the map's maximum lies within <see cref="PointingGame.Tolerance"/> of a box.</param>
public sealed record ObjectScore(long Box, IReadOnlyList<long> Internal, IReadOnlyList<long> External, bool IsHit)
{
    /// <summary>Measures a map.</summary>
    /// <param name="map">[Height, Width] from 0 to 1, on the original picture.</param>
    /// <param name="size">The picture's size.</param>
    /// <param name="boxes">The boxes of one class; what lies outside the picture does not count, overlaps count once.</param>
    /// <param name="deltas">The thresholds, ascending, at least one; a pixel counts where the map is greater.</param>
    /// <exception cref="ArgumentException">The map does not have the picture's size, or the deltas do not ascend.</exception>
    public static ObjectScore Of(ReadOnlySpan<float> map, PixelSize size, IReadOnlyList<PixelBox> boxes, ReadOnlySpan<double> deltas)
    {
        var terms = LocTerms.Of(map, size, boxes, deltas);
        return new ObjectScore(terms.Length == 0 ? 0 : terms[0].Box, [.. terms.Select(t => t.Internal)], [.. terms.Select(t => t.External)],
            PointingGame.Hit(map, size, boxes));
    }

    /// <summary>Loc of Eq. 12, internal / (box + external), at the delta of a place in the list; 0 to 1.</summary>
    /// <param name="place">The place, from 0.</param>
    public double Loc(int place) => new LocTerms(Internal[place], External[place], Box).Loc;
}
