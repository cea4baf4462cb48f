using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GradCamSharp.Evaluation.Errors;
using GradCamSharp.Evaluation.Experiments;
using GradCamSharp.Evaluation.Experiments.Comparing;
using GradCamSharp.Evaluation.Experiments.Evidence;
using GradCamSharp.Evaluation.Experiments.Faithfulness;
using GradCamSharp.Evaluation.Experiments.Localization;
using GradCamSharp.Evaluation.Experiments.Trust;
using GradCamSharp.Output;

namespace GradCamSharp.Evaluation.Runs;

/// <summary>The manifest in a run's folder.</summary>
public static class ManifestFile
{
    private const int Format = 2;

    // A run may have been merged from many thousand parts.
    private const int LargestFile = 64 << 20;

    // Every experiment that there is: a new one is a line here.
    private static readonly Dictionary<string, Func<JsonObject, Experiment>> Known = new(StringComparer.Ordinal)
    {
        [EvidenceExperiment.ExperimentName] = EvidenceExperiment.Read,
        [FaithfulnessExperiment.ExperimentName] = FaithfulnessExperiment.Read,
        [LocalizationExperiment.ExperimentName] = LocalizationExperiment.Read,
        [TrustExperiment.ExperimentName] = TrustExperiment.Read,
        [CompareExperiment.ExperimentName] = CompareExperiment.Read,
    };

    private static readonly JsonSerializerOptions Json = ManifestJson.Create(settings =>
        settings["name"]?.GetValue<string>() is { } name && Known.TryGetValue(name, out var read) ? read(settings)
            : throw new JsonException($"there is no experiment '{settings["name"]}'."));

    /// <summary>Reads a run's manifest.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <exception cref="EvaluationException">There is none.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static RunManifest Read(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string path = Path.Combine(folder, RunFiles.Manifest);
        if (!File.Exists(path))
            throw new EvaluationException(
                EvaluationError.NotARun, $"'{folder}' is no folder of a run: it holds no {RunFiles.Manifest}.",
                "Give the folder that an EvaluationRun wrote.");
        if (new FileInfo(path).Length > LargestFile)
            throw new InvalidDataException($"'{path}' is too large for a manifest.");
        try
        {
            if (JsonNode.Parse(File.ReadAllBytes(path)) is not JsonObject document)
                throw new JsonException("it is no object.");
            int? format = document["format"]?.GetValue<int>();
            if (format == 1)
                Upgrade(document);
            var manifest = format is 1 or Format ? document.Deserialize(ManifestJson.TypeOf(Json)) : null;
            return manifest is { Batch: > 0 } ? manifest
                : throw new InvalidDataException(
                    $"'{path}' is of another version of gradcam. Use that version, or run again into another folder.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"'{path}' is no manifest of a run: {e.Message}", e);
        }
    }

    /// <summary>Writes it into a run's folder.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="manifest">The run.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string folder, RunManifest manifest)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(manifest);
        var document = new JsonObject { ["format"] = Format, ["identity"] = manifest.Identity().Sha256 };
        foreach (var (name, value) in JsonSerializer.SerializeToNode(manifest, ManifestJson.TypeOf(Json))!.AsObject().ToArray())
            document[name] = value?.DeepClone();
        byte[] content = Encoding.UTF8.GetBytes(document.ToJsonString(Json) + "\n");
        AtomicFile.Write(Path.Combine(folder, RunFiles.Manifest), content);
    }

    // The first format had the options of all experiments side by side.
    private static void Upgrade(JsonObject document)
    {
        var settings = new JsonObject { ["name"] = document["kind"]?.DeepClone() };
        foreach (string name in (string[])["classes", "mask_space", "metrics", "deltas", "table_deltas"])
            settings[name] = document[name]?.DeepClone();
        document["experiment"] = settings;
    }
}
