using GradCamSharp.Audit.Results;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Runs;

namespace GradCamSharp.Audit;

/// <summary>What an audit looks at, and how closely.</summary>
public sealed record AuditOptions
{
    /// <summary>The name of the method that explains: one whose maps lie at a layer.</summary>
    public string Method { get; init; } = "gradcam";

    /// <summary>The class that is explained, and by which pictures are grouped.</summary>
    public AuditedClass Explained { get; init; } = AuditedClass.Predicted;

    /// <summary>
    /// At most so many pictures a class, drawn: of each of the data set's classes before the pass, and of each of the model's after it.
    /// </summary>
    public int PerClass { get; init; } = 500;

    /// <summary>The number of pictures to draw from the data set; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>How rarely a clean data set may raise an alarm, above 0 to 1.</summary>
    public double Alarm { get; init; } = 0.05;

    /// <summary>The seed of all draws.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>The number of pictures in one forward pass. More than 1 pays on accelerators.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>The part of the pictures to pass over; null for all.</summary>
    public Shard? Shard { get; init; }

    /// <summary>The data set's options.</summary>
    public DataSetOptions Data { get; init; } = new();

    /// <summary>Where the model runs, for the manifest: cpu, cuda, directml or coreml.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>The number of pictures that are worked on at the same time; 0 for <see cref="RunThreads.Workers"/>.</summary>
    public int Workers { get; init; }

    /// <summary>The command line, for the manifest.</summary>
    public string Command { get; init; } = "";
}

/// <summary>How far an audit's analysis is.</summary>
/// <param name="What">What is being done, in words.</param>
/// <param name="Done">How much of it is done.</param>
/// <param name="Total">How much there is of it.</param>
public sealed record AuditProgress(string What, int Done, int Total);
