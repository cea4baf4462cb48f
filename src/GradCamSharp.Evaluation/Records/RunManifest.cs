using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GradCamSharp.Output;

namespace GradCamSharp.Evaluation.Records;

/// <summary>The model of a run.</summary>
/// <param name="File">Its file as the run was given it.</param>
/// <param name="Sha256">
/// The file's SHA-256, in lower-case hexadecimal digits. Of a model whose weights lie in other files that of a text: a line with the
/// SHA-256 of its own file and one of each of the others.
/// </param>
/// <param name="Layer">The layer that is explained.</param>
/// <param name="LayerFormat">How that layer is laid out.</param>
/// <param name="Head">What makes probabilities of its scores: softmax or sigmoid.</param>
/// <param name="Classes">The number of its classes.</param>
/// <param name="Labels">The SHA-256 of its classes' names.</param>
/// <param name="Device">Where it runs: cpu, cuda, directml or coreml.</param>
public sealed record ManifestModel(string File, string Sha256, string Layer, string LayerFormat, string Head, long Classes, string Labels,
    string Device)
{
    /// <summary>Whether a file is this model: by its content, and that of the files where its weights lie.</summary>
    /// <param name="path">An .onnx file.</param>
    /// <exception cref="OnnxGrad.ModelException">It is no model.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public bool Is(string path) => Digest.OfModel(path) == Sha256;
}

/// <summary>The data of a run.</summary>
/// <param name="Kind">The data set's layout.</param>
/// <param name="Root">Its folder as the run was given it.</param>
/// <param name="Pictures">The number of pictures that the run measures, over all shards.</param>
/// <param name="Sha256">
/// The SHA-256 of their ids, with the classes that the layout gives them, or the objects of their annotations, where these count, each
/// followed by a line feed.
/// </param>
/// <param name="Mapping">
/// Which of the model's classes the data set's are: the SHA-256 of the file that says it, or its name where it ships inside; null where
/// they play no part.
/// </param>
/// <param name="Difficult">Whether objects that are marked as difficult count; null where objects play no part.</param>
/// <param name="ImageSet">The list of pictures that was asked for by name; null for the data set's default.</param>
public sealed record ManifestData(
    string Kind, string Root, int Pictures, string Sha256, string? Mapping, bool? Difficult, string? ImageSet = null);

/// <summary>The programs that made a run.</summary>
/// <param name="Gradcam">This program's version.</param>
/// <param name="OnnxRuntime">ONNX Runtime's version.</param>
public sealed record ManifestVersions(string Gradcam, string OnnxRuntime);

/// <summary>A part of a run that was measured in shards and merged.</summary>
/// <param name="Folder">Its folder as the merge was given it.</param>
/// <param name="Shard">Which part of the pictures it is, as 3/64.</param>
/// <param name="Command">The command line that measured it.</param>
public sealed record ManifestPart(string Folder, string Shard, string Command);

/// <summary>What a run is: everything that decides what its records say. It lies beside them as manifest.json.</summary>
public sealed record RunManifest
{
    /// <summary>The kinds of runs.</summary>
    public const string Faithfulness = "faithfulness", Localization = "localization";

    /// <summary>The file's name.</summary>
    public const string File = "manifest.json";

    // A run may have been merged from many thousand parts.
    private const int LargestFile = 64 << 20;

    // What says where and how a run was started, not what it is.
    private static readonly string[] Incidental = ["command", "data.image_set", "data.root", "model.file", "parts"];

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The format of the folder.</summary>
    public int Format { get; init; } = 1;

    /// <summary>faithfulness or localization.</summary>
    public required string Kind { get; init; }

    /// <summary>The model.</summary>
    public required ManifestModel Model { get; init; }

    /// <summary>The methods' names; <c>centre</c> is the baseline that looks at every picture's centre.</summary>
    public required IReadOnlyList<string> Methods { get; init; }

    /// <summary>Further metrics: insertion, deletion.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    /// <summary>Localisation: the thresholds of the records' columns, ascending.</summary>
    public IReadOnlyList<double> Deltas { get; init; } = [];

    /// <summary>Localisation: the thresholds of the summary, as they were asked for.</summary>
    public IReadOnlyList<double> TableDeltas { get; init; } = [];

    /// <summary>How pictures are prepared: resizing, crop, scale, mean, deviation, order of channels.</summary>
    public required JsonNode Preprocessing { get; init; }

    /// <summary>Where masks multiply: pixel or normalized; null where they do not.</summary>
    public string? MaskSpace { get; init; }

    /// <summary>Which classes are explained: predicted, truth, or top5 (localisation).</summary>
    public required string Classes { get; init; }

    /// <summary>The data.</summary>
    public required ManifestData Data { get; init; }

    /// <summary>The number of pictures that were drawn from the data set; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>The seed of that draw.</summary>
    public long Seed { get; init; }

    /// <summary>The number of pictures in one forward pass.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>The part of the pictures that this run measures, as 3/64; null for all.</summary>
    public string? Shard { get; init; }

    /// <summary>The programs.</summary>
    public required ManifestVersions Versions { get; init; }

    /// <summary>The command line that began the run, or merged it.</summary>
    public string Command { get; init; } = "";

    /// <summary>The parts that a merged run came from, in order; empty where the run has measured all of its pictures itself.</summary>
    public IReadOnlyList<ManifestPart> Parts { get; init; } = [];

    /// <summary>A command line that measured pictures, with the options of the run: of a merged run its first part's.</summary>
    [JsonIgnore]
    public string MeasuredBy => Parts.Count > 0 ? Parts[0].Command : Command;

    /// <summary>Reads a run's manifest.</summary>
    /// <exception cref="InvalidDataException">There is none, or it is damaged.</exception>
    public static RunManifest Read(string folder)
    {
        string path = Path.Combine(folder, File);
        if (!System.IO.File.Exists(path))
            throw new InvalidDataException(
                $"'{folder}' is no folder of a run: it holds no {File}. " +
                "Give the --output folder of gradcam evaluate faithfulness or localization.");
        if (new FileInfo(path).Length > LargestFile)
            throw new InvalidDataException($"'{path}' is too large for a manifest.");
        try
        {
            var manifest = JsonSerializer.Deserialize<RunManifest>(System.IO.File.ReadAllBytes(path), Json)
                ?? throw new InvalidDataException($"'{path}' is empty.");
            return manifest is { Format: 1, Kind: Faithfulness or Localization, Batch: > 0 } ? manifest
                : throw new InvalidDataException(
                    $"'{path}' is of another version of gradcam. Use that version, or run again into another folder.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' is no manifest of a run: {e.Message}", e);
        }
    }

    /// <summary>Writes it into a run's folder.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(string folder) =>
        AtomicFile.Write(Path.Combine(folder, File), (byte[])[.. JsonSerializer.SerializeToUtf8Bytes(this, Json), (byte)'\n']);

    /// <summary>How another run differs in what its records say: one line a difference, empty where it is the same run.</summary>
    /// <param name="other">The other run.</param>
    /// <param name="ignored">Names that do not count, such as shard.</param>
    public IReadOnlyList<string> Differences(RunManifest other, params IReadOnlyList<string> ignored)
    {
        var (own, others) = (Leaves(this), Leaves(other));
        return [.. own.Keys.Union(others.Keys).Where(name => !Incidental.Contains(name) && !ignored.Contains(name))
            .Select(name => (Name: name, Own: own.GetValueOrDefault(name, "null"), Other: others.GetValueOrDefault(name, "null")))
            .Where(d => d.Own != d.Other).Select(d => $"{d.Name} is {Short(d.Own)}, not {Short(d.Other)}")];
    }

    /// <summary>A short name that is the same for the same run: eight hexadecimal digits.</summary>
    public string Fingerprint()
    {
        string text = string.Join('\n', Leaves(this).Where(l => !Incidental.Contains(l.Key)).Select(l => $"{l.Key}={l.Value}"));
        return Digest.OfText(text)[..8];
    }

    /// <summary>The place of a method that the records name among the run's.</summary>
    /// <exception cref="InvalidDataException">It is none of them.</exception>
    internal int PlaceOf(string method)
    {
        for (int i = 0; i < Methods.Count; i++)
        {
            if (Methods[i] == method)
                return i;
        }

        throw new InvalidDataException($"The records name the method '{method}', which {File} does not. The folder is damaged.");
    }

    // Of a digest the beginning is enough to see that it is another one.
    private static string Short(string value) =>
        value is { Length: 66 } && value[1..^1].All(char.IsAsciiHexDigitLower) ? value[..13] + "...\"" : value;

    private static SortedDictionary<string, string> Leaves(RunManifest manifest)
    {
        var leaves = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in JsonSerializer.SerializeToNode(manifest, Json)!.AsObject())
        {
            if (value is JsonObject inner)
            {
                foreach (var (innerName, innerValue) in inner)
                    leaves[string.Create(CultureInfo.InvariantCulture, $"{name}.{innerName}")] =
                        innerValue?.ToJsonString(Compact) ?? "null";
            }
            else
            {
                leaves[name] = value?.ToJsonString(Compact) ?? "null";
            }
        }

        return leaves;
    }
}
