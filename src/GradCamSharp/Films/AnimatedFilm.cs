using GradCamSharp.Imaging;

namespace GradCamSharp.Films;

/// <summary>An animated GIF or WebP; a picture of one frame is a film of one.</summary>
/// <param name="name">What messages call it.</param>
/// <param name="open">Opens the file.</param>
internal sealed class AnimatedFilm(string name, Func<EncodedPicture> open) : Film(name)
{
    public AnimatedFilm(string path, PictureLimits limits)
        : this(path, () => EncodedPicture.Open(path, limits))
    {
    }

    /// <inheritdoc/>
    public override int? FrameCount
    {
        get
        {
            using var encoded = open();
            return encoded.FrameCount;
        }
    }

    /// <summary>Whether a GIF or WebP has several frames; false where it cannot be read.</summary>
    public static bool HasSeveralFrames(string path)
    {
        try
        {
            return new AnimatedFilm(path, PictureLimits.Default).FrameCount > 1;
        }
        catch (PictureException)
        {
            return false;
        }
    }

    private protected override IEnumerable<FilmFrame> Read(CancellationToken cancellationToken)
    {
        using var encoded = open();
        foreach (var (picture, duration) in encoded.Frames(cancellationToken))
            yield return new FilmFrame(picture, duration);
    }
}
