using System.Collections.Immutable;

namespace GradCamSharp.Audit.Results;

/// <summary>The pictures of which one class is explained.</summary>
public sealed record AuditClass
{
    /// <summary>The model's class.</summary>
    public required int Class { get; init; }

    /// <summary>Its name.</summary>
    public required string Label { get; init; }

    /// <summary>Its pictures (<see cref="AuditPicture.Index"/>), ascending.</summary>
    public required ImmutableArray<int> Pictures { get; init; }

    /// <summary>The number of them that the data set has another class for.</summary>
    public required int Wrong { get; init; }

    /// <summary>Whether it has enough pictures to be looked at: 32 or more.</summary>
    public required bool IsScanned { get; init; }

    /// <summary>The highest value of sharp among its groups; 0 where it was not scanned.</summary>
    public double Sharp { get; init; }

    /// <summary>The highest value of aligned among its groups; 0 where it was not scanned.</summary>
    public double Aligned { get; init; }

    /// <summary>Its clusters, by view and number; empty where it was not scanned.</summary>
    public ImmutableArray<AuditCluster> Clusters { get; init; } = [];
}

/// <summary>What pictures are compared by.</summary>
public enum AuditView
{
    /// <summary>Where their evidence lies.</summary>
    Where,

    /// <summary>Which channels carry it.</summary>
    What,
}

/// <summary>How a cluster was made.</summary>
public enum ClusterKind
{
    /// <summary>Spectral clustering, their number by the largest gap of eigenvalues.</summary>
    Spectral,

    /// <summary>K-means, their number by the best silhouette.</summary>
    KMeans,
}

/// <summary>A cluster of a class's pictures.</summary>
/// <param name="View">What they are alike by.</param>
/// <param name="Kind">How it was made.</param>
/// <param name="Pictures">Its pictures (<see cref="AuditPicture.Index"/>), ascending; 8 or more.</param>
/// <param name="Silhouette">How far it stands off from the rest of the class, -1 to 1.</param>
/// <param name="Wrong">The number of its pictures that the data set has another class for.</param>
/// <param name="Outside">The mean share of the evidence outside of boxes; null where there are none.</param>
public sealed record AuditCluster(
    AuditView View, ClusterKind Kind, ImmutableArray<int> Pictures, double Silhouette, int Wrong, double? Outside);
