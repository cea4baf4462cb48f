using GradCamSharp.Imaging;

namespace GradCamSharp.Films;

/// <summary>An animated GIF or WebP; a picture of one frame is a film of one.</summary>
internal sealed class AnimatedFilm(string path, PictureLimits limits) : Film(path)
{
    /// <summary>Whether a GIF or WebP has several frames; false where it cannot be read.</summary>
    public static bool HasSeveralFrames(string path)
    {
        try
        {
            using var encoded = EncodedPicture.Open(path, PictureLimits.Default);
            return encoded.FrameCount > 1;
        }
        catch (PictureException)
        {
            return false;
        }
    }

    private protected override IEnumerable<FilmFrame> Read(CancellationToken cancellationToken)
    {
        using var encoded = EncodedPicture.Open(Name, limits);
        foreach (var (picture, duration) in encoded.Frames(cancellationToken))
            yield return new FilmFrame(picture, duration);
    }
}
