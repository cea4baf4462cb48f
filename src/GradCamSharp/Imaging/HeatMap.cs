using System.Numerics.Tensors;
using GradCamSharp.Notebooks;

namespace GradCamSharp.Imaging;

/// <summary>A map brought to the original picture: one value from 0 (no evidence) to 1 (the most) a pixel.</summary>
[TypeFormatterSource(typeof(NotebookFormatters), PreferredMimeTypes = [NotebookFormatters.Png, NotebookFormatters.Text])]
public sealed class HeatMap : INotebookOutput
{
    // Of the pixels, by strength, so many are drawn weaker than the strongest.
    private const double FullShare = 0.995;

    private readonly Geometry geometry;
    private float[] signedAtInput = [];
    private float[]? values;
    private float[]? signed;

    private HeatMap(Geometry geometry, ReadOnlyMemory<float> atInput, float minimum, float maximum)
    {
        this.geometry = geometry;
        AtInput = atInput;
        Minimum = minimum;
        Maximum = maximum;
    }

    /// <summary>The original picture's size.</summary>
    public PixelSize Size => geometry.Original;

    /// <summary>[Height, Width], from 0 to 1; what a crop cut off is 0.</summary>
    /// <remarks>
    /// Computed when they are first asked for: whoever needs the map at the network's input alone does not pay for them.
    /// <see cref="ReleaseValues"/> gives their memory back.
    /// </remarks>
    public ReadOnlySpan<float> Values => values ??= OnPicture(AtInput.Span);

    /// <summary>
    /// The part of the picture that the network sees; null where it sees all of it. Beyond it there is no evidence because nobody looked.
    /// </summary>
    public PixelBox? Seen
    {
        get
        {
            var (across, down) = Axes();
            var seen = new PixelBox(across.First, down.First, across.End - across.First, down.End - down.First);
            return seen == new PixelBox(0, 0, Size.Width, Size.Height) ? null : seen;
        }
    }

    /// <summary>The map at the network's input, [H, W], from 0 to 1: L of Eq. 11.</summary>
    public ReadOnlyMemory<float> AtInput { get; }

    /// <summary>How the map is drawn.</summary>
    public HeatMapKind Kind { get; private init; }

    /// <summary>
    /// [Height, Width], from -1 to 1: what speaks for and against, as a share of the largest magnitude. Empty where
    /// <see cref="Kind"/> is not <see cref="HeatMapKind.Signed"/>.
    /// </summary>
    public ReadOnlySpan<float> Signed => signed ??= OnPicture(signedAtInput);

    /// <summary>The value that is drawn at full strength: 1 but of pixels.</summary>
    public float Full { get; private init; } = 1;

    /// <summary>The least raw value.</summary>
    public float Minimum { get; }

    /// <summary>The largest raw value.</summary>
    public float Maximum { get; }

    /// <summary>Whether the map has no positive value: no positive evidence for this class at this layer. All values are 0 then.</summary>
    public bool IsEmpty => !(Maximum > 0);

    /// <summary>
    /// Normalises a raw map and brings it to the original picture: bilinearly to the network's input, then back through crop and resize.
    /// </summary>
    /// <param name="raw">[height, width], not normalised.</param>
    /// <param name="height">The map's height.</param>
    /// <param name="width">The map's width.</param>
    /// <param name="geometry">Where the network's input lies in the picture.</param>
    /// <exception cref="InvalidDataException">A value is not finite.</exception>
    public static HeatMap FromRaw(ReadOnlySpan<float> raw, int height, int width, Geometry geometry) =>
        raw.IsEmpty ? throw new ArgumentException("A map has values.", nameof(raw))
            : FromRaw(raw, height, width, geometry, TensorPrimitives.Min(raw), TensorPrimitives.Max(raw));

    /// <summary>The same for one of several maps that share their least and their largest value, such as the frames of a clip.</summary>
    internal static HeatMap FromRaw(ReadOnlySpan<float> raw, int height, int width, Geometry geometry, float minimum, float maximum)
    {
        if (raw.Length != height * width)
            throw new ArgumentException($"A map of {height} x {width} has {height * width} values, not {raw.Length}.", nameof(raw));
        return new HeatMap(geometry, ToInput(Normalized(raw, minimum, maximum), height, width, geometry), minimum, maximum);
    }

    /// <summary>A raw map's values from 0 to 1, between the least and the largest of it, or of several that belong together.</summary>
    /// <exception cref="InvalidDataException">One of these is not finite.</exception>
    internal static float[] Normalized(ReadOnlySpan<float> raw, float minimum, float maximum)
    {
        if (!float.IsFinite(minimum) || !float.IsFinite(maximum))
        {
            throw new InvalidDataException(
                "The map holds values that are not finite: the model's own activations or gradients overflow. "
                + "Check its input and weights.");
        }

        float[] normalized = new float[raw.Length];
        // A constant positive map is evidence everywhere; a map without a positive value is evidence nowhere.
        if (maximum > 0 && maximum > minimum)
        {
            // In double: the range of two floats may be no float.
            double range = (double)maximum - minimum;
            for (int i = 0; i < raw.Length; i++)
                normalized[i] = (float)(((double)raw[i] - minimum) / range);
        }
        else if (maximum > 0)
        {
            Array.Fill(normalized, 1);
        }

        return normalized;
    }

    /// <summary>
    /// The same of a map whose negative values speak against what is explained: the values are those of its positive part.
    /// </summary>
    /// <param name="raw">[height, width], not normalised.</param>
    /// <param name="height">The map's height.</param>
    /// <param name="width">The map's width.</param>
    /// <param name="geometry">Where the network's input lies in the picture.</param>
    /// <exception cref="InvalidDataException">A value is not finite.</exception>
    public static HeatMap FromSigned(ReadOnlySpan<float> raw, int height, int width, Geometry geometry)
    {
        float[] positive = new float[raw.Length];
        TensorPrimitives.Max(raw, 0, positive);
        var map = FromRaw(positive, height, width, geometry);
        float[] shares = new float[raw.Length];
        double largest = Math.Abs(TensorPrimitives.MaxMagnitude(raw));
        for (int i = 0; largest > 0 && i < raw.Length; i++)
            shares[i] = (float)(raw[i] / largest);
        return new HeatMap(geometry, map.AtInput, map.Minimum, map.Maximum)
        {
            Kind = HeatMapKind.Signed,
            signedAtInput = ToInput(shares, height, width, geometry),
        };
    }

    /// <summary>The same of the strengths of single pixels, of which few are high peaks.</summary>
    /// <param name="raw">[height, width], not negative.</param>
    /// <param name="height">The map's height.</param>
    /// <param name="width">The map's width.</param>
    /// <param name="geometry">Where the network's input lies in the picture.</param>
    /// <exception cref="InvalidDataException">A value is not finite.</exception>
    public static HeatMap FromPixels(ReadOnlySpan<float> raw, int height, int width, Geometry geometry)
    {
        var map = FromRaw(raw, height, width, geometry);
        float[] sorted = map.AtInput.ToArray();
        Array.Sort(sorted);
        float full = sorted[Math.Max((int)Math.Ceiling(FullShare * sorted.Length) - 1, 0)];
        return new HeatMap(geometry, map.AtInput, map.Minimum, map.Maximum)
        {
            Kind = HeatMapKind.Pixels,
            Full = full > 0 ? full : 1,
        };
    }

    /// <summary>
    /// The largest part above a share of the maximum, connected along pixels' sides, in the picture's pixels; null if the map is empty.
    /// </summary>
    /// <param name="threshold">The share, from 0 to 1.</param>
    /// <returns>Of equally large parts the uppermost.</returns>
    public PixelBox? LargestPart(float threshold = 0.5f)
    {
        float maximum = TensorPrimitives.Max(Values);
        return maximum > 0 ? ConnectedParts.Largest(Values, Size.Width, threshold * maximum) : null;
    }

    /// <summary>
    /// Forgets <see cref="Values"/>, four bytes a pixel of the picture, for who keeps many maps of large pictures. Whoever asks for them
    /// again has them computed again.
    /// </summary>
    public void ReleaseValues() => values = signed = null;

    private static float[] ToInput(float[] map, int height, int width, Geometry geometry)
    {
        var crop = geometry.Crop;
        return Interpolation.Apply(map, width,
            Interpolation.Axis.Of(width, crop.Width, (double)width / crop.Width, 0),
            Interpolation.Axis.Of(height, crop.Height, (double)height / crop.Height, 0));
    }

    private float[] OnPicture(ReadOnlySpan<float> atInput)
    {
        if (atInput.IsEmpty)
            return [];
        var (across, down) = Axes();
        return Interpolation.Apply(atInput, geometry.Crop.Width, across, down);
    }

    private (Interpolation.Axis Across, Interpolation.Axis Down) Axes()
    {
        var (size, resized, crop) = geometry;
        return (
            Interpolation.Axis.Of(crop.Width, size.Width, (double)resized.Width / size.Width, crop.X),
            Interpolation.Axis.Of(crop.Height, size.Height, (double)resized.Height / size.Height, crop.Y));
    }

    byte[] INotebookOutput.ToPng() => PictureEncoder.ToPng(Rendering.DrawMap(this));

    string INotebookOutput.ToText() => IsEmpty ? "no positive evidence"
        : FormattableString.Invariant($"a map of {Size} pixels, raw values from {Minimum:g4} to {Maximum:g4}");
}
