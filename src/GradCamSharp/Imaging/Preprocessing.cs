using OnnxGrad;

namespace GradCamSharp.Imaging;

/// <summary>From a picture to a network's input: resize, crop, scale, normalise, order of channels.</summary>
/// <remarks>Value of a channel: (pixel * <see cref="Scale"/> - mean) / standard deviation, pixels from 0 to 255.</remarks>
public sealed record Preprocessing
{
    private const int LongestSide = 1 << 20;

    /// <summary>ImageNet as torchvision has it: shorter side 256, centre crop 224, from 0 to 1, ImageNet's mean and deviation.</summary>
    public static Preprocessing Torch { get; } = new() { Mean = [0.485f, 0.456f, 0.406f], Deviation = [0.229f, 0.224f, 0.225f] };

    /// <summary>ImageNet as Caffe has it: BGR from 0 to 255, ImageNet's mean subtracted.</summary>
    public static Preprocessing Caffe { get; } = new() { Scale = 1, Mean = [103.939f, 116.779f, 123.68f], IsBgr = true };

    /// <summary>From -1 to 1, as TensorFlow's networks want it.</summary>
    public static Preprocessing Tf { get; } = new() { Mean = [0.5f, 0.5f, 0.5f], Deviation = [0.5f, 0.5f, 0.5f] };

    /// <summary>From 0 to 1.</summary>
    public static Preprocessing Unit { get; } = new();

    /// <summary>
    /// The length that the shorter side is resized to; null where the picture is resized to <see cref="ExactSize"/> or not at all.
    /// </summary>
    public int? ShortestEdge { get; init; } = 256;

    /// <summary>The size that the picture is resized to without regard to its aspect.</summary>
    public PixelSize? ExactSize { get; init; }

    /// <summary>How it is resized.</summary>
    public ResampleFilter Filter { get; init; } = ResampleFilter.Bilinear;

    /// <summary>The size of the part in the middle that is kept; null to keep all.</summary>
    public PixelSize? CropSize { get; init; } = new PixelSize(224, 224);

    /// <summary>What pixels are multiplied with.</summary>
    public float Scale { get; init; } = 1f / 255;

    /// <summary>The mean of each channel, in the network's order.</summary>
    public IReadOnlyList<float> Mean { get; init; } = [0, 0, 0];

    /// <summary>The standard deviation of each channel, in the network's order.</summary>
    public IReadOnlyList<float> Deviation { get; init; } = [1, 1, 1];

    /// <summary>Whether blue comes first.</summary>
    public bool IsBgr { get; init; }

    /// <summary>The network's input size under this preprocessing; null where it is the picture's own.</summary>
    public PixelSize? InputSize => CropSize ?? ExactSize;

    /// <summary>A preset by its name on the command line; null if there is no such preset.</summary>
    public static Preprocessing? Preset(string name) => name?.ToUpperInvariant() switch
    {
        "TORCH" => Torch,
        "CAFFE" => Caffe,
        "TF" => Tf,
        "UNIT" => Unit,
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
    /// <exception cref="ModelException">The picture is so narrow that it cannot be brought to the wanted size.</exception>
    public PreparedPicture Prepare(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var resized = ExactSize ?? Proportional(picture.Size);
        if (Math.Max(resized.Width, resized.Height) > LongestSide)
            throw new ModelException($"A picture of {picture.Size} pixels is too narrow: resized it would be {resized}. Crop it first.");
        var crop = CropSize ?? resized;
        // Where the crop is larger than the picture the rest is black, as Hugging Face's processors pad.
        int left = (resized.Width - crop.Width) / 2, top = (resized.Height - crop.Height) / 2;
        var part = new PixelBox(
            Math.Max(left, 0), Math.Max(top, 0), Math.Min(crop.Width, resized.Width), Math.Min(crop.Height, resized.Height));
        var cut = Resampling.Resize(picture, resized, part, Filter);
        var geometry = new Geometry(picture.Size, resized, new PixelBox(left, top, crop.Width, crop.Height));
        return new PreparedPicture(cut.Size == crop ? cut : Centred(cut, crop, Math.Max(-left, 0), Math.Max(-top, 0)), geometry, this);
    }

    private static Picture Centred(Picture cut, PixelSize size, int left, int top)
    {
        byte[] pixels = new byte[size.Width * size.Height * 3];
        for (int y = 0; y < cut.Height; y++)
            cut.Row(y).CopyTo(pixels.AsSpan((((top + y) * size.Width) + left) * 3));
        return new Picture(size.Width, size.Height, pixels);
    }

    private PixelSize Proportional(PixelSize size)
    {
        if (ShortestEdge is not { } edge)
            return size;
        double factor = (double)edge / Math.Min(size.Width, size.Height);
        return new PixelSize(Scaled(size.Width), Scaled(size.Height));

        int Scaled(int side) => (int)Math.Clamp(Math.Round(side * factor), 1, int.MaxValue);
    }
}
