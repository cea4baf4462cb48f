using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments;

namespace GradCamSharp.Evaluation.Runs;

/// <summary>What a run measures, and on how much of the data.</summary>
public sealed record EvaluationOptions
{
    /// <summary>What is measured of every map.</summary>
    public required Experiment Experiment { get; init; }

    /// <summary>Names of methods, and <see cref="Baselines.CentreBaseline.Name"/>.</summary>
    public required IReadOnlyList<string> Methods { get; init; }

    /// <summary>The number of pictures to draw from the data set; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>The seed of that draw.</summary>
    public long Seed { get; init; }

    /// <summary>
    /// The number of pictures in one forward pass. More than 1 pays on accelerators; where every picture has classes of its own it is 1.
    /// </summary>
    public int Batch { get; init; } = 1;

    /// <summary>The part of the pictures to measure; null for all.</summary>
    public Shard? Shard { get; init; }

    /// <summary>The data set's options, as far as they decide what is measured.</summary>
    public DataSetOptions Data { get; init; } = new();

    /// <summary>Where the model runs, for the manifest: cpu, cuda, directml or coreml.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>The number of pictures that are worked on at the same time; 0 for <see cref="RunThreads.Workers"/>.</summary>
    public int Workers { get; init; }

    /// <summary>The command line, for the manifest.</summary>
    public string Command { get; init; } = "";
}
