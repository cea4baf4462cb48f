using System.Numerics.Tensors;
using GradCamSharp.Imaging;

namespace GradCamSharp.Visualizing;

/// <summary>Draws pictures of classes at one scale: grey is 0, and the strongest half per cent of the last one is white or black.</summary>
internal sealed class ClassModelDrawing
{
    private const double Share = 0.995;

    private readonly Preprocessing preprocessing;
    private readonly int width;
    private readonly int height;
    private readonly float scale;

    /// <param name="preprocessing">The network's: its deviations weigh the colours, and it says which comes first.</param>
    /// <param name="last">The picture that decides the scale, [C, H, W].</param>
    /// <param name="width">W.</param>
    /// <param name="height">H.</param>
    public ClassModelDrawing(Preprocessing preprocessing, ReadOnlySpan<float> last, int width, int height)
    {
        (this.preprocessing, this.width, this.height) = (preprocessing, width, height);
        float[] magnitudes = new float[last.Length];
        int count = width * height;
        for (int c = 0; c * count < last.Length; c++)
            TensorPrimitives.Multiply(last.Slice(c * count, count), Weight(c, last.Length / count), magnitudes.AsSpan(c * count, count));
        TensorPrimitives.Abs(magnitudes, magnitudes);
        Array.Sort(magnitudes);
        float largest = magnitudes[Math.Max((int)Math.Ceiling(Share * magnitudes.Length) - 1, 0)];
        largest = largest > 0 ? largest : magnitudes[^1];
        scale = largest > 0 ? 127.5f / largest : 0;
    }

    /// <summary>Draws one.</summary>
    /// <param name="values">[C, H, W].</param>
    public Picture Draw(float[] values)
    {
        int count = width * height, channels = values.Length / count;
        byte[] pixels = new byte[count * 3];
        for (int c = 0; c < 3; c++)
        {
            int from = channels == 1 ? 0 : preprocessing.IsBgr ? 2 - c : c;
            float weight = Weight(from, channels) * scale;
            for (int i = 0; i < count; i++)
                pixels[(3 * i) + c] = (byte)Math.Clamp(127.5f + (values[(from * count) + i] * weight) + 0.5f, 0, 255);
        }

        return new Picture(width, height, pixels);
    }

    private float Weight(int channel, int channels) => channels == 1 ? 1 : preprocessing.StandardDeviation[channel];
}
