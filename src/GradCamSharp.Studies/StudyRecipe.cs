using System.Text.Json;
using System.Text.Json.Nodes;
using GradCamSharp.Evaluation.Identities;
using GradCamSharp.Output;

namespace GradCamSharp.Studies;

/// <summary>All that decides which pictures a study shows: two recipes of one identity make the same study, byte for byte.</summary>
public sealed record StudyRecipe
{
    /// <summary>The file of a study that is not finished.</summary>
    public const string FileName = "study.unfinished.json";

    // What says where the study was made from, not what it is.
    private static readonly string[] Incidental = ["model.file", "data.root", "data.image_set", "preprocessing_source"];

    /// <summary>The model.</summary>
    public required ModelIdentity Model { get; init; }

    /// <summary>How pictures are prepared: resizing, crop, scale, mean, standard deviation, order of channels.</summary>
    public required JsonNode Preprocessing { get; init; }

    /// <summary>Where the preprocessing is from, in words.</summary>
    public string PreprocessingSource { get; init; } = "";

    /// <summary>The data set, with its annotations and the mapping of its classes.</summary>
    public required DataIdentity Data { get; init; }

    /// <summary>The two methods, A and B.</summary>
    public required IReadOnlyList<string> Methods { get; init; }

    /// <summary>auto, or the classes asked for.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>How many classes auto takes.</summary>
    public required int ClassCount { get; init; }

    /// <summary>How many pictures a class.</summary>
    public required int PerClass { get; init; }

    /// <summary>The seed of the choice of pictures and of every participant's order.</summary>
    public required long Seed { get; init; }

    /// <summary>The programs.</summary>
    public required ProgramVersions Versions { get; init; }

    /// <summary>What decides the study, and its hash.</summary>
    public HashedIdentity Identity() =>
        HashedIdentity.Of(JsonSerializer.SerializeToNode(this, StudyJson.Options)!.AsObject(), Incidental);

    internal void Save(string folder) =>
        AtomicFile.Write(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, StudyJson.Options));

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    internal static StudyRecipe Load(string path)
    {
        try
        {
            var document = JsonNode.Parse(File.ReadAllBytes(path)) as JsonObject ?? throw new JsonException("it is no object.");
            if (StudyJson.IsFirstRecipe(document))
            {
                throw new InvalidDataException($"'{path}' was begun by an earlier version of gradcam, which did not keep what the study " +
                    "depends on. Finish it with that version, or remove the folder to begin anew.");
            }

            return document.Deserialize<StudyRecipe>(StudyJson.Options) ?? throw new JsonException("it is null.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' is no description of a study: {e.Message} Remove it to begin anew.", e);
        }
    }
}
