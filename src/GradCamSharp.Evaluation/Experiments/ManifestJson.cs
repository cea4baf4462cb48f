using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace GradCamSharp.Evaluation.Experiments;

/// <summary>How a manifest is written as JSON.</summary>
internal static class ManifestJson
{
    /// <summary>Options that write manifests.</summary>
    public static JsonSerializerOptions Options { get; } = Create(_ => throw new NotSupportedException("It writes alone."));

    /// <summary>Options that read manifests too.</summary>
    /// <param name="read">Makes an experiment of its settings.</param>
    public static JsonSerializerOptions Create(Func<JsonObject, Experiment> read) => new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new ExperimentConverter(read) },
        TypeInfoResolver = ManifestContext.Default,
    };

    /// <summary>What a manifest's parts are, without reflection.</summary>
    /// <param name="options">One of <see cref="Create"/>'s.</param>
    public static JsonTypeInfo<RunManifest> TypeOf(JsonSerializerOptions options) =>
        (JsonTypeInfo<RunManifest>)options.GetTypeInfo(typeof(RunManifest));

    private sealed class ExperimentConverter(Func<JsonObject, Experiment> read) : JsonConverter<Experiment>
    {
        public override bool CanConvert(Type typeToConvert) => typeof(Experiment).IsAssignableFrom(typeToConvert);

        public override Experiment Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonNode.Parse(ref reader) is JsonObject settings ? read(settings) : throw new JsonException("the experiment is no object.");

        public override void Write(Utf8JsonWriter writer, Experiment value, JsonSerializerOptions options) =>
            value.ToJson().WriteTo(writer, options);
    }
}

[JsonSerializable(typeof(RunManifest))]
internal sealed partial class ManifestContext : JsonSerializerContext;
