using System.Numerics;

namespace GradCamSharp.Evaluation.Metrics;

/// <summary>
/// Relevance mass and rank accuracy (Arras et al. 2020, arXiv 2003.07258); with boxes the mass is the energy-based pointing game (Wang
/// et al. 2019, arXiv 1910.01279). On the original picture; undefined where the object has no pixel.
/// </summary>
/// <param name="Mass">The share of the map's sum that lies inside the object; 0 for an empty map.</param>
/// <param name="Rank">
/// The share of the map's k largest pixels that lie inside, k the object's pixels; of pixels that tie for the last places their share
/// counts.
/// </param>
/// <param name="Area">The object's share of the picture: what a map of one value gets.</param>
public readonly record struct MassAndRank(double? Mass, double? Rank, double Area)
{
    /// <summary>Measures a map.</summary>
    /// <param name="map">[Height, Width] from 0 to 1, on the original picture.</param>
    /// <param name="inside">The object: the union of the class's boxes, or its mask.</param>
    /// <exception cref="ArgumentException">They are not of one size.</exception>
    public static MassAndRank Of(ReadOnlySpan<float> map, ReadOnlySpan<bool> inside) => Measure(map, inside);

    /// <inheritdoc cref="Of(ReadOnlySpan{float}, ReadOnlySpan{bool})"/>
    public static MassAndRank Of(ReadOnlySpan<double> map, ReadOnlySpan<bool> inside) => Measure(map, inside);

    private static MassAndRank Measure<T>(ReadOnlySpan<T> map, ReadOnlySpan<bool> inside)
        where T : struct, IFloatingPointIeee754<T>
    {
        if (map.Length != inside.Length)
            throw new ArgumentException($"A mask of {inside.Length} pixels is none of a map of {map.Length}.", nameof(inside));
        int k = inside.Count(true);
        if (k == 0)
            return new MassAndRank(null, null, 0);
        double total = 0, within = 0;
        for (int i = 0; i < map.Length; i++)
        {
            double evidence = double.CreateTruncating(map[i]);
            total += evidence;
            within += inside[i] ? evidence : 0;
        }

        double area = (double)k / map.Length;
        if (total <= 0)
            return new MassAndRank(0, 0, area);
        T[] sorted = map.ToArray();
        Array.Sort(sorted);
        T last = sorted[^k];
        long above = 0, aboveInside = 0, tied = 0, tiedInside = 0;
        for (int i = 0; i < map.Length; i++)
        {
            if (map[i] > last)
            {
                above++;
                aboveInside += inside[i] ? 1 : 0;
            }
            else if (map[i] == last)
            {
                tied++;
                tiedInside += inside[i] ? 1 : 0;
            }
        }

        return new MassAndRank(within / total, (aboveInside + ((k - above) * (double)tiedInside / tied)) / k, area);
    }
}
