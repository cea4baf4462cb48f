using System.Collections.Immutable;
using GradCamSharp.Imaging;

namespace GradCamSharp.Audit.Results;

/// <summary>A picture of an audit.</summary>
public sealed record AuditPicture
{
    /// <summary>Its place in <see cref="AuditResult.Pictures"/>.</summary>
    public required int Index { get; init; }

    /// <summary>Its name in the data set: the path below the pictures' folder, with / between the parts.</summary>
    public required string Id { get; init; }

    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>The model's class that is explained.</summary>
    public required int Class { get; init; }

    /// <summary>That class's name.</summary>
    public required string Label { get; init; }

    /// <summary>The data set's classes of the picture; empty where it has none.</summary>
    public required ImmutableArray<string> Truth { get; init; }

    /// <summary>The model's classes that these are; empty where none of them is one.</summary>
    public ImmutableArray<int> TruthIndices { get; init; } = [];

    /// <summary>
    /// Whether the explained class is one of the data set's classes of the picture; null where the data set does not tell, or where none
    /// of its classes is one of the model's.
    /// </summary>
    public required bool? IsRight { get; init; }

    /// <summary>The explained class's probability, 0 to 1.</summary>
    public required float Probability { get; init; }

    /// <summary>The evidence at the layer's resolution.</summary>
    public required EvidenceMap Map { get; init; }

    /// <summary>Where the network's input lies in the picture: where the map belongs.</summary>
    public required Geometry Geometry { get; init; }

    /// <summary>The share of the evidence outside of the objects' boxes, 0 to 1; null where there are none.</summary>
    public double? Outside { get; init; }

    /// <summary>Beside which pictures of its class it lies; null where the class has too few pictures to be looked at.</summary>
    public PictureScan? Scan { get; init; }

    /// <summary>The numbers of the findings that it belongs to (<see cref="AuditFinding.Number"/>), ascending.</summary>
    public ImmutableArray<int> Findings { get; init; } = [];
}

/// <summary>A raw map of evidence at the layer's resolution.</summary>
/// <param name="Height">Its rows.</param>
/// <param name="Width">Its columns.</param>
/// <param name="Values">[Height, Width]: the positive part, divided by the largest value, 0 to 1; all 0 where there is no evidence.</param>
public sealed record EvidenceMap(int Height, int Width, ImmutableArray<float> Values);

/// <summary>A picture beside the others of its class.</summary>
/// <param name="Where">Its place among them by where their evidence lies: the class's second and third eigenvector.</param>
/// <param name="What">Its place among them by which channels carry their evidence.</param>
/// <param name="NearWhere">The 7 pictures (<see cref="AuditPicture.Index"/>) whose evidence lies most alike, the nearest first.</param>
/// <param name="NearWhat">The 7 pictures whose channels are most alike, the nearest first.</param>
/// <param name="Sharp">
/// How far it and its nearest share the same pixels where their evidence lies: 1 the same pixels, 0 nothing in common. The larger of both
/// views.
/// </param>
/// <param name="Aligned">The same of windows around the strongest evidence, shifted onto each other.</param>
public sealed record PictureScan(
    ScatterPoint Where, ScatterPoint What, ImmutableArray<int> NearWhere, ImmutableArray<int> NearWhat, double Sharp, double Aligned);

/// <summary>A place in a scatter.</summary>
/// <param name="X">Across, -1 to 1.</param>
/// <param name="Y">Down, -1 to 1.</param>
public readonly record struct ScatterPoint(double X, double Y);
