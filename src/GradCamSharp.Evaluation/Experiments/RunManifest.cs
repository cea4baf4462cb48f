using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GradCamSharp.Evaluation.Identities;

namespace GradCamSharp.Evaluation.Experiments;

/// <summary>A part of a run that was measured in shards and merged.</summary>
/// <param name="Folder">Its folder as the merge was given it.</param>
/// <param name="Shard">Which part of the pictures it is, as 3/64.</param>
/// <param name="Command">The command line that measured it.</param>
public sealed record ManifestPart(string Folder, string Shard, string Command);

/// <summary>What a run is: everything that decides what its records say. It lies beside them as manifest.json.</summary>
public sealed record RunManifest
{
    // What says where and how a run was started, not what it is.
    private static readonly string[] Incidental =
        ["command", "data.image_set", "data.root", "experiment.costs", "experiment.seconds_a_picture", "model.file", "parts"];

    /// <summary>What is measured.</summary>
    public required Experiment Experiment { get; init; }

    /// <summary>The model.</summary>
    public required ModelIdentity Model { get; init; }

    /// <summary>The methods' names; <c>centre</c> is the baseline that looks at every picture's centre.</summary>
    public required IReadOnlyList<string> Methods { get; init; }

    /// <summary>How pictures are prepared: resizing, crop, scale, mean, standard deviation, order of channels.</summary>
    public required JsonNode Preprocessing { get; init; }

    /// <summary>The data.</summary>
    public required DataIdentity Data { get; init; }

    /// <summary>The number of pictures that were drawn from the data set; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>The seed of that draw.</summary>
    public long Seed { get; init; }

    /// <summary>The number of pictures in one forward pass.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>The part of the pictures that this run measures, as 3/64; null for all.</summary>
    public string? Shard { get; init; }

    /// <summary>The programs.</summary>
    public required ProgramVersions Versions { get; init; }

    /// <summary>The command line that began the run, or merged it.</summary>
    public string Command { get; init; } = "";

    /// <summary>The parts that a merged run came from, in order; empty where the run has measured all of its pictures itself.</summary>
    public IReadOnlyList<ManifestPart> Parts { get; init; } = [];

    /// <summary>A command line that measured pictures, with the options of the run: of a merged run its first part's.</summary>
    [JsonIgnore]
    public string MeasuredBy => Parts.Count > 0 ? Parts[0].Command : Command;

    /// <summary>What decides the run's records, and its hash.</summary>
    public HashedIdentity Identity() =>
        HashedIdentity.Of(JsonSerializer.SerializeToNode(this, ManifestJson.TypeOf(ManifestJson.Options))!.AsObject(), Incidental);

    /// <summary>How another run differs in what its records say: one line a difference, empty where it is the same run.</summary>
    /// <param name="other">The other run.</param>
    /// <param name="ignored">Names that do not count, such as shard.</param>
    public IReadOnlyList<string> Differences(RunManifest other, params IReadOnlyList<string> ignored)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Identity().Differences(other.Identity(), ignored);
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

        throw new InvalidDataException(
            $"The records name the method '{method}', which {RunFiles.Manifest} does not. The folder is damaged.");
    }
}
