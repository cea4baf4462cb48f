using System.Collections.Immutable;
using GradCamSharp.Audit.Clustering;
using GradCamSharp.Audit.Results;
using GradCamSharp.Audit.Scanning;

namespace GradCamSharp.Audit.Findings;

/// <summary>What was seen of one class: its scan in both views, and its clusters. Its pictures themselves are let go of.</summary>
/// <param name="class">The model's class.</param>
/// <param name="label">Its name.</param>
/// <param name="all">All its pictures, ascending.</param>
/// <param name="looked">Those that were looked at: at most so many a class, ascending.</param>
/// <param name="where">The scan by where evidence lies; null where there are too few pictures.</param>
/// <param name="what">The scan by channels.</param>
/// <param name="clusters">The clusters.</param>
/// <param name="points">For each picture looked at its places in both scatters.</param>
internal sealed class ClassAnalysis(
    int @class, string label, int[] all, int[] looked,
    ViewScan? where, ViewScan? what, ImmutableArray<AuditCluster> clusters, (ScatterPoint Where, ScatterPoint What)[] points)
{
    public int Class { get; } = @class;

    public string Label { get; } = label;

    public int[] All { get; } = all;

    public int[] Looked { get; } = looked;

    public ViewScan? Where { get; } = where;

    public ViewScan? What { get; } = what;

    public ImmutableArray<AuditCluster> Clusters { get; } = clusters;

    public (ScatterPoint Where, ScatterPoint What)[] Points { get; } = points;

    private const int LeastCluster = ViewScan.Members;

    /// <summary>The highest value of sharp; 0 where the class was not scanned.</summary>
    public double Sharp => Where is null ? 0 : Math.Max(Where.Sharp.Max(), What!.Sharp.Max());

    /// <summary>The highest value of aligned; 0 where the class was not scanned.</summary>
    public double Aligned => Where is null ? 0 : Math.Max(Where.Aligned.Max(), What!.Aligned.Max());

    /// <summary>Looks at a class.</summary>
    /// <param name="class">The model's class.</param>
    /// <param name="all">Its pictures.</param>
    /// <param name="looked">Those to look at; 32 or more.</param>
    /// <param name="evidence">All pictures' evidence.</param>
    /// <param name="details">The details of those to look at.</param>
    /// <param name="seed">The seed of the clusters.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static ClassAnalysis Of(
        int @class, int[] all, int[] looked, EvidencePictures evidence, float[][] details, long seed, CancellationToken cancellationToken)
    {
        float[][] maps = [.. looked.Select(evidence.Map)];
        var pictures = new ClassPictures(evidence.Grid, maps, details);
        var where = ViewScan.Of(Embedding.Of([.. maps.Select(evidence.Grid.Coarse)]), pictures, cancellationToken);
        var what = ViewScan.Of(Embedding.Of([.. looked.Select(evidence.Channels)]), pictures, cancellationToken);
        var clusters = new List<AuditCluster>();
        var scatters = new List<ScatterPoint[]>();
        foreach (var (view, scan) in ((AuditView, ViewScan)[])[(AuditView.Where, where), (AuditView.What, what)])
        {
            cancellationToken.ThrowIfCancellationRequested();
            var graph = new NeighbourGraph(scan.Points, seed);
            double[][] distances = Clustering.Clusters.Distances(scan.Points);
            AddClusters(view, ClusterKind.Spectral, Clustering.Clusters.Spectral(graph, seed));
            AddClusters(view, ClusterKind.KMeans, Clustering.Clusters.ByKMeans(scan.Points, distances, seed));
            scatters.Add(Scatter(graph));

            void AddClusters(AuditView view, ClusterKind kind, int[] groups)
            {
                foreach (int group in groups.Distinct().Order())
                {
                    int[] own = [.. Enumerable.Range(0, groups.Length).Where(i => groups[i] == group)];
                    if (own.Length < LeastCluster)
                        continue;
                    double silhouette = Silhouette.Of(distances, [.. groups.Select(g => g == group ? 1 : 0)]).Average();
                    var of = own.Select(i => evidence.All[looked[i]]);
                    double[] outside = [.. of.Select(p => p.Outside).OfType<double>()];
                    clusters.Add(new AuditCluster(
                        view, kind, [.. own.Select(i => looked[i])], own.Length == groups.Length ? 0 : silhouette,
                        of.Count(p => p.IsRight == false), outside.Length == 0 ? null : outside.Average()));
                }
            }
        }

        return new ClassAnalysis(
            @class, evidence.All[all[0]].Label, all, looked, where, what, [.. clusters], [.. scatters[0].Zip(scatters[1])]);
    }

    /// <summary>A class with too few pictures to be looked at.</summary>
    public static ClassAnalysis Small(int @class, int[] all, EvidencePictures evidence) =>
        new(@class, evidence.All[all[0]].Label, all, [], null, null, [], []);

    /// <summary>The pictures of <see cref="Looked"/> that share the same pixels, as places in it, ascending.</summary>
    public int[] Found(AuditLevel level) => Where is null ? []
        : [.. Where.Found(level.Sharp, level.Aligned).Union(What!.Found(level.Sharp, level.Aligned)).Order()];

    /// <summary>Those of them whose whole neighbourhoods are above the level.</summary>
    public int[] Sure(AuditLevel level) => Where is null ? []
        : [.. Where.Sure(level.Sharp, level.Aligned).Union(What!.Sure(level.Sharp, level.Aligned)).Order()];

    // The second and third eigenvector, each to its largest magnitude.
    private static ScatterPoint[] Scatter(NeighbourGraph graph)
    {
        double[] x = graph.Vectors[1], y = graph.Vectors[2];
        double across = Math.Max(1e-12, x.Max(Math.Abs)), down = Math.Max(1e-12, y.Max(Math.Abs));
        return [.. x.Zip(y, (a, b) => new ScatterPoint(a / across, b / down))];
    }
}
