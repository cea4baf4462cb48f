using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.Baselines;

/// <summary>The map of a method that always looks at the picture's centre.</summary>
/// <remarks>1 in the centre, less with the distance from it relative to the picture's sides, 0 in the corners.</remarks>
public static class CentreBaseline
{
    /// <summary>Its name among the methods.</summary>
    public const string Name = "centre";

    /// <summary>The map, [Height, Width], from 0 to 1.</summary>
    public static float[] Map(PixelSize size)
    {
        double[] exact = Exact(size);
        float[] map = new float[exact.Length];
        for (int i = 0; i < map.Length; i++)
            map[i] = (float)exact[i];
        return map;
    }

    /// <summary>
    /// The map in 64 bits. Many of its pixels lie equally far from the middle; which of them are equal here is what the order of its
    /// pixels rests on, so that the order is the same wherever these operations are done in 64 bits.
    /// </summary>
    internal static double[] Exact(PixelSize size)
    {
        double[] map = new double[size.Width * size.Height];
        double[] across = Squares(size.Width), down = Squares(size.Height);
        double least = double.MaxValue, most = 0;
        for (int i = 0; i < map.Length; i++)
        {
            map[i] = Math.Sqrt(down[i / size.Width] + across[i % size.Width]);
            (least, most) = (Math.Min(least, map[i]), Math.Max(most, map[i]));
        }

        for (int i = 0; i < map.Length; i++)
            map[i] = most > least ? (most - map[i]) / (most - least) : 1;
        return map;
    }

    // The squared distance of each pixel from the middle, the side being 2.
    private static double[] Squares(int side)
    {
        double[] squares = new double[side];
        for (int i = 0; i < side; i++)
        {
            double distance = (((2 * i) + 1.0) / side) - 1;
            squares[i] = distance * distance;
        }

        return squares;
    }
}
