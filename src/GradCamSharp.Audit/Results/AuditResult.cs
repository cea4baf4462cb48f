using System.Collections.Immutable;
using GradCamSharp.Imaging;

namespace GradCamSharp.Audit.Results;

/// <summary>What an audit has found of a model on a data set.</summary>
public sealed record AuditResult
{
    /// <summary>What was audited, and how.</summary>
    public required AuditSetting Setting { get; init; }

    /// <summary>The size of the network's input in pixels.</summary>
    public required PixelSize Input { get; init; }

    /// <summary>The pictures that were explained, in the data set's order.</summary>
    public required ImmutableArray<AuditPicture> Pictures { get; init; }

    /// <summary>The classes by which pictures are grouped, the most suspicious first.</summary>
    public required ImmutableArray<AuditClass> Classes { get; init; }

    /// <summary>What stands out, the most suspicious first; their numbers run from 1.</summary>
    public required ImmutableArray<AuditFinding> Findings { get; init; }

    /// <summary>Above which values pictures are said to share the same pixels.</summary>
    public required AuditLevel Level { get; init; }

    /// <summary>What tells classes apart without any network.</summary>
    public ImmutableArray<DataLeak> Leaks { get; init; } = [];

    /// <summary>Pictures that are nearly the same and in two classes or two data sets.</summary>
    public ImmutableArray<TwinPictures> Twins { get; init; } = [];

    /// <summary>The number of pictures that could not be explained.</summary>
    public int Errors { get; init; }

    /// <summary>Which findings were judged already, where the folder has a judged.json.</summary>
    public int Judged { get; init; }
}

/// <summary>What was audited, and how.</summary>
/// <param name="Model">The model's file.</param>
/// <param name="Data">The data set's folder.</param>
/// <param name="Method">The name of the method that explains.</param>
/// <param name="Layer">The name of the layer.</param>
/// <param name="Explained">The class that is explained, and by which pictures are grouped.</param>
/// <param name="PerClass">At most so many pictures a class.</param>
/// <param name="Alarm">How rarely a clean data set may raise an alarm, above 0 to 1.</param>
/// <param name="Seed">The seed of all draws.</param>
public sealed record AuditSetting(
    string Model, string Data, string Method, string Layer, AuditedClass Explained, int PerClass, double Alarm, long Seed);

/// <summary>Which class of a picture is explained.</summary>
public enum AuditedClass
{
    /// <summary>The one that the model predicts.</summary>
    Predicted,

    /// <summary>The one that the data set gives the picture.</summary>
    Label,
}

/// <summary>Above which values pictures are said to share the same pixels.</summary>
/// <param name="Sharp">The least value of <see cref="PictureScan.Sharp"/>, 0.3 or more.</param>
/// <param name="Aligned">The least value of <see cref="PictureScan.Aligned"/>, 0.4 or more.</param>
/// <param name="MixedGroups">The number of groups of pictures of several classes that the values were compared with.</param>
/// <param name="MixedSharp">The highest value of sharp among them.</param>
/// <param name="MixedAligned">The highest value of aligned among them.</param>
public sealed record AuditLevel(double Sharp, double Aligned, int MixedGroups, double MixedSharp, double MixedAligned)
{
    /// <summary>Whether the data have near-duplicates or marks across classes, so that the values were raised.</summary>
    public bool IsRaised => Sharp > 0.3 || Aligned > 0.4;
}
