using GradCamSharp.Imaging;
using SkiaSharp;

namespace GradCamSharp.Scenes;

/// <summary>One object of a scene, as it is seen.</summary>
/// <param name="Class">Its class, one of <see cref="SceneClasses.Names"/>.</param>
/// <param name="Box">The smallest rectangle around its visible pixels: left, top, width, height in pixels.</param>
/// <param name="Pixels">The number of its visible pixels.</param>
/// <param name="Truncated">Whether the picture's edge cuts off a part.</param>
/// <param name="Occluded">Whether another object hides a part (more than one pixel in twenty).</param>
public sealed record SceneObject(string Class, (int X, int Y, int Width, int Height) Box, int Pixels, bool Truncated, bool Occluded);

/// <summary>A picture and the truth about it. The caller disposes it.</summary>
public sealed class Scene : IDisposable
{
    private readonly SKBitmap picture;
    private readonly byte[] ids;

    internal Scene(SKBitmap picture, byte[] ids, IReadOnlyList<SceneObject> objects)
    {
        this.picture = picture;
        this.ids = ids;
        Objects = objects;
    }

    /// <summary>Width and height in pixels.</summary>
    public int Size => picture.Width;

    /// <summary>The objects, from the back to the front.</summary>
    public IReadOnlyList<SceneObject> Objects { get; }

    /// <summary>One byte a pixel, row by row: 0 where no object is, k where the k-th of <see cref="Objects"/> is seen (from 1).</summary>
    public ReadOnlySpan<byte> ObjectIds => ids;

    /// <summary>The colours, row by row: four bytes a pixel, red, green, blue and 255.</summary>
    public ReadOnlySpan<byte> Rgba => picture.GetPixelSpan();

    /// <summary>The pixels, to be changed by what is planted.</summary>
    internal SKBitmap Bitmap => picture;

    /// <summary>The picture as a JPEG file's bytes.</summary>
    public byte[] ToJpeg()
    {
        using var pixels = picture.PeekPixels();
        using var data = pixels.Encode(new SKJpegEncoderOptions(95, SKJpegEncoderDownsample.Downsample444, SKJpegEncoderAlphaOption.Ignore))
            ?? throw new InvalidOperationException("The picture could not be encoded as JPEG.");
        return data.ToArray();
    }

    /// <summary>The colours as a picture to explain.</summary>
    internal Picture ToPicture()
    {
        byte[] rgb = new byte[Size * Size * 3];
        for (int i = 0; i < ids.Length; i++)
            Rgba.Slice(i * 4, 3).CopyTo(rgb.AsSpan(i * 3));
        return new Picture(Size, Size, rgb);
    }

    /// <summary>Releases the picture.</summary>
    public void Dispose() => picture.Dispose();
}
