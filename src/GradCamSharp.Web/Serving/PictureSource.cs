using GradCamSharp.Films;
using GradCamSharp.Imaging;
using GradCamSharp.Web.Hosting;
using Microsoft.AspNetCore.Http;
using OnnxGrad;

namespace GradCamSharp.Web.Serving;

/// <summary>
/// Where the pictures of requests come from: a body, or one that is kept under a handle. No path is ever made of a request.
/// </summary>
internal sealed class PictureSource(ServeOptions options, ExplainQueue queue, PictureMemory memory, KeptPictures kept)
{
    private readonly PictureLimits limits = new() { MaximumBytes = options.LargestBody, MaximumPixels = options.MostPixels };
    private readonly PictureForm form = new(memory, queue, options.Timeout, "image", "picture");
    private readonly PictureForm films = new(memory, queue, options.Timeout, "film", "film");

    /// <summary>The limits that pictures are decoded within.</summary>
    public PictureLimits Limits => limits;

    /// <summary>Does work on a request's picture when its turn has come.</summary>
    /// <param name="context">The request.</param>
    /// <param name="handle">The handle of a kept picture; null where the body holds one.</param>
    /// <param name="places">The places that it waits for.</param>
    /// <param name="work">Is given what decodes the picture; ends soon after its token is cancelled.</param>
    /// <param name="stopped">The caller has gone, or wants it stopped.</param>
    /// <exception cref="RefusedException">There is no picture, or what it or the model does not allow.</exception>
    public async Task<T> Run<T>(
        HttpContext context, string? handle, ExplainQueue places, Func<Func<Picture>, CancellationToken, T> work,
        CancellationToken stopped)
    {
        if (handle is not null)
        {
            var picture = kept.Find(handle);
            return await places.Run(stop => Refusing(() => work(() => picture, stop)), stopped);
        }

        using var body = await form.Read(context.Request, stopped);
        return await places.Run(stop => Refusing(() => work(() => Decode(body), stop)), stopped);
    }

    /// <summary>Does work on a request's film when its turn has come.</summary>
    /// <param name="context">The request.</param>
    /// <param name="places">The places that it waits for.</param>
    /// <param name="work">Is given the film; ends soon after its token is cancelled.</param>
    /// <param name="stopped">The caller has gone, or wants it stopped.</param>
    /// <exception cref="RefusedException">There is no film, or what it or the model does not allow.</exception>
    public async Task<T> RunFilm<T>(
        HttpContext context, ExplainQueue places, Func<Film, CancellationToken, T> work, CancellationToken stopped)
    {
        using var body = await films.Read(context.Request, stopped);
        return await places.Run(stop => Refusing(() => ArrivedFilm.Use(body, limits, film => work(film, stop))), stopped);
    }

    /// <summary>A picture that a target names: one that is kept.</summary>
    /// <exception cref="RefusedException">The name is no handle.</exception>
    public Picture Named(string handle) => handle.Length == 32 && handle.All(char.IsAsciiHexDigitLower) ? kept.Find(handle)
        : throw RefusedException.BadRequest($"This server reads no files, so no '{RefusedException.Shown(handle)}'. Send the other " +
            "picture to /api/pictures and name the handle that it answers: similarity:HANDLE.");

    /// <summary>What a picture or a model does not allow is the caller's to know.</summary>
    private static T Refusing<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is PictureException or FilmException or ModelException or InvalidDataException or ArgumentException)
        {
            throw new RefusedException(StatusCodes.Status422UnprocessableEntity, e.Message);
        }
    }

    private Picture Decode(ArrivingPicture body)
    {
        using var stream = body.OpenRead();
        return PictureDecoder.Decode(stream, "image", limits);
    }
}
