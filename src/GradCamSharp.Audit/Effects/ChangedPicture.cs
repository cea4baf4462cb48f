using GradCamSharp.Evaluation.Imputing;
using GradCamSharp.Imaging;

namespace GradCamSharp.Audit.Effects;

/// <summary>Pictures at the network's input with something taken away, or put in.</summary>
internal static class ChangedPicture
{
    private const int Channels = 3;

    /// <summary>Where the evidence is more than half of its largest value, [H, W].</summary>
    /// <param name="map">The map at the network's input.</param>
    public static bool[] Region(ReadOnlySpan<float> map)
    {
        float most = 0;
        foreach (float value in map)
            most = Math.Max(most, value);
        bool[] region = new bool[map.Length];
        for (int i = 0; i < region.Length; i++)
            region[i] = map[i] > most / 2;
        return region;
    }

    /// <summary>A region turned by half a turn about the picture's centre, less what is in it already.</summary>
    public static bool[] Turned(bool[] region)
    {
        bool[] turned = new bool[region.Length];
        for (int i = 0; i < turned.Length; i++)
            turned[i] = region[^(i + 1)] && !region[i];
        return turned;
    }

    /// <summary>A picture with a region filled from what is around it (METRICS.md 3.1, without noise).</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="region">[H, W]; where all or nothing is in it the picture stays as it is.</param>
    public static Picture Without(Picture picture, bool[] region)
    {
        if (!region.Contains(true) || !region.Contains(false))
            return picture;
        int count = region.Length;
        float[] planes = new float[Channels * count];
        var pixels = picture.Pixels;
        for (int i = 0; i < count; i++)
        {
            for (int c = 0; c < Channels; c++)
                planes[(c * count) + i] = pixels[(Channels * i) + c];
        }

        new Imputation(picture.Size).Fill(planes, region);
        byte[] filled = pixels.ToArray();
        for (int i = 0; i < count; i++)
        {
            for (int c = 0; region[i] && c < Channels; c++)
                filled[(Channels * i) + c] = (byte)Math.Clamp(MathF.Round(planes[(c * count) + i]), 0, 255);
        }

        return new Picture(picture.Width, picture.Height, filled);
    }

    /// <summary>A picture with another's region at its place.</summary>
    public static Picture With(Picture picture, Picture donor, bool[] region)
    {
        byte[] pixels = picture.Pixels.ToArray();
        for (int i = 0; i < region.Length; i++)
        {
            if (region[i])
                donor.Pixels.Slice(Channels * i, Channels).CopyTo(pixels.AsSpan(Channels * i));
        }

        return new Picture(picture.Width, picture.Height, pixels);
    }

    /// <summary>A picture with boxes painted in its mean colour.</summary>
    public static Picture Painted(Picture picture, bool[] boxes)
    {
        long[] sums = new long[Channels];
        byte[] pixels = picture.Pixels.ToArray();
        for (int i = 0; i < pixels.Length; i++)
            sums[i % Channels] += pixels[i];
        for (int i = 0; i < pixels.Length; i++)
        {
            if (boxes[i / Channels])
                pixels[i] = (byte)(sums[i % Channels] / boxes.Length);
        }

        return new Picture(picture.Width, picture.Height, pixels);
    }

    /// <summary>Boxes of the original picture at the network's input, [H, W].</summary>
    public static bool[] Boxes(IEnumerable<PixelBox> boxes, Geometry place, PixelSize input)
    {
        bool[] inside = new bool[input.Width * input.Height];
        foreach (var box in boxes)
        {
            var (left, right) = Edges(
                box.X, box.Width, place.Original.Width, place.Resized.Width, place.Crop.X, place.Crop.Width, input.Width);
            var (top, bottom) = Edges(
                box.Y, box.Height, place.Original.Height, place.Resized.Height, place.Crop.Y, place.Crop.Height, input.Height);
            for (int y = top; y < bottom; y++)
                inside.AsSpan((y * input.Width) + left, Math.Max(0, right - left)).Fill(true);
        }

        return inside;
    }

    private static (int Low, int High) Edges(long start, long length, int original, int resized, int crop, int cropped, int input)
    {
        double scale = (double)resized / original, zoom = (double)input / cropped;
        return ((int)Math.Clamp(Math.Round(((start * scale) - crop) * zoom), 0, input),
            (int)Math.Clamp(Math.Round((((start + length) * scale) - crop) * zoom), 0, input));
    }
}
