using System.Diagnostics;
using GradCamSharp.Films;
using GradCamSharp.Web.Hosting;
using Microsoft.AspNetCore.Http;

namespace GradCamSharp.Web.Serving;

/// <summary><c>POST /api/film</c>: a film in, the explanations of its frames out, by a model of clips.</summary>
internal sealed class FilmEndpoint(
    ModelShelf models, PictureSource pictures, LongQueue longQueue, RunsUnderWay runs, ServerMetrics metrics)
{
    /// <summary>The most frames of a film, and the longest side of the frames that are answered.</summary>
    public const int MostFrames = 256, LongestSide = 480;

    // What is answered is made in memory.
    private const long MostBytes = 64 << 20;

    public async Task Explain(HttpContext context)
    {
        var query = ExplainQuery.ParseFilm(context.Request.Query, models);
        if (query.Model.Films is not { } films)
        {
            throw new RefusedException(StatusCodes.Status422UnprocessableEntity,
                "This model takes pictures, no clips. Send a picture to /api/explain.");
        }

        using var run = runs.Begin(query.Run, query.Runs, context.RequestAborted);
        ReadOnlyMemory<byte> document;
        try
        {
            document = await pictures.RunFilm(
                context, longQueue.Places, (film, stop) =>
                {
                    run.Start();
                    return films.Use(model => Explain(model, film, query, stop), stop);
                },
                run.Stopped);
        }
        catch (OperationCanceledException) when (run.IsStopped)
        {
            throw new RefusedException(StatusCodes.Status409Conflict, "The run was stopped, as its caller asked.");
        }

        await JsonAnswer.Write(context, document);
    }

    private ReadOnlyMemory<byte> Explain(FilmTargets model, Film film, ExplainQuery query, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        using var running = metrics.Run();
        Check(film.FrameCount ?? 0, 0);
        var result = new ExplainedFilm(query, model.Model.Options.Labels);
        foreach (var part in model.Explain(
            film, query.Methods, query.Asked.Targets, query.Model.Inputs, null, cancellationToken))
        {
            Check(part.First + part.Frames.Count, result.Bytes);
            result.Add(part, cancellationToken);
        }

        Check(0, result.Bytes);
        var document = FilmDocument.Write(query, result, model.Sampling, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        metrics.Ran(query.Model.Source.Name, Stopwatch.GetElapsedTime(start));
        return document;
    }

    private static void Check(int frames, long bytes)
    {
        if (frames > MostFrames)
        {
            throw new RefusedException(StatusCodes.Status422UnprocessableEntity,
                $"The film has more than {MostFrames} frames, the most that this server explains at once. Cut it, or explain it on the " +
                "command line, which takes films of any length.");
        }

        if (bytes > MostBytes)
        {
            throw new RefusedException(StatusCodes.Status422UnprocessableEntity,
                $"The answer would have more than {MostBytes >> 20} MiB. Ask with maps=float32, name fewer methods " +
                "or targets, or cut the film.");
        }
    }
}
