using GradCamSharp.Films;
using GradCamSharp.Imaging;
using GradCamSharp.Web.Hosting;
using Microsoft.AspNetCore.Http;

namespace GradCamSharp.Web.Serving;

/// <summary>
/// A film that a request sent. Animations are read from memory; ffmpeg, where it is installed, reads a file, which is deleted afterwards.
/// </summary>
internal static class ArrivedFilm
{
    // How files of pictures begin: these are decoded here, whatever else is ffmpeg's.
    private static readonly byte[][] Pictures = ["GIF8"u8.ToArray(), "RIFF"u8.ToArray(), [0x89, (byte)'P'], [0xff, 0xd8], "BM"u8.ToArray()];

    /// <summary>Uses the film.</summary>
    /// <param name="body">The bytes that arrived.</param>
    /// <param name="limits">What a frame may cost.</param>
    /// <param name="use">What is done with it.</param>
    /// <exception cref="RefusedException">Its kind is not read here.</exception>
    public static T Use<T>(ArrivingPicture body, PictureLimits limits, Func<Film, T> use)
    {
        var options = new FilmOptions { Limits = limits };
        if (IsPicture(body))
            return use(Film.Open(body.OpenRead, "film", options));
        if (!Film.HasDecoder)
        {
            throw new RefusedException(StatusCodes.Status422UnprocessableEntity,
                "This is neither an animated GIF nor an animated WebP, and no ffmpeg is installed on the server for other films.");
        }

        var folder = Directory.CreateTempSubdirectory("gradcam-film-");
        string path = Path.Combine(folder.FullName, "film.mp4");
        try
        {
            using (var file = File.Create(path))
            using (var bytes = body.OpenRead())
                bytes.CopyTo(file);
            return use(Film.Open(path, options));
        }
        catch (FilmException e)
        {
            // The folder is nobody's business.
            throw new RefusedException(
                StatusCodes.Status422UnprocessableEntity, e.Message.Replace(path, "film", StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static bool IsPicture(ArrivingPicture body)
    {
        byte[] start = new byte[12];
        using var bytes = body.OpenRead();
        int read = bytes.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        // AVI begins as WebP does.
        return Array.Exists(Pictures, p => start.AsSpan(0, read).StartsWith(p))
            && (start[0] != 'R' || start.AsSpan(8).SequenceEqual("WEBP"u8));
    }
}
