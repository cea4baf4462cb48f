using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments.Trust.Measures;
using GradCamSharp.Evaluation.Runs;

namespace GradCamSharp.Evaluation.Comparing;

/// <summary>What a comparison compares, and on how many pictures.</summary>
public sealed record CompareOptions
{
    /// <summary>The name that stands for every method of one run, those whose maps are at the input's resolution too.</summary>
    public const string All = "all";

    /// <summary>The name that stands for the default layer and the last one of other resolutions, four at most.</summary>
    public const string Auto = "auto";

    /// <summary>The number of pictures on which the gates and the further measures are measured.</summary>
    public const int FirstPictures = 40;

    /// <summary>
    /// Names of methods, or <see cref="All"/>; empty for every class activation map of one run that applies to the model.
    /// </summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>Names of layers, or <see cref="Auto"/>; empty for the default one.</summary>
    public IReadOnlyList<string> Layers { get; init; } = [];

    /// <summary>The number of pictures, 1 or more; all where there are fewer.</summary>
    public int Count { get; init; } = 200;

    /// <summary>A time: as many pictures as fit it, by what the first four took; null for <see cref="Count"/>.</summary>
    public TimeSpan? Budget { get; init; }

    /// <summary>The seed of the pictures and of all random draws.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The measure that decides.</summary>
    public Measure Primary { get; init; } = new RoadMeasure();

    /// <summary>What is measured beside the usual measures.</summary>
    public IReadOnlyList<Measure> Further { get; init; } = [];

    /// <summary>Whether the pictures of one folder are drawn together where intervals are found.</summary>
    public bool GroupsByFolder { get; init; }

    /// <summary>The part of the pictures to measure; null for all.</summary>
    public Shard? Shard { get; init; }

    /// <summary>The data set's options.</summary>
    public DataSetOptions Data { get; init; } = new();

    /// <summary>Where the model runs, for the manifest: cpu, cuda, directml or coreml.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>The number of pictures that are worked on at the same time; 0 for <see cref="RunThreads.Workers"/>.</summary>
    public int Workers { get; init; }

    /// <summary>The command line, for the manifest.</summary>
    public string Command { get; init; } = "";

    /// <summary>What is measured on every picture: what decides, and what may disagree.</summary>
    internal IReadOnlyList<Measure> Deciding =>
        [Primary, Primary is MuFidelityMeasure ? new RoadMeasure() : new MuFidelityMeasure()];

    /// <summary>What is measured beside the gates on some of the pictures.</summary>
    /// <param name="hasObjects">Whether the data say where objects are.</param>
    internal IReadOnlyList<Measure> Beside(bool hasObjects) =>
    [
        .. ((Measure[])[
            new SensitivityMeasure(), new ConsistencyMeasure(),
            .. hasObjects ? (Measure[])[new MassMeasure(), new BoxMeasure()] : [],
            .. Further]).DistinctBy(m => m.Name)
            .Where(m => Deciding.Concat(Experiments.Comparing.CompareExperiment.Gates).All(own => own.Name != m.Name)),
    ];
}
