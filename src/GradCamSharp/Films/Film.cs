using GradCamSharp.Imaging;

namespace GradCamSharp.Films;

/// <summary>Frames one after the other: a folder of pictures, an animated GIF or WebP, or a file that ffmpeg decodes.</summary>
/// <remarks>Frames are read as they are asked for: a film of any length takes the memory of a few frames.</remarks>
public abstract class Film
{
    private static readonly HashSet<string> Decoded = new(
        [".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".wmv", ".flv", ".ogv", ".3gp", ".mts", ".m2ts"],
        StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Animated = new([".gif", ".webp"], StringComparer.OrdinalIgnoreCase);

    /// <param name="name">What messages call the film.</param>
    private protected Film(string name) => Name = name;

    /// <summary>The film's path.</summary>
    public string Name { get; }

    /// <summary>How many frames it has, where that is known before they are decoded.</summary>
    /// <exception cref="PictureException">It is no picture, or one that is too large.</exception>
    public virtual int? FrameCount => null;

    /// <summary>Whether films other than folders and animations can be decoded: whether ffmpeg is installed.</summary>
    public static bool HasDecoder => FfmpegFilm.IsInstalled;

    /// <summary>The frames in their order, all of one size. They are read anew each time.</summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="FilmException">The film has no frames, cannot be read, or is damaged.</exception>
    public IEnumerable<FilmFrame> Frames(CancellationToken cancellationToken = default)
    {
        PixelSize? size = null;
        int count = 0;
        foreach (var frame in Read(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            size ??= frame.Picture.Size;
            if (frame.Picture.Size != size)
            {
                throw new FilmException(
                    FilmError.Damaged, Name, $"frame {count} has {frame.Picture.Size} pixels, the first has {size}",
                    "Give frames of one size.");
            }

            count++;
            yield return frame;
        }

        if (count == 0)
            throw new FilmException(FilmError.NoFrames, Name, "a film without frames", "Give a folder of pictures or a film that has " +
                "some.");
    }

    /// <summary>Opens a film; nothing is decoded yet.</summary>
    /// <param name="path">A folder of pictures, whose names give their order; an animated GIF or WebP; a file that ffmpeg reads.</param>
    /// <param name="options">How it is read; null for the defaults.</param>
    /// <exception cref="FilmException">There is no such film, it has no frames, or ffmpeg is needed and is not there.</exception>
    public static Film Open(string path, FilmOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new FilmOptions();
        if (Directory.Exists(path))
            return new FolderFilm(path, options);
        if (!File.Exists(path))
            throw new FilmException(FilmError.Unreadable, path, "there is no such file or folder", "Check the path.");
        return Decoded.Contains(Path.GetExtension(path)) ? FfmpegFilm.Open(path, options.Limits) : new AnimatedFilm(path, options.Limits);
    }

    /// <summary>An animated GIF or WebP that is no file, or a picture: a film of one frame. Nothing is decoded yet.</summary>
    /// <param name="open">Opens its bytes; they are read anew each time that frames are asked for.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="options">How it is read; null for the defaults.</param>
    public static Film Open(Func<Stream> open, string name, FilmOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var limits = (options ?? new FilmOptions()).Limits;
        return new AnimatedFilm(name, () =>
        {
            using var stream = open();
            return EncodedPicture.Open(stream, name, limits);
        });
    }

    /// <summary>Whether a file is a film by its name: one that ffmpeg reads, or a GIF or WebP of several frames.</summary>
    /// <param name="path">The file.</param>
    public static bool IsFilm(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string ending = Path.GetExtension(path);
        return Decoded.Contains(ending) || (Animated.Contains(ending) && AnimatedFilm.HasSeveralFrames(path));
    }

    /// <summary>Reads the frames.</summary>
    private protected abstract IEnumerable<FilmFrame> Read(CancellationToken cancellationToken);
}
