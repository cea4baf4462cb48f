using System.Diagnostics;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using GradCamSharp.Web.Hosting;
using Microsoft.AspNetCore.Http;
using OnnxGrad;

namespace GradCamSharp.Web.Serving;

/// <summary><c>POST /api/explain</c>: a picture in, its explanations out.</summary>
internal sealed class ExplainEndpoint(ServeOptions options, ModelShelf models, ExplainQueue queue, ServerMetrics metrics)
{
    private readonly PictureLimits limits = new() { MaximumBytes = options.LargestBody, MaximumPixels = options.MostPixels };

    /// <summary>Explains a picture as a request would, so that the first request finds everything loaded and compiled.</summary>
    public void Rehearse(ServedModel model, ReadOnlyMemory<byte> picture)
    {
        var query = new ExplainQuery(
            model, model.Layer(null), [CamMethods.Default], [ClassRequest.Top1], MapForm.Float32, ColorMap.Turbo, 1);
        using var body = new MemoryStream(picture.ToArray());
        Explain(query, body, CancellationToken.None);
    }

    public async Task Invoke(HttpContext context)
    {
        var query = ExplainQuery.Parse(context.Request.Query, models);
        using var place = queue.Enter();
        using var body = await PictureForm.Read(context.Request, options.Patience, context.RequestAborted);
        var document = await queue.Run(cancellationToken => Explain(query, body, cancellationToken), context.RequestAborted);
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = document.Length;
        await context.Response.Body.WriteAsync(document, context.RequestAborted);
    }

    private ReadOnlyMemory<byte> Explain(ExplainQuery query, MemoryStream body, CancellationToken cancellationToken)
    {
        try
        {
            long start = Stopwatch.GetTimestamp();
            using var running = metrics.Run();
            var picture = PictureDecoder.Decode(body, "image", limits);
            cancellationToken.ThrowIfCancellationRequested();
            var result = query.Model.Explainer.Explain(picture, query.Methods, query.Classes, query.Layer, cancellationToken);
            var duration = Stopwatch.GetElapsedTime(start);
            var document = ExplainDocument.Write(query, result, duration.TotalMilliseconds, cancellationToken);
            metrics.Ran(query.Model.Source.Name, Stopwatch.GetElapsedTime(start));
            return document;
        }
        catch (Exception e) when (e is PictureException or ModelException or InvalidDataException)
        {
            throw new RefusedException(StatusCodes.Status422UnprocessableEntity, e.Message);
        }
    }
}
