using System.Diagnostics;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using GradCamSharp.Web.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using OnnxGrad;

namespace GradCamSharp.Web.Serving;

/// <summary>
/// <c>POST /api/explain</c>: a picture in, its explanations out. <c>POST /api/pictures</c> keeps a picture, which further requests name by
/// the handle that it answers.
/// </summary>
internal sealed class ExplainEndpoint(
    ServeOptions options, ModelShelf models, ExplainQueue queue, PictureMemory memory, KeptPictures kept, ServerMetrics metrics)
{
    private readonly PictureLimits limits = new() { MaximumBytes = options.LargestBody, MaximumPixels = options.MostPixels };
    private readonly PictureForm form = new(memory, queue, options.Patience);

    /// <summary>Explains a picture as a request would, so that the first request finds everything loaded and compiled.</summary>
    public void Rehearse(ServedModel model, ReadOnlyMemory<byte> picture)
    {
        var query = new ExplainQuery(
            model, model.Layer(null), [CamMethods.Default], [ClassRequest.Top1], MapForm.Float32, ColorMap.Turbo, 1, null);
        using var body = new MemoryStream(picture.ToArray());
        Explain(query, () => PictureDecoder.Decode(body, "image", limits), CancellationToken.None);
    }

    public async Task Explain(HttpContext context)
    {
        var query = ExplainQuery.Parse(context.Request.Query, models);
        var gone = context.RequestAborted;
        ReadOnlyMemory<byte> document;
        if (query.Picture is { } handle)
        {
            var picture = kept.Find(handle);
            document = await queue.Run(stop => Explain(query, () => picture, stop), gone);
        }
        else
        {
            using var body = await form.Read(context.Request, gone);
            document = await queue.Run(stop => Explain(query, () => Decode(body), stop), gone);
        }

        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = document.Length;
        await context.Response.Body.WriteAsync(document, gone);
    }

    public async Task<Created<KeptDocument>> Keep(HttpContext context)
    {
        Picture picture;
        using (var body = await form.Read(context.Request, context.RequestAborted))
            picture = await queue.Run(_ => Refusing(() => Decode(body)), context.RequestAborted);
        string handle = kept.Keep(picture) ?? throw queue.Full("The memory for pictures is full.");
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created(
            (string?)null, new KeptDocument(handle, picture.Width, picture.Height, (int)kept.Idle.TotalSeconds));
    }

    public NoContent Forget(string picture)
    {
        kept.Forget(picture);
        return TypedResults.NoContent();
    }

    private Picture Decode(ArrivingPicture body)
    {
        using var stream = body.OpenRead();
        return PictureDecoder.Decode(stream, "image", limits);
    }

    private ReadOnlyMemory<byte> Explain(ExplainQuery query, Func<Picture> pictureOf, CancellationToken cancellationToken) => Refusing(() =>
    {
        long start = Stopwatch.GetTimestamp();
        using var running = metrics.Run();
        var picture = pictureOf();
        cancellationToken.ThrowIfCancellationRequested();
        var result = query.Model.Explainer.Explain(picture, query.Methods, query.Classes, query.Layer, cancellationToken);
        var duration = Stopwatch.GetElapsedTime(start);
        var document = ExplainDocument.Write(query, result, duration.TotalMilliseconds, cancellationToken);
        metrics.Ran(query.Model.Source.Name, Stopwatch.GetElapsedTime(start));
        return document;
    });

    /// <summary>What a picture or a model does not allow is the caller's to know.</summary>
    private static T Refusing<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is PictureException or ModelException or InvalidDataException)
        {
            throw new RefusedException(StatusCodes.Status422UnprocessableEntity, e.Message);
        }
    }
}
