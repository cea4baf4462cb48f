using GradCamSharp.Notebooks;

namespace GradCamSharp.Imaging;

/// <summary>A decoded picture: 8-bit RGB, interleaved, rows from top to bottom without padding, upright.</summary>
[TypeFormatterSource(typeof(NotebookFormatters), PreferredMimeTypes = [NotebookFormatters.Png, NotebookFormatters.Text])]
public sealed class Picture : INotebookOutput
{
    private readonly byte[] pixels;

    /// <summary>Takes over the array <paramref name="pixels"/>; it is not copied.</summary>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="pixels">R, G, B of every pixel, <c>width * height * 3</c> bytes.</param>
    /// <exception cref="ArgumentException">The array's length does not fit the size.</exception>
    public Picture(int width, int height, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (pixels.Length != 3L * width * height)
        {
            throw new ArgumentException(
                $"{width} x {height} RGB pixels take {3L * width * height} bytes, not {pixels.Length}.", nameof(pixels));
        }

        (Width, Height, this.pixels) = (width, height, pixels);
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Width and height in pixels.</summary>
    public PixelSize Size => new(Width, Height);

    /// <summary>R, G, B of every pixel: <c>[Height, Width, 3]</c>.</summary>
    public ReadOnlySpan<byte> Pixels => pixels;

    /// <summary>R, G, B of the pixels of one row: <c>[Width, 3]</c>.</summary>
    public ReadOnlySpan<byte> Row(int y) => pixels.AsSpan(y * Width * 3, Width * 3);

    byte[] INotebookOutput.ToPng() => PictureEncoder.ToPng(this);

    string INotebookOutput.ToText() => $"a picture of {Size} pixels";
}
