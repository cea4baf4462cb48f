using System.Text.Json.Nodes;
using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Tests.Records;

/// <summary>Manifests of runs that never were.</summary>
internal static class Manifests
{
    public static RunManifest Faithfulness(params string[] methods) => new()
    {
        Kind = RunManifest.Faithfulness,
        Model = new ManifestModel("m.onnx", "00", "layer", "nchw", "softmax", 10, "11", "cpu"),
        Methods = methods,
        Preprocessing = new JsonObject { ["scale"] = 1f / 255 },
        Classes = "predicted",
        Data = new ManifestData("folder", "/data", 3, "22", null, null),
        Versions = new ManifestVersions("1", "2"),
    };

    public static RunManifest Localization(IReadOnlyList<double> deltas, params string[] methods) => Faithfulness(methods) with
    {
        Kind = RunManifest.Localization,
        Deltas = deltas,
        TableDeltas = deltas,
        Classes = "top5",
    };
}
