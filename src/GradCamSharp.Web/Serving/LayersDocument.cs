using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GradCamSharp.Layers;

namespace GradCamSharp.Web.Serving;

/// <summary>The layers of a model that can be explained: what <c>gradcam layers --json</c> prints and <c>/api/layers</c> answers.</summary>
/// <param name="Model">The model's path or name.</param>
/// <param name="Layer">The layer that is explained where none is asked for.</param>
/// <param name="Scores">The class scores; null of a model that has none.</param>
/// <param name="Layers">The layers, in the network's order.</param>
public sealed record LayersDocument(string Model, ChosenLayer Layer, ScoresDocument? Scores, IReadOnlyList<LayerDocument> Layers)
{
    /// <summary>How documents are written: names with underscores, labels legible in any script.</summary>
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Lists a model's layers.</summary>
    /// <param name="model">What the document calls it.</param>
    /// <param name="layers">The model's layers.</param>
    public static LayersDocument Of(string model, ModelLayers layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        var score = layers.Score;
        return new LayersDocument(
            model, ChosenLayer.Of(layers.Default),
            new ScoresDocument(score.Value, layers.ClassCount, score.Activation.ToString().ToLowerInvariant()),
            [.. layers.All.Select(layer => new LayerDocument(
                layer.Name, layer.Operator, layer.Shape.ToArray(unknown: -1), ModelLayers.MapOf(layer)?.ToArray(unknown: -1),
                layer.Format.Name(), layer.Name == layers.Default.Name, layers.OperatorsWithoutRule(layer)))]);
    }

    /// <summary>Lists the layers of a model with any outputs: it has no class scores.</summary>
    /// <param name="model">What the document calls it.</param>
    /// <param name="chosen">The layers that are explained where none is named.</param>
    /// <param name="layers">All layers.</param>
    public static LayersDocument Of(string model, IReadOnlyList<Layer> chosen, IReadOnlyList<Layer> layers)
    {
        ArgumentNullException.ThrowIfNull(chosen);
        ArgumentNullException.ThrowIfNull(layers);
        return new LayersDocument(
            model, ChosenLayer.Of(chosen[0]), null,
            [.. layers.Select(layer => new LayerDocument(
                layer.Name, layer.Operator, layer.Shape.ToArray(unknown: -1), ModelLayers.MapOf(layer)?.ToArray(unknown: -1),
                layer.Format.Name(), chosen.Any(c => c.Name == layer.Name), []))]);
    }

    /// <summary>The document as JSON.</summary>
    public JsonNode ToJson() => JsonSerializer.SerializeToNode(this, Json)!;
}

/// <summary>A layer and why it was chosen.</summary>
/// <param name="Name">The ONNX value.</param>
/// <param name="Shape">Its shape; -1 where the batch is open.</param>
/// <param name="Reason">Why this one.</param>
public sealed record ChosenLayer(string Name, IReadOnlyList<long> Shape, string Reason)
{
    internal static ChosenLayer Of(Layer layer) => new(layer.Name, layer.Shape.ToArray(unknown: -1), layer.Reason);
}

/// <summary>A model's class scores.</summary>
/// <param name="Name">The ONNX value.</param>
/// <param name="Classes">How many there are.</param>
/// <param name="Activation">What makes probabilities of them: softmax, sigmoid or none.</param>
public sealed record ScoresDocument(string Name, long Classes, string Activation);

/// <summary>A layer that can be explained.</summary>
/// <param name="Name">The ONNX value.</param>
/// <param name="Operator">The operator that makes it.</param>
/// <param name="Shape">Its shape; -1 where the batch is open.</param>
/// <param name="Map">The map's height and width; null where nothing says how the tokens lie.</param>
/// <param name="Format">How it is laid out: nchw, nhwc or tokens.</param>
/// <param name="Default">Whether it is explained where none is asked for.</param>
/// <param name="Missing">Operators between it and the scores that have no gradient rule; it cannot be explained where there is one.</param>
public sealed record LayerDocument(
    string Name, string Operator, IReadOnlyList<long> Shape, IReadOnlyList<long>? Map, string Format, bool Default,
    IReadOnlyList<string> Missing);
