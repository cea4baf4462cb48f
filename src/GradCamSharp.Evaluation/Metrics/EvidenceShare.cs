using System.Numerics.Tensors;

namespace GradCamSharp.Evaluation.Metrics;

/// <summary>Where a map's evidence for one object lies: on the object, on other objects, or on neither.</summary>
/// <remarks>
/// The energy-based pointing game of Wang et al. (Score-CAM, arXiv 1910.01279), and the same of the other objects: a map that shows every
/// object alike has as much there.
/// </remarks>
/// <param name="Own">The share of the map's sum on the object itself, 0 to 1; 0 where the map is empty.</param>
/// <param name="Others">The share on other objects, where the object itself is not; 0 to 1.</param>
/// <param name="IsHit">Whether the map's maximum lies on the object; of several maxima the first, row by row. No empty map hits.</param>
public readonly record struct EvidenceShare(double Own, double Others, bool IsHit)
{
    /// <summary>Measures a map.</summary>
    /// <param name="map">[Height, Width], not negative.</param>
    /// <param name="own">Which pixels are the object's.</param>
    /// <param name="others">Which pixels are those of other objects. Where both say so a pixel is the object's own.</param>
    /// <exception cref="ArgumentException">The three do not have the same length, or a value is negative or not finite.</exception>
    public static EvidenceShare Of(ReadOnlySpan<float> map, ReadOnlySpan<bool> own, ReadOnlySpan<bool> others)
    {
        if (own.Length != map.Length || others.Length != map.Length)
            throw new ArgumentException("A map and the objects' pixels have one length.", nameof(map));
        double all = 0, inside = 0, beside = 0;
        for (int i = 0; i < map.Length; i++)
        {
            if (!(map[i] >= 0 && float.IsFinite(map[i])))
                throw new ArgumentException("A map's values are finite and not negative.", nameof(map));
            all += map[i];
            if (own[i])
                inside += map[i];
            else if (others[i])
                beside += map[i];
        }

        return all > 0 ? new EvidenceShare(inside / all, beside / all, own[TensorPrimitives.IndexOfMax(map)]) : default;
    }
}
