using System.Text.Json.Nodes;
using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.Identities;

/// <summary>How pictures are prepared, as an identity has it.</summary>
public static class PreprocessingIdentity
{
    /// <summary>Resizing, crop, scale, mean, standard deviation and the order of channels as one JSON object.</summary>
    /// <param name="preprocessing">How pictures are prepared.</param>
    public static JsonObject Of(Preprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        return new JsonObject
        {
            ["shortest_edge"] = preprocessing.ShortestEdge,
            ["exact_size"] = Json(preprocessing.ExactSize),
            ["filter"] = preprocessing.Filter.ToString().ToLowerInvariant(),
            ["crop_size"] = Json(preprocessing.CropSize),
            ["scale"] = preprocessing.Scale,
            ["mean"] = new JsonArray([.. preprocessing.Mean.Select(m => (JsonNode)m)]),
            ["deviation"] = new JsonArray([.. preprocessing.StandardDeviation.Select(d => (JsonNode)d)]),
            ["bgr"] = preprocessing.IsBgr,
        };
    }

    private static JsonArray? Json(PixelSize? size) => size is { } some ? [some.Width, some.Height] : null;
}
