using System.Numerics.Tensors;

namespace GradCamSharp.Imaging;

/// <summary>A map brought to the original picture: one value from 0 (no evidence) to 1 (the most) a pixel.</summary>
public sealed class HeatMap
{
    private readonly float[] values;

    private HeatMap(PixelSize size, float[] values, float[] atInput, float minimum, float maximum)
    {
        Size = size;
        this.values = values;
        AtInput = atInput;
        Minimum = minimum;
        Maximum = maximum;
    }

    /// <summary>The original picture's size.</summary>
    public PixelSize Size { get; }

    /// <summary>[Height, Width], from 0 to 1; what a crop cut off is 0.</summary>
    public ReadOnlySpan<float> Values => values;

    /// <summary>The map at the network's input, [H, W], from 0 to 1: L of Eq. 11.</summary>
    public ReadOnlyMemory<float> AtInput { get; }

    /// <summary>The least raw value.</summary>
    public float Minimum { get; }

    /// <summary>The largest raw value.</summary>
    public float Maximum { get; }

    /// <summary>Whether the map has no positive value: no positive evidence for this class at this layer. All values are 0 then.</summary>
    public bool IsEmpty => !(Maximum > 0);

    /// <summary>Normalises a raw map and brings it to the original picture: bilinearly to the network's input, then back through crop and resize.</summary>
    /// <param name="raw">[height, width], not normalised.</param>
    /// <param name="height">The map's height.</param>
    /// <param name="width">The map's width.</param>
    /// <param name="geometry">Where the network's input lies in the picture.</param>
    public static HeatMap FromRaw(ReadOnlySpan<float> raw, int height, int width, Geometry geometry)
    {
        if (raw.Length != height * width || raw.IsEmpty)
            throw new ArgumentException($"A map of {height} x {width} has {height * width} values, not {raw.Length}.", nameof(raw));
        float minimum = TensorPrimitives.Min(raw), maximum = TensorPrimitives.Max(raw);
        float[] normalized = new float[raw.Length];
        // A constant positive map is evidence everywhere; a map without a positive value is evidence nowhere.
        if (maximum > 0 && maximum > minimum)
        {
            TensorPrimitives.Subtract(raw, minimum, normalized);
            TensorPrimitives.Divide(normalized, maximum - minimum, normalized);
        }
        else if (maximum > 0)
        {
            Array.Fill(normalized, 1);
        }

        var crop = geometry.Crop;
        var atInput = Bilinear(normalized, height, width, crop.Height, crop.Width,
            y => ((y + 0.5) * height / crop.Height) - 0.5, x => ((x + 0.5) * width / crop.Width) - 0.5, clip: false);
        var size = geometry.Original;
        var values = Bilinear(atInput, crop.Height, crop.Width, size.Height, size.Width, geometry.InputY, geometry.InputX, clip: true);
        return new HeatMap(size, values, atInput, minimum, maximum);
    }

    /// <summary>The largest connected part above a share of the maximum, in the picture's pixels; null if the map is empty.</summary>
    /// <param name="threshold">The share, from 0 to 1.</param>
    public PixelBox? LargestPart(float threshold = 0.5f)
    {
        float limit = TensorPrimitives.Max<float>(values) * threshold;
        if (IsEmpty || !(TensorPrimitives.Max<float>(values) > 0))
            return null;
        var seen = new bool[values.Length];
        var pending = new Stack<int>();
        PixelBox? best = null;
        int largest = 0;
        for (int start = 0; start < values.Length; start++)
        {
            if (seen[start] || !(values[start] > limit))
                continue;
            int count = 0, left = int.MaxValue, top = int.MaxValue, right = 0, bottom = 0;
            seen[start] = true;
            pending.Push(start);
            while (pending.TryPop(out int at))
            {
                int x = at % Size.Width, y = at / Size.Width;
                count++;
                (left, right, top, bottom) = (Math.Min(left, x), Math.Max(right, x), Math.Min(top, y), Math.Max(bottom, y));
                Visit(at - 1, x > 0);
                Visit(at + 1, x < Size.Width - 1);
                Visit(at - Size.Width, y > 0);
                Visit(at + Size.Width, y < Size.Height - 1);
            }

            if (count > largest)
                (largest, best) = (count, new PixelBox(left, top, right - left + 1, bottom - top + 1));
        }

        return best;

        void Visit(int at, bool inside)
        {
            if (inside && !seen[at] && values[at] > limit)
            {
                seen[at] = true;
                pending.Push(at);
            }
        }
    }

    /// <summary>Samples a plane at other places, between the four nearest values; beyond the edge it is the edge's value, or 0 where the place is outside altogether.</summary>
    private static float[] Bilinear(float[] source, int height, int width, int newHeight, int newWidth, Func<int, double> row, Func<int, double> column, bool clip)
    {
        var columns = new (int Low, int High, float Share, bool Inside)[newWidth];
        for (int x = 0; x < newWidth; x++)
            columns[x] = Place(column(x), width);
        float[] result = new float[newHeight * newWidth];
        float[] blended = new float[width];
        for (int y = 0; y < newHeight; y++)
        {
            var (low, high, share, inside) = Place(row(y), height);
            if (clip && !inside)
                continue;
            TensorPrimitives.Lerp(source.AsSpan(low * width, width), source.AsSpan(high * width, width), share, blended);
            var target = result.AsSpan(y * newWidth, newWidth);
            for (int x = 0; x < target.Length; x++)
            {
                ref readonly var c = ref columns[x];
                if (!clip || c.Inside)
                    target[x] = blended[c.Low] + ((blended[c.High] - blended[c.Low]) * c.Share);
            }
        }

        return result;
    }

    private static (int Low, int High, float Share, bool Inside) Place(double at, int length)
    {
        double clamped = Math.Clamp(at, 0, length - 1);
        int low = (int)Math.Floor(clamped);
        return (low, Math.Min(low + 1, length - 1), (float)(clamped - low), at is var a && a >= -0.5 && a <= length - 0.5);
    }
}
