using System.Text.Json.Nodes;
using GradCamSharp.Evaluation.Comparing;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments.Comparing;
using GradCamSharp.Evaluation.Runs;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Web.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using OnnxGrad;

namespace GradCamSharp.Web.Serving;

/// <summary>What is to be compared.</summary>
/// <param name="Model">The name of a model that is served; the first where none is named.</param>
/// <param name="Pictures">The handles of kept pictures, 2 to 200.</param>
/// <param name="Methods">The methods; every class activation map of one run where none are named.</param>
/// <param name="Run">A name that the caller makes up, under which /api/runs says how far it is.</param>
internal sealed record CompareRequest(string? Model, IReadOnlyList<string>? Pictures, IReadOnlyList<string>? Methods, string? Run);

/// <summary><c>POST /api/compare</c>: which of several methods to believe for a model, by kept pictures.</summary>
internal sealed class CompareEndpoint(ServeOptions options, ModelShelf models, KeptPictures kept, LongQueue longQueue, RunsUnderWay runs)
{
    private const int FewestPictures = 2, MostPictures = 200, MostMethods = 20;

    // What is left is for pictures that take longer than the first ones did.
    private const double ShareOfTimeout = 0.7;

    public async Task<ContentHttpResult> Compare(HttpContext context, CompareRequest request)
    {
        var model = models.Find(request.Model);
        if (model.Classifier is null)
        {
            throw new RefusedException(
                StatusCodes.Status422UnprocessableEntity, "This model is no classifier of pictures. Choose a model that scores classes.");
        }

        var handles = request.Pictures ?? [];
        if (handles.Count is < FewestPictures or > MostPictures)
            throw RefusedException.BadRequest($"'pictures' names {handles.Count} pictures; name {FewestPictures} to {MostPictures}.");
        var methods = Methods(request.Methods ?? []);
        using var run = runs.Begin(
            request.Run, handles.Count + Math.Min(handles.Count, CompareOptions.FirstPictures), context.RequestAborted);
        try
        {
            var document = await longQueue.Places.Run(
                stop =>
                {
                    run.Start();
                    return Compare(model, handles, methods, run, stop);
                },
                run.Stopped);
            context.Response.Headers.CacheControl = "no-store";
            return TypedResults.Content(document.ToJsonString(), "application/json");
        }
        catch (OperationCanceledException) when (run.IsStopped)
        {
            throw new RefusedException(StatusCodes.Status409Conflict, "The run was stopped, as its caller asked.");
        }
    }

    private static string[] Methods(IReadOnlyList<string> names)
    {
        try
        {
            var methods = names.Take(MostMethods + 1).Select(CamMethods.Find).Distinct().ToList();
            if (methods.Count > MostMethods || methods.FirstOrDefault(m => m is not GraphMethod) is { })
                throw RefusedException.BadRequest($"'methods' takes at most {MostMethods} methods that run the network once.");
            return [.. methods.Select(m => m.Name)];
        }
        catch (ArgumentException e)
        {
            throw RefusedException.BadRequest(e.Message);
        }
    }

    // The pictures lie in a folder of their own for as long as it runs: a comparison reads them several times, and keeps records.
    private JsonObject Compare(
        ServedModel model, IReadOnlyList<string> handles, IReadOnlyList<string> methods, RunUnderWay run, CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("gradcam-compare-");
        try
        {
            string pictures = Path.Combine(folder.FullName, "pictures");
            Directory.CreateDirectory(pictures);
            foreach (var (place, handle) in handles.Index())
            {
                stop.ThrowIfCancellationRequested();
                using var file = File.Create(Path.Combine(pictures, FormattableString.Invariant($"{place + 1:000}.png")));
                PictureEncoder.WritePng(kept.Find(handle), file);
            }

            // A network of its own: those with random weights go with it.
            using var explainer = PictureExplainer.Load(
                model.Source.Path, options.Explainer, options.Preprocess, options.Labels);
            var data = DataSet.Open(pictures);
            var comparison = new CompareRun(
                explainer, data, ClassMapping.BuiltIn(data, explainer.Labels, explainer.Model.ClassCount), new CompareOptions
                {
                    Methods = methods,
                    Budget = options.LongTimeout * ShareOfTimeout,
                    Workers = RunThreads.Workers(options.Explainer.Threads),
                });
            string records = Path.Combine(folder.FullName, "run");
            var setup = comparison.Prepare(records, stop);
            var table = comparison.Run(setup, records, new Progress(run), stop);
            return Document((CompareSummary)table.Summary());
        }
        catch (Exception e) when (e is ModelException or InvalidDataException or ArgumentException)
        {
            throw new RefusedException(StatusCodes.Status422UnprocessableEntity, e.Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static JsonObject Document(CompareSummary summary)
    {
        var text = CompareText.Of(summary);
        var document = summary.ToJson();
        document["headline"] = text.Headline;
        document["reasons"] = new JsonArray([.. text.Reasons.Select(r => (JsonNode)r)]);
        document["limits"] = text.Limits;
        document["apart"] = new JsonArray([.. summary.Apart.Select(a => (JsonNode)a.Index)]);
        return document;
    }

    private sealed class Progress(RunUnderWay run) : IProgress<CompareProgress>
    {
        public void Report(CompareProgress value) => run.Report(new GradCamSharp.Runs.RunProgress(value.Run.Done, value.Run.Total));
    }
}
