using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.Experiments.Trust.Measuring;

/// <summary>What a network's input is in pixels: what black becomes in each channel, and by how much white lies above it.</summary>
/// <remarks>
/// Scaling and normalisation are affine, so that noise, masks and colours that are defined on pixels can be applied to the input itself.
/// </remarks>
/// <param name="Black">For each channel, in the network's order, the value of a black pixel.</param>
/// <param name="Range">For each channel the value of a white pixel less that of a black one.</param>
public sealed record InputSpace(IReadOnlyList<float> Black, IReadOnlyList<float> Range)
{
    /// <summary>The input of a network that is fed tensors without a picture: its pixels are its values, black is 0 and white 1.</summary>
    /// <param name="channels">The number of channels.</param>
    public static InputSpace OfTensors(int channels) => new(new float[channels], [.. Enumerable.Repeat(1f, channels)]);

    /// <summary>The input of a network that is fed pictures.</summary>
    /// <param name="preprocessing">How pictures are prepared.</param>
    /// <param name="channels">1 or 3.</param>
    public static InputSpace Of(Preprocessing preprocessing, int channels)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        float[] black = Value(0), white = Value(255);
        return new InputSpace(black, [.. white.Zip(black, (w, b) => w - b)]);

        float[] Value(byte pixel)
        {
            float[] values = new float[channels];
            var one = new PixelSize(1, 1);
            var picture = new Picture(1, 1, [pixel, pixel, pixel]);
            new PreparedPicture(picture, new Geometry(one, one, new PixelBox(0, 0, 1, 1)), preprocessing).WriteTo(values, channels);
            return values;
        }
    }
}
