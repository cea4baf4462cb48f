using System.Diagnostics;
using System.Globalization;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using GradCamSharp.Web.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GradCamSharp.Web.Serving;

/// <summary>
/// <c>POST /api/explain</c>: a picture in, its explanations out. <c>GET /api/estimate</c>: how long that would take.
/// <c>/api/runs/NAME</c>: how far it is, and to stop it.
/// </summary>
internal sealed class ExplainEndpoint(
    ServeOptions options, ModelShelf models, PictureSource pictures, ExplainQueue queue, LongQueue longQueue, RunsUnderWay runs,
    ServerMetrics metrics)
{
    /// <summary>Explains a picture as a request would, so that the first request finds everything loaded and compiled.</summary>
    public void WarmUp(ServedModel model, ReadOnlyMemory<byte> picture)
    {
        var decoded = PictureDecoder.Decode(new MemoryStream(picture.ToArray()), "image", pictures.Limits);
        if (model.Films is { } films)
        {
            model.WarmUp(() => films.Use(m => m.Model.Read(m.Model.Zeros(model.Inputs)), CancellationToken.None));
            return;
        }

        if (model.Classifier is null)
        {
            model.WarmUp(() => model.Targets.Use(
                false, m => m.Read(decoded, model.Inputs, CancellationToken.None), CancellationToken.None));
            return;
        }

        var query = new ExplainQuery(
            model, [model.Method], new Asked([ClassRequest.Top1], [], model.Layer(null), null), MapForm.Float32, ColorMap.Turbo, 1,
            null, null, 0, 0);
        model.WarmUp(() => Explain(query, () => decoded, CancellationToken.None));
    }

    public async Task Explain(HttpContext context)
    {
        var query = ExplainQuery.Parse(context.Request.Query, models);
        query.Model.CheckTakesPictures();
        if (query.Seconds > options.LongTimeout.TotalSeconds)
        {
            throw new RefusedException(StatusCodes.Status422UnprocessableEntity, string.Create(CultureInfo.InvariantCulture,
                $"This would take about {query.Seconds:0} s, and the server stops runs after {options.LongTimeout.TotalSeconds:0} s. ") +
                "Set parameters that ask for fewer runs, or name fewer methods, classes or targets.");
        }

        using var run = runs.Begin(query.Run, query.Runs, context.RequestAborted);
        ReadOnlyMemory<byte> document;
        try
        {
            document = await pictures.Run(context, query.Picture, query.IsLong ? longQueue.Places : queue, (picture, stop) =>
            {
                run.Start();
                return Explain(query, picture, stop);
            }, run.Stopped);
        }
        catch (OperationCanceledException) when (run.IsStopped)
        {
            throw new RefusedException(StatusCodes.Status409Conflict, "The run was stopped, as its caller asked.");
        }

        await JsonAnswer.Write(context, document);
    }

    /// <summary>About how long an explanation would take.</summary>
    public Ok<EstimateDocument> Estimate(HttpContext context)
    {
        var query = ExplainQuery.ParseChoice(context.Request.Query, models);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new EstimateDocument(query.Runs, Math.Round(query.Seconds, 2), query.Seconds > ExplainQuery.AskFrom));
    }

    /// <summary>How far a run is.</summary>
    public Ok<RunDocument> Progress(HttpContext context, string run)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(runs.Find(run).Document());
    }

    /// <summary>Stops a run.</summary>
    public NoContent Stop(string run)
    {
        runs.Find(run).Stop();
        return TypedResults.NoContent();
    }

    private ReadOnlyMemory<byte> Explain(ExplainQuery query, Func<Picture> pictureOf, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        using var running = metrics.Run();
        var picture = pictureOf();
        cancellationToken.ThrowIfCancellationRequested();
        long begin = Stopwatch.GetTimestamp();
        var (model, asked) = (query.Model, query.Asked);
        var result = asked.Classes is { } classes && model.Classifier is { } classifier
            ? ExplainedPicture.Of(
                classifier, asked.Layer!, classifier.Explain(picture, query.Methods, classes, asked.Layer!, cancellationToken))
            : model.Targets.Use(query.IsLong, m => Explain(m, query, picture, cancellationToken), cancellationToken);
        if (query.Methods.Count < 2 && query.Methods.All(m => m is GraphMethod))
            model.Took(Stopwatch.GetElapsedTime(begin));
        var document = ExplainDocument.Write(query, result, Stopwatch.GetElapsedTime(start).TotalMilliseconds, cancellationToken);
        metrics.Ran(model.Source.Name, Stopwatch.GetElapsedTime(start));
        return document;
    }

    private ExplainedPicture Explain(PictureTargets model, ExplainQuery query, Picture picture, CancellationToken cancellationToken)
    {
        var (served, asked) = (query.Model, query.Asked);
        var texts = served.Compare(model, picture, asked.Texts, cancellationToken);
        var inputs = texts is null ? served.Inputs : served.Inputs.SetItems(texts.Inputs);
        return ExplainedPicture.Of(model, served.Description.Task, texts, model.ExplainAt(
            asked.LayerName, picture, query.Methods, texts?.Meant(asked.Targets) ?? asked.Targets, inputs,
            name => texts?.VectorOf(name) ?? model.Embed(pictures.Named(name), inputs, cancellationToken), cancellationToken));
    }
}

/// <summary>About how long an explanation would take.</summary>
/// <param name="Runs">How often the network runs, beside the run that every explanation has.</param>
/// <param name="Seconds">How long that takes, by what a run took before.</param>
/// <param name="Long">Whether that is so long that a person is better asked first.</param>
internal sealed record EstimateDocument(long Runs, double Seconds, bool Long);
