using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GradCamSharp.Layers;
using OnnxGrad;

namespace GradCamSharp.Cli.Reporting;

/// <summary>Results as one JSON document.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The option that asks for it.</summary>
    /// <param name="what">What the document holds.</param>
    public static Option<bool> Option(string what = "the result") =>
        new("--json") { Description = $"Print {what} as one JSON document." };

    public static void Write(TextWriter output, JsonNode document) => output.WriteLine(document.ToJsonString(Readable));

    /// <summary>A layer that is explained.</summary>
    public static JsonObject Layer(Layer layer) =>
        new() { ["name"] = layer.Name, ["shape"] = Lengths(layer.Shape), ["reason"] = layer.Reason };

    /// <summary>The lengths of a shape; -1 where the batch is open.</summary>
    public static JsonArray Lengths(Shape shape) => [.. shape.ToArray(unknown: -1).Select(l => (JsonNode)l)];

    public static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(t => (JsonNode)t)];
}
