using GradCamSharp.Imaging;
using GradCamSharp.Targets;

namespace GradCamSharp.Models;

/// <summary>What lies beside a model or in its metadata: how pictures are prepared, and what its classes are called.</summary>
/// <param name="Preprocessing">From picture to input.</param>
/// <param name="PreprocessingSource">Where it comes from, in words.</param>
/// <param name="Labels">The classes' names; empty labels where none are known.</param>
/// <param name="LabelsSource">Where they come from, in words; null where there are none.</param>
public sealed record SidecarFiles(Preprocessing Preprocessing, string PreprocessingSource, Labels Labels, string? LabelsSource)
{
    /// <summary>The key of the model's metadata that holds the labels: a JSON array.</summary>
    public const string LabelsKey = "gradcam.labels";

    /// <summary>The key of the model's metadata that holds the preprocessing: the JSON of a preprocessor_config.json.</summary>
    public const string PreprocessorKey = "gradcam.preprocessor";

    private const string Assumed =
        "torch, the default: nothing beside the model or in its metadata says otherwise";

    /// <summary>Whether nothing says how pictures are prepared, and torchvision's way is assumed.</summary>
    public bool IsPreprocessingAssumed { get; init; }

    /// <summary>The architectures that config.json beside the model names; none where it names none.</summary>
    public IReadOnlyList<string> Architectures { get; init; } = [];

    /// <summary>The input's size where the model leaves it open, as its exporter noted it; null where nothing says.</summary>
    public PixelSize? OpenInputSize { get; init; }

    /// <summary>
    /// Finds both: what the user names, else what lies beside the model, else what its metadata says, else torchvision's preprocessing
    /// and no labels.
    /// </summary>
    /// <param name="modelPath">The model's file.</param>
    /// <param name="metadata">Its metadata.</param>
    /// <param name="preprocess">torch, torchvision, caffe, tf, unit or a JSON file; null to look for it.</param>
    /// <param name="labels">A labels file; null to look for it.</param>
    /// <exception cref="InvalidDataException">A file does not hold what it should.</exception>
    public static SidecarFiles Find(
        string modelPath, IReadOnlyDictionary<string, string> metadata, string? preprocess = null, string? labels = null)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        string folder = Path.GetDirectoryName(Path.GetFullPath(modelPath)) ?? ".";
        var (preprocessing, preprocessingSource) = FindPreprocessing(folder, metadata, preprocess);
        var (names, labelsSource) = FindLabels(folder, modelPath, metadata, labels);
        return new SidecarFiles(preprocessing, preprocessingSource, names, labelsSource)
        {
            IsPreprocessingAssumed = preprocessingSource == Assumed,
            Architectures = FindArchitectures(Path.Combine(folder, "config.json")),
            OpenInputSize = metadata.TryGetValue("imgsz", out string? size) ? Ultralytics.Size(size) : null,
        };
    }

    /// <summary>The same for a model whose input takes bytes: pixels are given to it as they are.</summary>
    /// <param name="modelPath">What a message calls the model.</param>
    /// <exception cref="InvalidDataException">The preprocessing makes fractions, of which bytes would keep next to nothing.</exception>
    internal SidecarFiles ForBytes(string modelPath)
    {
        if (IsPreprocessingAssumed)
        {
            return this with
            {
                Preprocessing = Preprocessing.Unit with { Scale = 1 },
                PreprocessingSource = "pixels as they are: the model's input takes bytes (uint8)",
                IsPreprocessingAssumed = false,
            };
        }

        bool isPlain = Preprocessing.Scale == 1 && Preprocessing.Mean.All(m => m == 0) && Preprocessing.StandardDeviation.All(s => s == 1);
        return isPlain ? this : throw new InvalidDataException(
            $"The input of '{modelPath}' takes bytes (uint8), but its preprocessing ({PreprocessingSource}) scales or normalises pixels. " +
            "Give one that does neither: do_rescale and do_normalize false in its JSON file.");
    }

    private static (Preprocessing, string) FindPreprocessing(string folder, IReadOnlyDictionary<string, string> metadata, string? named)
    {
        if (named is not null)
            return (Preprocessing.Preset(named) ?? PreprocessingFile.Load(named), $"'{named}', named by the user");
        string beside = Path.Combine(folder, "preprocessor_config.json");
        if (File.Exists(beside))
            return (PreprocessingFile.Load(beside), "preprocessor_config.json beside the model");
        if (metadata.TryGetValue(PreprocessorKey, out string? json))
            return (PreprocessingFile.Parse(json, $"the model's metadata {PreprocessorKey}"), "the model's metadata");
        return (Preprocessing.Torch, Assumed);
    }

    // Other programs keep other things under this name.
    private static IReadOnlyList<string> FindArchitectures(string file)
    {
        try
        {
            if (!File.Exists(file))
                return [];
            using var document = System.Text.Json.JsonDocument.Parse(File.ReadAllText(file));
            return document.RootElement.ValueKind == System.Text.Json.JsonValueKind.Object
                && document.RootElement.TryGetProperty("architectures", out var names)
                    && names.ValueKind == System.Text.Json.JsonValueKind.Array
                ? [.. names.EnumerateArray().Where(n => n.ValueKind == System.Text.Json.JsonValueKind.String).Select(n =>
                    n.GetString()!)] : [];
        }
        catch (System.Text.Json.JsonException)
        {
            return [];
        }
    }

    private static (Labels, string?) FindLabels(
        string folder, string modelPath, IReadOnlyDictionary<string, string> metadata, string? named)
    {
        if (named is not null)
            return (Labels.Load(named), $"'{named}', named by the user");
        foreach (string name in (string[])["labels.txt", Path.GetFileNameWithoutExtension(modelPath) + ".labels.txt", "config.json"])
        {
            string beside = Path.Combine(folder, name);
            if (File.Exists(beside) && (name != "config.json" || File.ReadAllText(beside).Contains("id2label", StringComparison.Ordinal)))
                return (Labels.Load(beside), $"{name} beside the model");
        }

        if (metadata.TryGetValue(LabelsKey, out string? json))
            return (Labels.Parse(json, $"the model's metadata {LabelsKey}"), "the model's metadata");
        return metadata.TryGetValue("names", out string? names) && Ultralytics.Names(names) is { } own
            ? (own, "names in the model's metadata, as Ultralytics writes them") : (new Labels([]), null);
    }
}
