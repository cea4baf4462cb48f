using System.Text.Json.Nodes;
using GradCamSharp.Evaluation.Experiments;
using GradCamSharp.Evaluation.Experiments.Faithfulness;
using GradCamSharp.Evaluation.Experiments.Localization;
using GradCamSharp.Evaluation.Identities;

namespace GradCamSharp.Evaluation.Tests.Experiments;

/// <summary>Manifests of runs that never were.</summary>
internal static class Manifests
{
    public static RunManifest Faithfulness(params string[] methods) => Of(new FaithfulnessExperiment(), methods);

    public static RunManifest Localization(IReadOnlyList<double> deltas, params string[] methods) =>
        Of(new LocalizationExperiment(deltas) { Deltas = deltas }, methods);

    public static RunManifest Of(Experiment experiment, IReadOnlyList<string> methods) => new()
    {
        Experiment = experiment,
        Model = new ModelIdentity("m.onnx", "00", "layer", "nchw", "softmax", 10, "11", "cpu"),
        Methods = methods,
        Preprocessing = new JsonObject { ["scale"] = 1f / 255 },
        Data = new DataIdentity("folder", "/data", 3, "22", null, null),
        Versions = new ProgramVersions("1", "2"),
    };
}
