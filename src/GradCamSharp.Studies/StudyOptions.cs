using GradCamSharp.Evaluation.Runs;

namespace GradCamSharp.Studies;

/// <summary>Which pictures a study takes.</summary>
public sealed record StudyOptions
{
    /// <summary>The data set's folder, as the user names it; kept in study.json.</summary>
    public required string Images { get; init; }

    /// <summary>The data set's list of pictures, where it has several.</summary>
    public string? ImageSet { get; init; }

    /// <summary>The classes, by the data set's or the model's names; empty for those of the highest F1.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>How many classes are taken where none is named. Five, as in the paper.</summary>
    public int ClassCount { get; init; } = 5;

    /// <summary>How many pictures a class. Fifty, as in the paper.</summary>
    public int PerClass { get; init; } = 50;

    /// <summary>The seed of the choice of pictures and of every participant's order.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Where the model runs, for the recipe: cpu, cuda, directml or coreml.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>
    /// The number of pictures that are predicted or explained at the same time; 0 for <see cref="RunThreads.Workers"/>. The
    /// study is the same whatever it is.
    /// </summary>
    public int Workers { get; init; }
}

/// <summary>How far the making of a study is.</summary>
/// <param name="Step">What is being done: predicted or explained.</param>
/// <param name="Done">How many pictures are done. A step's first report says how many an earlier run has done.</param>
/// <param name="Total">Of how many.</param>
public readonly record struct StudyProgress(string Step, int Done, int Total);
