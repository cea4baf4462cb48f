using System.Collections.Immutable;
using GradCamSharp.Audit.Results;
using GradCamSharp.Audit.Statistics;

namespace GradCamSharp.Audit.Findings;

/// <summary>
/// Tells what clusters of a class stand out by: errors that share their evidence, evidence outside of boxes that the network uses, and
/// classes that are decided in two ways.
/// </summary>
internal sealed class ClusterFindings(EvidencePictures evidence, IReadOnlyList<ClassAnalysis> classes, EffectTrial trial)
{
    private const double FalseShare = 0.05, LeastCost = 0.2, LeastSilhouette = 0.5, SmallestShare = 0.03, LargestShare = 0.5, Same = 0.5;
    private const int LeastWrong = 5, LeastPictures = 8;

    /// <summary>The findings, without those that tell the pictures of another once more.</summary>
    /// <param name="told">What is told already.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public List<AuditFinding> Find(IReadOnlyList<AuditFinding> told, CancellationToken cancellationToken)
    {
        var known = told.Select(f => (f.Class, f.Pictures)).ToList();
        var findings = new List<AuditFinding>();
        var candidates = WrongTogether().Concat(Elsewhere(cancellationToken)).Concat(Splits());
        foreach (var finding in candidates)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (known.Any(k => k.Class == finding.Class && Overlap(k.Pictures, finding.Pictures) >= Same))
                continue;
            known.Add((finding.Class, finding.Pictures));
            findings.Add(finding);
        }

        return findings;
    }

    /// <summary>The share of two groups' pictures that are in both.</summary>
    public static double Overlap(ImmutableArray<int> a, ImmutableArray<int> b)
    {
        int both = a.Intersect(b).Count();
        return (double)both / (a.Length + b.Length - both);
    }

    private IEnumerable<AuditFinding> WrongTogether()
    {
        var clusters = Clusters(p => p.IsRight is not null).ToList();
        double[] p = [.. clusters.Select(c => FisherExact.Greater(
            c.Cluster.Wrong, c.Cluster.Pictures.Length, c.Of.Looked.Count(IsWrong), c.Of.Looked.Length))];
        double[] corrected = Corrections.BenjaminiHochberg(p);
        return Enumerable.Range(0, clusters.Count)
            .Where(i => corrected[i] <= FalseShare && clusters[i].Cluster.Wrong >= LeastWrong)
            .OrderBy(i => corrected[i])
            .Select(i => Tell(clusters[i].Of, clusters[i].Cluster, corrected[i]));

        bool IsWrong(int i) => evidence.All[i].IsRight == false;

        AuditFinding Tell(ClassAnalysis of, AuditCluster cluster, double p)
        {
            int rest = of.Looked.Length - cluster.Pictures.Length, wrong = of.Looked.Count(IsWrong) - cluster.Wrong;
            var truth = cluster.Pictures.Where(IsWrong).SelectMany(i => evidence.All[i].Truth).GroupBy(t => t, StringComparer.Ordinal)
                .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).First();
            return Of(FindingKind.WrongTogether, of, cluster) with
            {
                P = p,
                // Those that are wrong first: they are what is to be looked at.
                Pictures = [.. cluster.Pictures.OrderBy(i => IsWrong(i) ? 0 : 1)],
                Sentence = FormattableString.Invariant(
                    $"{cluster.Wrong} of {cluster.Pictures.Length} pictures called {of.Label} that are alike {How(cluster)} are wrong, ") +
                    FormattableString.Invariant($"and {wrong} of the other {rest}; {truth.Count()} of them are {truth.Key}."),
            };
        }
    }

    private IEnumerable<AuditFinding> Elsewhere(CancellationToken cancellationToken)
    {
        var clusters = Clusters(p => p.Outside is not null).Where(c => c.Cluster.Pictures.Length < c.Of.Looked.Length).ToList();
        double[] p = [.. clusters.Select(c =>
        {
            var inside = c.Cluster.Pictures.ToHashSet();
            double[] own = [.. c.Cluster.Pictures.Select(i => evidence.All[i].Outside).OfType<double>()];
            double[] rest = [.. c.Of.Looked.Where(i => !inside.Contains(i)).Select(i => evidence.All[i].Outside).OfType<double>()];
            return own.Length == 0 || rest.Length == 0 ? 1 : MannWhitney.Greater(own, rest);
        })];
        double[] corrected = Corrections.Holm(p);
        foreach (int i in Enumerable.Range(0, clusters.Count).Where(i => corrected[i] <= FalseShare).OrderBy(i => corrected[i]))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (of, cluster) = clusters[i];
            int[] boxed = [.. cluster.Pictures.Where(k => evidence.All[k].Outside is not null)];
            if (boxed.Length < LeastPictures)
                continue;
            var effect = trial.OfOutside(of.Class, boxed, LeastCost, out _, out var pairs);
            if (effect.Difference.Mean < LeastCost)
                continue;
            double outside = boxed.Average(k => evidence.All[k].Outside!.Value);
            yield return Of(FindingKind.Elsewhere, of, cluster) with
            {
                P = corrected[i],
                Outside = outside,
                Effect = effect,
                Pairs = pairs,
                Details = [FindingText.Cost(effect, "the evidence outside of the boxes")],
                Sentence = FormattableString.Invariant(
                    $"{cluster.Pictures.Length} pictures called {of.Label} that are alike {How(cluster)} have {100 * outside:0} % of ") +
                    "their evidence outside of the objects' boxes. Look at them: it need not be wrong.",
            };
        }
    }

    private IEnumerable<AuditFinding> Splits() => Clusters(_ => true)
        .Where(c => c.Cluster.Silhouette >= LeastSilhouette
            && c.Cluster.Pictures.Length >= SmallestShare * c.Of.Looked.Length
            && c.Cluster.Pictures.Length <= LargestShare * c.Of.Looked.Length)
        .OrderByDescending(c => c.Cluster.Silhouette)
        .Select(c => Of(FindingKind.Split, c.Of, c.Cluster) with
        {
            Sentence = FormattableString.Invariant(
                $"{c.Cluster.Pictures.Length} of {c.Of.Looked.Length} pictures called {c.Of.Label} stand off from the rest ") +
                FormattableString.Invariant($"{How(c.Cluster)} (silhouette {c.Cluster.Silhouette:0.00})."),
        });

    private IEnumerable<(ClassAnalysis Of, AuditCluster Cluster)> Clusters(Func<AuditPicture, bool> isKnown) =>
        classes.SelectMany(of => of.Clusters.Where(c => c.Pictures.Any(i => isKnown(evidence.All[i]))).Select(c => (of, c)));

    private AuditFinding Of(FindingKind kind, ClassAnalysis of, AuditCluster cluster) => new()
    {
        Number = 0,
        Kind = kind,
        Class = of.Class,
        Label = of.Label,
        Pictures = cluster.Pictures,
        OfClass = of.Looked.Length,
        Sentence = "",
        Details = [.. FindingText.Outside(cluster.Outside)],
        Key = FindingText.Key(kind, of.Label, cluster.Pictures.Select(i => evidence.All[i].Id)),
        Outside = cluster.Outside,
        Wrong = cluster.Wrong,
        Mean = MeanPicture.Of(evidence, cluster.Pictures),
    };

    private static string How(AuditCluster cluster) =>
        cluster.View == AuditView.Where ? "in where their evidence lies" : "in what their evidence is";
}
