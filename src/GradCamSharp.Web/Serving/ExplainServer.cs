using System.Text.Json;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace GradCamSharp.Web.Serving;

/// <summary>The page and the HTTP API of <c>gradcam serve</c>.</summary>
public static class ExplainServer
{
    private const long FormOverhead = 64 << 10;
    private static readonly JsonSerializerOptions Plain = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

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
        var builder = WebServer.CreateBuilder(binding, options.LargestBody + FormOverhead);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<ModelShelf>();
        builder.Services.AddSingleton(_ => new ExplainQueue(options.Runs, options.QueueLength, options.Patience));
        builder.Services.AddSingleton<ServerMetrics>();
        builder.Services.AddSingleton<ExplainEndpoint>();
        builder.Services.AddHostedService<OtherGraphs>();
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
        foreach (var model in models.All)
            explain.Rehearse(model, samples[samples.Names[0]]);
        app.MapPost("/api/explain", explain.Invoke);
        app.MapGet("/api/models", context => Json(context, Models(models, options)));
        app.MapGet("/api/layers", context => Json(context, Layers(models.Find(ExplainQuery.One(context.Request.Query, "model")))));
        app.MapGet("/healthz", context => Json(context, new { status = "ok" })).WithMetadata(OpenToAll.Mark);
        app.MapPrometheusScrapingEndpoint("/metrics");

        var page = new EmbeddedAssets("page/");
        page.MapFile(app, "/", "index.html");
        page.MapFile(app, "/openapi.json", "openapi.json");
        page.Map(app, "/page/");
        samples.Map(app, "/samples/");
        app.MapGet("/page/settings.json", context => Json(context, Settings(samples, options)));
    }

    private static Task Json(HttpContext context, object document)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(document, document.GetType(), Plain, contentType: null, context.RequestAborted);
    }

    private static object Models(ModelShelf models, ServeOptions options) => new
    {
        models = models.All.Select(m => new
        {
            m.Source.Name,
            m.Source.Argument,
            classes = m.Explainer.Model.ClassCount,
            labels = Enumerable.Range(0, (int)Math.Min(m.Explainer.Model.ClassCount, 100_000)).Select(i => m.Explainer.Labels[i]),
            activation = m.Explainer.Model.Score.Activation.ToString().ToLowerInvariant(),
            layer = new { m.Explainer.Model.Layer.Name, shape = m.Explainer.Model.Layer.Shape.ToArray(), m.Explainer.Model.Layer.Reason },
            preprocessing = m.Explainer.SidecarFiles.PreprocessingSource,
        }),
        methods = CamMethods.All.Select(m => new { m.Name, m.Title, m.Equation, m.Summary, pixel_space = m.IsPixelSpace }),
        limits = new { bytes = options.LargestBody, pixels = options.MostPixels },
    };

    private static object Layers(ServedModel model)
    {
        var explainer = model.Explainer.Model;
        return new
        {
            model = model.Source.Name,
            layer = new { explainer.Layer.Name, shape = explainer.Layer.Shape.ToArray(), explainer.Layer.Reason },
            scores = new
            {
                name = explainer.Score.Value,
                classes = explainer.ClassCount,
                activation = explainer.Score.Activation.ToString().ToLowerInvariant(),
            },
            layers = model.Layers.Select(l => new
            {
                l.Layer.Name,
                @operator = l.Layer.Operator,
                shape = l.Layer.Shape.ToArray(),
                map = l.Layer.Spatial.ToArray(),
                format = l.Layer.Format.Name(),
                @default = l.Layer.Name == explainer.Layer.Name,
                l.Missing,
            }),
        };
    }

    /// <summary>What the page draws with: the tool's own colours, so that both draw the same.</summary>
    private static object Settings(EmbeddedAssets samples, ServeOptions options) => new
    {
        options.Command,
        samples = samples.Names,
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
