using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.Runs;

/// <summary>Which classes of a picture are explained.</summary>
public enum ExplainedClasses
{
    /// <summary>The one that the model predicts.</summary>
    Predicted,

    /// <summary>Those that the data set gives the picture.</summary>
    Truth,
}

/// <summary>What a run measures, and on how much of the data.</summary>
public sealed record EvaluationOptions
{
    /// <summary>The thresholds of the records' own columns: 0, 0.05 ... 0.95.</summary>
    public static IReadOnlyList<double> CurveDeltas { get; } = [.. Enumerable.Range(0, 20).Select(i => i / 20.0)];

    /// <summary><see cref="RunManifest.Faithfulness"/> or <see cref="RunManifest.Localization"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Names of methods, and <see cref="CentreBaseline.Name"/>.</summary>
    public required IReadOnlyList<string> Methods { get; init; }

    /// <summary>Faithfulness: further metrics beside drop, increase and win: insertion, deletion.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    /// <summary>Localisation: the summary's thresholds, each from 0 to less than 1.</summary>
    public IReadOnlyList<double> Deltas { get; init; } = [0, 0.25, 0.5];

    /// <summary>Where masks multiply.</summary>
    public MaskSpace MaskSpace { get; init; } = MaskSpace.Pixel;

    /// <summary>Faithfulness: which classes are explained.</summary>
    public ExplainedClasses Classes { get; init; } = ExplainedClasses.Predicted;

    /// <summary>The number of pictures to draw from the data set; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>The seed of that draw.</summary>
    public long Seed { get; init; }

    /// <summary>
    /// The number of pictures in one forward pass. More than 1 pays on accelerators; <see cref="ExplainedClasses.Truth"/> takes 1.
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
