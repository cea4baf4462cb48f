using System.Text.Json.Nodes;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace GradCamSharp.Web.Serving;

/// <summary>What <c>/openapi.json</c> says beyond what the endpoints' types do.</summary>
internal static class ApiDescription
{
    /// <summary>Describes the API as a whole.</summary>
    public static void Add(IServiceCollection services) => services.AddOpenApi(api => api.AddDocumentTransformer((document, _, _) =>
    {
        document.Info = new OpenApiInfo
        {
            Title = "GradCamSharp",
            Version = "1",
            Description =
                "Which parts of a picture speak for a class, by the models named when the server was started. Pictures are held " +
                "only in memory: while their request runs, or, sent to /api/pictures, until they are forgotten. Everything refused is a " +
                "problem document (RFC 9457) whose detail says what is wrong and what to do. /metrics answers figures in Prometheus' " +
                "text format.",
            License = new OpenApiLicense { Name = "Apache-2.0", Identifier = "Apache-2.0" },
        };
        document.Servers = [];
        document.AddComponent("bearer", new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "Asked for where the server can be reached from other machines.",
        });
        document.AddComponent("query", new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Query,
            Name = "token",
        });
        document.Security = [[], Of(document, "bearer"), Of(document, "query")];
        return Task.CompletedTask;
    }));

    /// <summary>Describes the form that holds a picture.</summary>
    /// <param name="endpoint">The endpoint that takes it.</param>
    /// <param name="isRequired">Whether there has to be one.</param>
    public static RouteHandlerBuilder TakesPicture(this RouteHandlerBuilder endpoint, bool isRequired) =>
        endpoint.TakesFile("image", "A JPEG, PNG, WebP, GIF or BMP file.", isRequired);

    /// <summary>Describes the form that holds a film.</summary>
    public static RouteHandlerBuilder TakesFilm(this RouteHandlerBuilder endpoint) => endpoint.TakesFile(
        "film",
        $"An animated GIF or WebP of at most {FilmEndpoint.MostFrames} frames; where ffmpeg is installed on the server (/api/models says " +
        "so as limits.films) also MP4 and others.",
        isRequired: true);

    /// <summary>Describes the query of a request with a film.</summary>
    public static RouteHandlerBuilder TakesFilmQuery(this RouteHandlerBuilder endpoint) => endpoint.Describe(operation =>
        operation.Parameters =
        [
            .. Choosing().Where(p => p.Name != "text"),
            Parameter(
                "maps",
                "How the frames' maps are sent: float32 is values from 0 to 1 over the clip at the layer's resolution; png the map alone " +
                "in colours; overlay the map on the frame, as JPEG.",
                Choice(Enum.GetNames<MapForm>().Select(n => n.ToLowerInvariant()), "none")),
            Colors(),
            Opacity(),
            Parameter("frames", "Whether the frames themselves are answered too.", Choice(["none", "jpeg"], "none")),
            Run(),
        ]);

    private static RouteHandlerBuilder TakesFile(this RouteHandlerBuilder endpoint, string field, string what, bool isRequired) =>
        endpoint.Describe(operation => operation.RequestBody = new OpenApiRequestBody
        {
            Required = isRequired,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["multipart/form-data"] = new OpenApiMediaType
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Required = new HashSet<string> { field },
                        AdditionalPropertiesAllowed = false,
                        Properties = new Dictionary<string, IOpenApiSchema>
                        {
                            [field] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary", Description = what },
                        },
                    },
                },
            },
        });

    /// <summary>Describes what <see cref="ExplainQuery"/> reads.</summary>
    public static RouteHandlerBuilder TakesExplainQuery(this RouteHandlerBuilder endpoint) => endpoint.Describe(operation =>
        operation.Parameters =
        [
            .. Choosing(),
            Parameter(
                "maps",
                "How maps are sent: float32 is the raw map at the layer's resolution; png the map alone in colours; overlay the " +
                "map on the " +
                "picture.",
                Choice(Enum.GetNames<MapForm>().Select(n => n.ToLowerInvariant()), "none")),
            Colors(),
            Opacity(),
            Parameter("picture", "The handle of a picture that is kept, in place of a body.", Text()),
            Run(),
        ]);

    /// <summary>Describes what chooses an explanation.</summary>
    public static RouteHandlerBuilder TakesChoiceQuery(this RouteHandlerBuilder endpoint) =>
        endpoint.Describe(operation => operation.Parameters = [.. Choosing()]);

    /// <summary>Describes what <see cref="DescribeEndpoint"/> reads.</summary>
    public static RouteHandlerBuilder TakesDescribeQuery(this RouteHandlerBuilder endpoint) => endpoint.Describe(operation =>
        operation.Parameters =
        [
            Model(),
            Parameter("picture", "The handle of a picture that is kept, in place of a body.", Text()),
            Parameter("other", "The handle of another picture that is kept: a model that embeds pictures says how alike the two are.",
                Text()),
            GivenTexts(),
        ]);

    /// <summary>Describes how requests with pictures are refused.</summary>
    public static RouteHandlerBuilder RefusesPictures(this RouteHandlerBuilder endpoint)
    {
        foreach (int status in (int[])[400, 408, 413, 415, 422, 429])
            endpoint.ProducesProblem(status);
        return endpoint;
    }

    private static OpenApiParameter Colors() => Parameter(
        "colormap", "The colours of png and overlay. Signed maps have two of their own.",
        Choice(ColorMap.All.Select(m => m.Name), ColorMap.Turbo.Name));

    private static OpenApiParameter Opacity() => Parameter("opacity", "The opacity of the strongest evidence in an overlay.",
        new OpenApiSchema { Type = JsonSchemaType.Number, Minimum = "0", Maximum = "1", Default = 0.75 });

    private static OpenApiParameter Run() => Parameter(
        "run", "A name that the caller makes up, of 16 to 64 letters, digits and dashes: /api/runs/NAME says how far " +
        "the request is, and stops it.", Text());

    private static OpenApiParameter Model() => Parameter("model", "The name of a model that is served. Default: the first.", Text());

    private static OpenApiParameter GivenTexts() => Parameter("text",
        "A text that the picture is compared with, of a model whose /api/models entry has 'texts' and lacks nothing. May be repeated; at " +
        $"most {ServedTexts.Most} of {ServedTexts.Longest} characters. class=INDEX, class=top1 or class=TEXT then mean a text.", Texts());

    private static IEnumerable<OpenApiParameter> Choosing() =>
    [
        Model(),
        Parameter(
            "method",
            $"A comma list of {string.Join(", ", CamMethods.All.Select(m => m.Name))}. A + is written %2B in an address. " +
            $"Default: for classes what the model's metadata names, else {CamMethods.Default.Name}; for other targets what suits " +
            "the model.",
            Text()),
        Parameter("set", "A method's parameter: METHOD.NAME=VALUE. May be repeated. /api/models lists them.", Texts()),
        Parameter("class", "Short for target=class:C: an index, a label, top1, top2 ..., or a comma list of these. May be repeated; " +
            "at most 100 classes.", Texts()),
        Parameter("target", "What is explained: class:C, class:C@mask, class:C@X,Y, box:0, box:LABEL/2, box:X,Y, box:0.x1, mask:top1, " +
            "keypoint:0, value@X,Y, similarity:HANDLE of a kept picture, token:last, OUTPUT[0,5,17], or a sum of these. May be " +
            "repeated; at most 20. Default: by what the model does.", Texts()),
        GivenTexts(),
        Parameter("layer", "The ONNX value to explain; /api/layers lists those there are. Several joined by + are fused where targets " +
            "are explained. Default: chosen.", Text()),
    ];

    private static OpenApiSchema Texts() => new() { Type = JsonSchemaType.Array, Items = Text() };

    private static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, Action<OpenApiOperation> change) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            change(operation);
            return Task.CompletedTask;
        });

    private static OpenApiSecurityRequirement Of(OpenApiDocument document, string scheme) =>
        new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };

    private static OpenApiParameter Parameter(string name, string description, OpenApiSchema schema) =>
        new() { Name = name, In = ParameterLocation.Query, Description = description, Schema = schema };

    private static OpenApiSchema Text(string? initial = null) => new() { Type = JsonSchemaType.String, Default = initial };

    private static OpenApiSchema Choice(IEnumerable<string> of, string initial) =>
        new() { Type = JsonSchemaType.String, Enum = [.. of.Select(c => JsonValue.Create(c))], Default = initial };
}
