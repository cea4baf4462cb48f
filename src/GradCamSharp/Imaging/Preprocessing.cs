using OnnxGrad;

namespace GradCamSharp.Imaging;

/// <summary>From a picture to a network's input: resize, crop, scale, normalise, order of channels.</summary>
/// <remarks>Value of a channel: (pixel * <see cref="Scale"/> - mean) / standard deviation, pixels from 0 to 255.</remarks>
public sealed record Preprocessing
{
    private const int LongestSide = 1 << 20;

    /// <summary>
    /// ImageNet as torchvision has it: shorter side 256, centre crop 224, from 0 to 1, ImageNet's mean and standard deviation.
    /// </summary>
    public static Preprocessing Torch { get; } = new() { Mean = [0.485f, 0.456f, 0.406f], StandardDeviation = [0.229f, 0.224f, 0.225f] };

    /// <summary><see cref="Torch"/> with torchvision's own sizes and offsets (<see cref="ResizeConvention.Torchvision"/>).</summary>
    public static Preprocessing Torchvision { get; } = Torch with { Convention = ResizeConvention.Torchvision };

    /// <summary>ImageNet as Caffe has it: BGR from 0 to 255, ImageNet's mean subtracted.</summary>
    public static Preprocessing Caffe { get; } = new() { Scale = 1, Mean = [103.939f, 116.779f, 123.68f], IsBgr = true };

    /// <summary>From -1 to 1, as TensorFlow's networks want it.</summary>
    public static Preprocessing Tf { get; } = new() { Mean = [0.5f, 0.5f, 0.5f], StandardDeviation = [0.5f, 0.5f, 0.5f] };

    /// <summary>From 0 to 1.</summary>
    public static Preprocessing Unit { get; } = new();

    /// <summary>From 0 to 1, the whole picture in grey bars (<see cref="Imaging.Letterbox"/>): as YOLO's networks want it.</summary>
    public static Preprocessing Yolo { get; } = new()
    {
        ShortestEdge = null,
        CropSize = null,
        ExactSize = new PixelSize(640, 640),
        Letterbox = new Letterbox(114, IsCentred: true),
    };

    /// <summary>
    /// The length that the shorter side is resized to; null where the picture is resized to <see cref="ExactSize"/> or not at all.
    /// </summary>
    public int? ShortestEdge { get; init; } = 256;

    /// <summary>The size that the picture is resized to without regard to its aspect.</summary>
    public PixelSize? ExactSize { get; init; }

    /// <summary>
    /// How a picture of another aspect lies in <see cref="ExactSize"/>, which it then fills along one side alone; null to squeeze it.
    /// </summary>
    public Letterbox? Letterbox { get; init; }

    /// <summary>How it is resized.</summary>
    public ResampleFilter Filter { get; init; } = ResampleFilter.Bilinear;

    /// <summary>What becomes of fractions of a pixel, in the longer side and in the place of the crop.</summary>
    public ResizeConvention Convention { get; init; }

    /// <summary>The size of the part in the middle that is kept; null to keep all.</summary>
    public PixelSize? CropSize { get; init; } = new PixelSize(224, 224);

    /// <summary>What pixels are multiplied with.</summary>
    public float Scale { get; init; } = 1f / 255;

    /// <summary>The mean of each channel, in the network's order.</summary>
    public IReadOnlyList<float> Mean { get; init; } = [0, 0, 0];

    /// <summary>The standard deviation of each channel, in the network's order.</summary>
    public IReadOnlyList<float> StandardDeviation { get; init; } = [1, 1, 1];

    /// <summary>Whether blue comes first.</summary>
    public bool IsBgr { get; init; }

    /// <summary>The network's input size under this preprocessing; null where it is the picture's own.</summary>
    public PixelSize? InputSize => CropSize ?? ExactSize;

    /// <summary>A preset by its name on the command line; null if there is no such preset.</summary>
    public static Preprocessing? Preset(string name) => name?.ToUpperInvariant() switch
    {
        "TORCH" => Torch,
        "TORCHVISION" => Torchvision,
        "CAFFE" => Caffe,
        "TF" => Tf,
        "UNIT" => Unit,
        "YOLO" => Yolo,
        _ => null,
    };

    /// <summary>The same for a network of a fixed input size: another crop, resized in proportion.</summary>
    public Preprocessing ForSize(PixelSize size)
    {
        if (InputSize == size)
            return this;
        if (CropSize is { } crop && ShortestEdge is { } edge)
        {
            int scaled = (int)Math.Round(edge * (double)Math.Min(size.Width, size.Height) / Math.Min(crop.Width, crop.Height));
            return this with { CropSize = size, ShortestEdge = Math.Max(scaled, Math.Max(size.Width, size.Height)) };
        }

        return this with { ShortestEdge = null, ExactSize = size, CropSize = null };
    }

    /// <summary>Resizes and crops.</summary>
    /// <param name="picture">The picture.</param>
    /// <exception cref="ModelException">The picture is so narrow that it cannot be brought to the wanted size.</exception>
    public PreparedPicture Prepare(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var geometry = GeometryOf(picture.Size);
        return Prepared(Resampling.Resize(picture, geometry.Resized, geometry.Kept, Filter), geometry);
    }

    /// <summary>
    /// Reads a file, resizes and crops: the same as preparing the decoded picture, but of most JPEG files no more is decoded than the
    /// network sees.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">What it may cost; <see cref="PictureLimits.Default"/> if null.</param>
    /// <exception cref="PictureException">The file is missing, unreadable, no picture, too large, truncated or damaged.</exception>
    /// <exception cref="ModelException">The picture is so narrow that it cannot be brought to the wanted size.</exception>
    public PreparedPicture Prepare(string path, PictureLimits? limits = null)
    {
        using var encoded = EncodedPicture.Open(path, limits);
        var geometry = GeometryOf(encoded.Size);
        return Prepared(encoded.Resize(geometry.Resized, geometry.Kept, Filter), geometry);
    }

    /// <summary>What scaling and normalisation make of a pixel.</summary>
    /// <param name="pixel">0 to 255.</param>
    /// <param name="channel">The channel, in the network's order.</param>
    /// <param name="channels">The number of channels; where it is 1 the mean over all channels' values normalises.</param>
    internal float Value(int pixel, int channel, int channels)
    {
        float mean = channels == 1 ? Mean.Average() : Mean[channel];
        float deviation = channels == 1 ? StandardDeviation.Average() : StandardDeviation[channel];
        return (float)(((pixel * (double)Scale) - mean) / deviation);
    }

    private static Picture Centred(Picture cut, PixelSize size, int left, int top, byte fill)
    {
        byte[] pixels = new byte[size.Width * size.Height * 3];
        pixels.AsSpan().Fill(fill);
        for (int y = 0; y < cut.Height; y++)
            cut.Row(y).CopyTo(pixels.AsSpan((((top + y) * size.Width) + left) * 3));
        return new Picture(size.Width, size.Height, pixels);
    }

    private Geometry GeometryOf(PixelSize size)
    {
        var resized = Letterbox is not null && ExactSize is { } box ? Letterbox.Fit(size, box) : ExactSize ?? Proportional(size);
        // Between its two steps resampling holds all old rows at the new width, four bytes a pixel.
        if (Math.Max(resized.Width, resized.Height) > LongestSide || 4L * resized.Width * size.Height > Array.MaxLength)
            throw new ModelException($"A picture of {size} pixels is too narrow: resized it would be {resized}. Crop it first.");
        if (Letterbox is not null && ExactSize is { } frame)
            return new Geometry(size, resized, Letterbox.Place(resized, frame));
        var crop = CropSize ?? resized;
        return new Geometry(size, resized,
            new PixelBox(Offset(resized.Width - crop.Width), Offset(resized.Height - crop.Height), crop.Width, crop.Height));
    }

    // What is padded torchvision halves as whole numbers too; only a crop's place it rounds.
    private int Offset(int rest) => Convention == ResizeConvention.Torchvision && rest > 0
        ? (int)Math.Round(rest / 2.0, MidpointRounding.ToEven)
        : rest / 2;

    // Where the crop is larger than the picture the rest is black, as Hugging Face's processors pad; of a letterbox it has its colour.
    private PreparedPicture Prepared(Picture cut, Geometry geometry)
    {
        var crop = geometry.Crop;
        var size = new PixelSize(crop.Width, crop.Height);
        return new PreparedPicture(
            cut.Size == size ? cut : Centred(cut, size, Math.Max(-crop.X, 0), Math.Max(-crop.Y, 0), Letterbox?.Fill ?? 0), geometry, this);
    }

    private PixelSize Proportional(PixelSize size)
    {
        if (ShortestEdge is not { } edge)
            return size;
        int shortest = Math.Min(size.Width, size.Height);
        double factor = (double)edge / shortest;
        return new PixelSize(Scaled(size.Width), Scaled(size.Height));

        // torchvision multiplies before it divides, and the quotient's fraction is cut off: another order may lose a pixel.
        int Scaled(int side) => (int)Math.Clamp(
            Convention == ResizeConvention.Torchvision ? Math.Floor((double)edge * side / shortest) : Math.Round(side * factor),
            1, int.MaxValue);
    }
}
