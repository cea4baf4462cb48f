using System.Numerics.Tensors;
using GradCamSharp.Imaging;

namespace GradCamSharp.Audit.Scanning;

/// <summary>
/// What is fine in a picture: its grey values less their blur by a Gaussian of 2 pixels. Two pictures that show the same thing have the
/// same details there; two pictures of one kind of object have not.
/// </summary>
internal static class Detail
{
    private const double StandardDeviation = 2;
    private const int Reach = 8;

    private static readonly float[] Weights = Gauss();

    /// <summary>The details of a picture, [Height, Width], -255 to 255.</summary>
    public static float[] Of(Picture picture)
    {
        var pixels = picture.Pixels;
        float[] grey = new float[picture.Width * picture.Height];
        for (int i = 0; i < grey.Length; i++)
            grey[i] = (pixels[3 * i] + pixels[(3 * i) + 1] + pixels[(3 * i) + 2]) / 3f;
        return Of(grey, picture.Width, picture.Height);
    }

    /// <summary>The details of grey values; overwrites them.</summary>
    public static float[] Of(float[] grey, int width, int height)
    {
        float[] down = new float[grey.Length], line = new float[width + (2 * Reach)];
        for (int y = 0; y < height; y++)
        {
            var target = down.AsSpan(y * width, width);
            for (int tap = -Reach; tap <= Reach; tap++)
                TensorPrimitives.MultiplyAdd(grey.AsSpan(Mirrored(y + tap, height) * width, width), Weights[tap + Reach], target, target);
        }

        for (int y = 0; y < height; y++)
        {
            for (int x = -Reach; x < width + Reach; x++)
                line[x + Reach] = down[(y * width) + Mirrored(x, width)];
            var target = grey.AsSpan(y * width, width);
            for (int tap = 0; tap < Weights.Length; tap++)
                TensorPrimitives.MultiplyAdd(line.AsSpan(tap, width), -Weights[tap], target, target);
        }

        return grey;
    }

    // Beyond the edge the picture goes on mirrored, its outermost pixels doubled.
    private static int Mirrored(int at, int size)
    {
        int period = 2 * size, place = ((at % period) + period) % period;
        return place < size ? place : period - 1 - place;
    }

    private static float[] Gauss()
    {
        double[] weights = [.. Enumerable.Range(-Reach, (2 * Reach) + 1)
            .Select(d => Math.Exp(-d * d / (2 * StandardDeviation * StandardDeviation)))];
        double sum = weights.Sum();
        return [.. weights.Select(w => (float)(w / sum))];
    }
}
