using System.ComponentModel;
using GradCamSharp.Imaging;
using GradCamSharp.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace GradCamSharp.Web.Serving;

/// <summary>The page and the HTTP API of <c>gradcam serve</c>.</summary>
public static class ExplainServer
{
    private const long FormOverhead = 64 << 10;

    /// <summary>Loads the models, compiles the default method's graph of each, and builds the server.</summary>
    /// <param name="options">What is served.</param>
    /// <param name="binding">Where.</param>
    /// <returns>
    /// A server that has not started; <see cref="WebServer.RunAsync"/> runs it. The caller disposes, and with it the models.
    /// </returns>
    /// <exception cref="OnnxGrad.ModelException">A model cannot be explained.</exception>
    /// <exception cref="ArgumentException">Two models have one name.</exception>
    public static WebApplication Create(ServeOptions options, Binding binding)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.PictureMemory < options.LeastPictureMemory)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"The memory for pictures is {options.PictureMemory >> 20} MiB; give at least {options.LeastPictureMemory >> 20} MiB: ") +
                "one picture of the largest size allowed, as a file and decoded, has to fit.");
        }

        var builder = WebServer.CreateBuilder(binding, options.LargestBody + FormOverhead);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<RunsUnderWay>();
        builder.Services.AddSingleton<ModelShelf>();
        builder.Services.AddSingleton(_ => new ExplainQueue(options.Runs, options.QueueLength, options.Timeout));
        builder.Services.AddSingleton(_ => new PictureMemory(options.PictureMemory));
        builder.Services.AddSingleton(services => new KeptPictures(
            services.GetRequiredService<PictureMemory>(), options.KeptFor, TimeProvider.System));
        builder.Services.AddSingleton<LongQueue>();
        builder.Services.AddSingleton<PictureSource>();
        builder.Services.AddSingleton<ServerMetrics>();
        builder.Services.AddSingleton<ExplainEndpoint>();
        builder.Services.AddSingleton<DescribeEndpoint>();
        builder.Services.AddSingleton<PicturesEndpoint>();
        builder.Services.AddSingleton<CompareEndpoint>();
        builder.Services.AddSingleton<FilmEndpoint>();
        builder.Services.AddHostedService<OtherGraphs>();
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = LayersDocument.Json.PropertyNamingPolicy;
            json.SerializerOptions.Encoder = LayersDocument.Json.Encoder;
        });
        ApiDescription.Add(builder.Services);
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("gradcam", autoGenerateServiceInstanceId: false))
            .WithMetrics(metrics => metrics
            .AddMeter(ServerMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            .AddPrometheusExporter());
        var app = WebServer.Build(builder, binding, "/openapi.json describes what there is.");
        try
        {
            Map(app);
            return app;
        }
        catch
        {
            ((IDisposable)app).Dispose();
            throw;
        }
    }

    private static void Map(WebApplication app)
    {
        var models = app.Services.GetRequiredService<ModelShelf>();
        var options = app.Services.GetRequiredService<ServeOptions>();
        var samples = new EmbeddedAssets("samples/");
        var explain = app.Services.GetRequiredService<ExplainEndpoint>();
        var describe = app.Services.GetRequiredService<DescribeEndpoint>();
        var pictures = app.Services.GetRequiredService<PicturesEndpoint>();
        var film = app.Services.GetRequiredService<FilmEndpoint>();
        var compare = app.Services.GetRequiredService<CompareEndpoint>();
        foreach (var model in models.All)
            explain.WarmUp(model, samples[samples.Names[0]]);
        app.MapPost("/api/explain", (Delegate)explain.Explain)
            .WithSummary("Explains a picture").TakesExplainQuery().TakesPicture(isRequired: false)
            .Produces<ExplainedSchema>().ProducesProblem(409).RefusesPictures().ProducesProblem(404).ProducesProblem(410)
            .ProducesProblem(503);
        app.MapPost("/api/film", (Delegate)film.Explain)
            .WithSummary("Explains a film by a model of clips, frame by frame").TakesFilmQuery().TakesFilm()
            .Produces<FilmSchema>().ProducesProblem(409).RefusesPictures().ProducesProblem(404).ProducesProblem(503);
        app.MapGet("/api/estimate", explain.Estimate)
            .WithSummary("About how long an explanation would take").TakesChoiceQuery().ProducesProblem(400).ProducesProblem(404);
        app.MapGet("/api/runs/{run}", explain.Progress)
            .WithSummary("How far an explanation is that was asked for under this name").ProducesProblem(404);
        app.MapDelete("/api/runs/{run}", explain.Stop).WithSummary("Stops it").ProducesProblem(404);
        app.MapPost("/api/describe", (Delegate)describe.Describe)
            .WithSummary("What a model does, and what it says of a picture").TakesDescribeQuery().TakesPicture(isRequired: false)
            .Produces<DescribedSchema>().RefusesPictures().ProducesProblem(404).ProducesProblem(410).ProducesProblem(503);
        app.MapPost("/api/pictures", (Delegate)pictures.Keep)
            .WithSummary("Keeps a picture for requests to come").TakesPicture(isRequired: true).RefusesPictures();
        app.MapDelete("/api/pictures/{picture}", pictures.Forget).WithSummary("Forgets a picture");
        app.MapPost("/api/compare", compare.Compare)
            .WithSummary("Which of several methods to believe for a model, by kept pictures").Produces<object>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(410).ProducesProblem(422)
            .ProducesProblem(429).ProducesProblem(503);
        app.MapGet("/api/models", (HttpContext context) => Fresh(context, ModelsDocument.Of(models, options)))
            .WithSummary("The models that are served, the methods, and the limits");
        app.MapGet("/api/layers", (
                HttpContext context,
                [Description("The name of a model that is served. Default: the first.")] string? model) =>
                    Fresh(context, models.Find(string.IsNullOrEmpty(model) ? null : model).Layers))
            .WithSummary("The layers of a model that can be explained").ProducesProblem(404);
        app.MapGet("/healthz", (HttpContext context) => Fresh(context, new HealthDocument("ok")))
            .WithSummary("A sign of life; needs no token").WithMetadata(OpenToAll.Mark);
        app.MapOpenApi("/openapi.json");
        app.MapPrometheusScrapingEndpoint("/metrics");

        var page = new EmbeddedAssets("page/", EmbeddedAssets.Shared);
        page.MapFile(app, "/", "index.html");
        page.MapFile(app, "/compare", "compare.html");
        page.Map(app, "/page/");
        samples.Map(app, "/samples/");
        app.MapGet("/page/settings.json", (HttpContext context) => Fresh(context, Settings(samples, options))).ExcludeFromDescription();
    }

    private static Ok<T> Fresh<T>(HttpContext context, T document)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(document);
    }

    /// <summary>What the page draws with: the tool's own colours, so that both draw the same.</summary>
    private static object Settings(EmbeddedAssets samples, ServeOptions options) => new
    {
        options.Command,
        options = options.CommandOptions,
        layer = options.Explainer.Layer,
        samples = samples.Names,
        signed = Convert.ToBase64String(Table(ColorMap.BlueRed)),
        colormaps = ColorMap.All.Select(m => new { m.Name, colors = Convert.ToBase64String(Table(m)) }),
    };

    private static byte[] Table(ColorMap map) =>
        [.. Enumerable.Range(0, 256).Select(i => map[i / 255f]).SelectMany(c => (byte[])[c.R, c.G, c.B])];

    /// <summary>Compiles the other methods' graphs once the server answers, so that a click finds them ready.</summary>
    private sealed class OtherGraphs(ModelShelf models) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(
            () =>
            {
                foreach (var model in models.All)
                    model.WarmAll(stoppingToken);
            },
            stoppingToken);
    }
}
