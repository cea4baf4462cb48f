using System.Numerics.Tensors;
using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.Baselines;

/// <summary>The map of a method that always looks at the picture's centre: what a data set's photographers give away.</summary>
/// <remarks>1 in the centre, less with the distance from it relative to the picture's sides, 0 in the corners.</remarks>
public static class CentreBaseline
{
    /// <summary>Its name among the methods.</summary>
    public const string Name = "centre";

    /// <summary>The map, [Height, Width], from 0 to 1.</summary>
    public static float[] Map(PixelSize size)
    {
        float[] map = new float[size.Width * size.Height];
        float[] across = Squares(size.Width), down = Squares(size.Height);
        for (int y = 0; y < size.Height; y++)
        {
            var row = map.AsSpan(y * size.Width, size.Width);
            TensorPrimitives.Add(across, down[y], row);
            TensorPrimitives.Sqrt(row, row);
        }

        float least = TensorPrimitives.Min<float>(map), most = TensorPrimitives.Max<float>(map);
        if (most > least)
        {
            TensorPrimitives.Subtract(most, map, map);
            TensorPrimitives.Divide(map, most - least, map);
        }
        else
        {
            map.AsSpan().Fill(1);
        }

        return map;
    }

    // The squared distance of each pixel from the middle, the side being 2.
    private static float[] Squares(int side)
    {
        float[] squares = new float[side];
        for (int i = 0; i < side; i++)
        {
            float distance = (((2 * i) + 1f) / side) - 1;
            squares[i] = distance * distance;
        }

        return squares;
    }
}
