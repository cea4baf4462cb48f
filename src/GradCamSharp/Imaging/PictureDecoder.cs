namespace GradCamSharp.Imaging;

/// <summary>Reads JPEG, PNG, WebP, GIF (the first frame) and BMP.</summary>
/// <remarks>
/// EXIF's orientation is applied. Colours are taken as they are stored, without regard to a colour profile, as Python's Pillow does, with
/// which most networks were trained. What is transparent lies on white.
/// </remarks>
public static class PictureDecoder
{
    /// <summary>Reads a picture from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">What it may cost; <see cref="PictureLimits.Default"/> if null.</param>
    /// <exception cref="PictureException">The file is missing, unreadable, no picture, too large, truncated or damaged.</exception>
    public static Picture Decode(string path, PictureLimits? limits = null)
    {
        using var encoded = EncodedPicture.Open(path, limits);
        return encoded.Decode();
    }

    /// <summary>Reads a picture from a stream, to its end.</summary>
    /// <param name="stream">The compressed picture; it is not disposed.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="limits">What it may cost; <see cref="PictureLimits.Default"/> if null.</param>
    /// <exception cref="PictureException">The stream holds no picture, or one that is too large, truncated or damaged.</exception>
    public static Picture Decode(Stream stream, string name, PictureLimits? limits = null)
    {
        using var encoded = EncodedPicture.Open(stream, name, limits);
        return encoded.Decode();
    }
}
