using GradCamSharp.Imaging;

namespace GradCamSharp.Films;

/// <summary>Writes an animated picture frame by frame; none stays in memory. The same frames give the same bytes.</summary>
public abstract class AnimationWriter
{
    private readonly int unit;
    private TimeSpan shown, written;

    /// <param name="stream">Where it goes.</param>
    /// <param name="size">The frames' size.</param>
    /// <param name="unit">In which the format counts durations, in milliseconds.</param>
    private protected AnimationWriter(Stream stream, PixelSize size, int unit)
    {
        Output = stream;
        Size = size;
        this.unit = unit;
    }

    /// <summary>The frames' size.</summary>
    public PixelSize Size { get; }

    private protected Stream Output { get; }

    /// <summary>Begins an animated WebP (lossy, quality 80) that is shown without end.</summary>
    /// <param name="stream">Where it goes: seekable, since the length stands in front; it is not disposed.</param>
    /// <param name="size">The frames' size; at most 16,383 a side.</param>
    public static AnimationWriter WebP(Stream stream, PixelSize size) => new WebpWriter(stream, size);

    /// <summary>Begins an animated GIF of 255 colours a frame that is shown without end.</summary>
    /// <param name="stream">Where it goes; it is not disposed.</param>
    /// <param name="size">The frames' size; at most 65,535 a side.</param>
    public static AnimationWriter Gif(Stream stream, PixelSize size) => new GifWriter(stream, size);

    /// <summary>Adds a frame.</summary>
    /// <param name="picture">The frame, of the animation's size.</param>
    /// <param name="duration">How long it is shown; what the format cannot count is carried to the next frame.</param>
    /// <exception cref="ArgumentException">The frame is of another size.</exception>
    public void Add(Picture picture, TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (picture.Size != Size)
            throw new ArgumentException($"The frames have {Size} pixels, not {picture.Size}.", nameof(picture));
        shown += duration;
        int count = Math.Max(1, (int)Math.Round((shown - written).TotalMilliseconds / unit));
        written += TimeSpan.FromMilliseconds(count * (long)unit);
        Add(picture, count);
    }

    /// <summary>Ends the animation.</summary>
    public abstract void Complete();

    /// <summary>Adds a frame that is shown so many units.</summary>
    private protected abstract void Add(Picture picture, int duration);
}
