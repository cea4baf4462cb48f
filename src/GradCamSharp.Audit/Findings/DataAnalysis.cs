using System.Collections.Immutable;
using GradCamSharp.Audit.Effects;
using GradCamSharp.Audit.Leaks;
using GradCamSharp.Audit.Results;
using GradCamSharp.Audit.Scanning;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Runs;
using GradCamSharp.Methods;

namespace GradCamSharp.Audit.Findings;

/// <summary>
/// The whole analysis of an audit: classes one after the other, then the level, then what stands out and what the network says.
/// </summary>
internal sealed class DataAnalysis
{
    private const double LeastSharp = 0.3, LeastAligned = 0.4;
    private const int MostTwins = 4;

    private readonly PictureExplainer explainer;
    private readonly EvidencePictures evidence;
    private readonly AuditOptions options;
    private readonly ExplanationMethod method;
    private readonly IProgress<AuditProgress>? progress;
    private readonly CancellationToken cancellationToken;
    private readonly FileTraits?[] traits;

    public DataAnalysis(
        PictureExplainer explainer, ExplanationMethod method, EvidencePictures evidence, AuditOptions options,
        IProgress<AuditProgress>? progress, CancellationToken cancellationToken)
    {
        (this.explainer, this.method, this.evidence, this.options) = (explainer, method, evidence, options);
        (this.progress, this.cancellationToken) = (progress, cancellationToken);
        traits = new FileTraits?[evidence.All.Length];
    }

    public AuditResult Run(int errors, RecordTable table, DataSet data, DataSet? against)
    {
        var classes = Classes();
        var level = Level(classes);
        var passes = new InputPasses(explainer, method, cancellationToken);
        var trial = new EffectTrial(evidence, passes, options);
        var findings = new List<AuditFinding>();
        findings.AddRange(new MarkFindings(evidence, classes, trial, options).Find(level, At("marks", classes.Count), cancellationToken));
        findings.AddRange(new ClusterFindings(evidence, classes, trial).Find(findings, cancellationToken));
        ImmutableArray<AuditFinding> ordered =
            [.. findings.OrderBy(f => f, FindingOrder.Instance).Select((f, i) => f with { Number = i + 1 })];
        return new AuditResult
        {
            Setting = new AuditSetting(
                table.Manifest.Model.File, data.Root, method.Name, explainer.Model.Layer.Name, options.Explained, options.PerClass,
                options.Alarm, options.Seed),
            Input = evidence.Input,
            Pictures = Pictures(classes, ordered),
            Classes = [.. Sorted(classes, ordered)],
            Findings = ordered,
            Level = level,
            Leaks = [.. Leaks()],
            Twins = [.. Twins(against)],
            Errors = errors,
        };
    }

    private Steps? At(string what, int total) =>
        progress is null ? null : new Steps(done => progress.Report(new AuditProgress(what, done, total)));

    private List<ClassAnalysis> Classes()
    {
        var groups = evidence.All.GroupBy(p => p.Class).OrderBy(g => g.Key).ToList();
        var classes = new List<ClassAnalysis>(groups.Count);
        var steps = At("pictures", evidence.All.Length);
        int done = 0;
        foreach (var group in groups)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int[] all = [.. group.Select(p => p.Index)];
            int[] looked = all.Length <= options.PerClass ? all : Draw(all);
            float[][] details = Details(all, looked.Length < ViewScan.Least ? [] : looked);
            classes.Add(looked.Length < ViewScan.Least ? ClassAnalysis.Small(group.Key, all, evidence)
                : ClassAnalysis.Of(group.Key, all, looked, evidence, details, options.Seed, cancellationToken));
            steps?.Report(done += all.Length);
        }

        return classes;
    }

    private int[] Draw(int[] all)
    {
        var order = PictureDraw.Order([.. all.Select(i => evidence.All[i].Id)], options.Seed);
        return [.. order.Take(options.PerClass).Select(i => all[i]).Order()];
    }

    // Each picture is decoded once: for its details where it is looked at, and for what its file tells.
    private float[][] Details(int[] all, int[] looked)
    {
        float[][] details = new float[looked.Length][];
        Parallel.For(0, all.Length, new ParallelOptions { CancellationToken = cancellationToken }, k =>
        {
            int i = all[k];
            var prepared = evidence.Prepare(i);
            traits[i] = FileTraits.Of(evidence.All[i].Path, prepared);
            int place = Array.BinarySearch(looked, i);
            if (place >= 0)
                details[place] = Detail.Of(prepared.Input);
        });
        return details;
    }

    // In natural data near-duplicates are sharp without any shortcut: what groups of several classes reach is no class's mark.
    private AuditLevel Level(List<ClassAnalysis> classes)
    {
        var steps = At("mixed groups", 1);
        int scanned = classes.Count(c => c.Where is not null);
        if (scanned < 2)
            return new AuditLevel(LeastSharp, LeastAligned, 0, 0, 0);
        int[] all = [.. classes.Where(c => c.Where is not null).SelectMany(c => c.Looked).Order()];
        int[][] groups = MixedGroups.Of([.. all.Select(i => evidence.All[i].Class)], i => evidence.Channels(all[i]), options.Seed);
        double[] sharp = new double[groups.Length], aligned = new double[groups.Length];
        int[] every = [.. Enumerable.Range(0, ViewScan.Members)];
        ClassPictures Group(int g)
        {
            int[] members = [.. groups[g].Select(i => all[i])];
            return new ClassPictures(
                evidence.Grid, [.. members.Select(evidence.Map)], [.. members.Select(i => Detail.Of(evidence.Prepare(i).Input))]);
        }

        Parallel.For(0, groups.Length, new ParallelOptions { CancellationToken = cancellationToken }, g =>
        {
            var pictures = Group(g);
            sharp[g] = pictures.Sharp(every);
            aligned[g] = pictures.Aligned(every).Score;
        });
        Parallel.ForEach(ViewScan.WorthALook(aligned), new ParallelOptions { CancellationToken = cancellationToken }, g =>
        {
            var pictures = Group(g);
            aligned[g] = Math.Max(aligned[g], pictures.AlignedAnywhere(every).Score);
        });
        steps?.Report(1);
        if (groups.Length == 0)
            return new AuditLevel(LeastSharp, LeastAligned, 0, 0, 0);
        double share = 1 - (options.Alarm / (2 * scanned));
        Array.Sort(sharp);
        Array.Sort(aligned);
        return new AuditLevel(
            Math.Max(LeastSharp, Bootstrap.Quantile(sharp, share)), Math.Max(LeastAligned, Bootstrap.Quantile(aligned, share)),
            groups.Length, sharp[^1], aligned[^1]);
    }

    private ImmutableArray<AuditPicture> Pictures(List<ClassAnalysis> classes, ImmutableArray<AuditFinding> findings)
    {
        var pictures = evidence.All.ToBuilder();
        foreach (var of in classes.Where(c => c.Where is not null))
        {
            for (int k = 0; k < of.Looked.Length; k++)
            {
                int i = of.Looked[k];
                pictures[i] = pictures[i] with
                {
                    Scan = new PictureScan(
                        of.Points[k].Where, of.Points[k].What, [.. of.Where!.Groups[k].Skip(1).Select(j => of.Looked[j])],
                        [.. of.What!.Groups[k].Skip(1).Select(j => of.Looked[j])], Math.Max(of.Where.Sharp[k], of.What.Sharp[k]),
                        Math.Max(of.Where.Aligned[k], of.What.Aligned[k])),
                };
            }
        }

        foreach (var finding in findings)
        {
            foreach (int i in finding.Pictures)
                pictures[i] = pictures[i] with { Findings = pictures[i].Findings.Add(finding.Number) };
        }

        return pictures.MoveToImmutable();
    }

    private IEnumerable<AuditClass> Sorted(List<ClassAnalysis> classes, ImmutableArray<AuditFinding> findings) => classes
        .Select(c => new AuditClass
        {
            Class = c.Class,
            Label = c.Label,
            Pictures = [.. c.All],
            Wrong = c.All.Count(i => evidence.All[i].IsRight == false),
            IsScanned = c.Where is not null,
            Sharp = c.Sharp,
            Aligned = c.Aligned,
            Clusters = c.Clusters,
        })
        .OrderBy(c => findings.Where(f => f.Class == c.Class).Select(f => f.Number).DefaultIfEmpty(int.MaxValue).Min())
        .ThenByDescending(c => Math.Max(c.Sharp, c.Aligned)).ThenBy(c => c.Class);

    private List<DataLeak> Leaks()
    {
        var known = evidence.All.Where(p => p.Truth.Length > 0 && traits[p.Index] is not null).ToList();
        return LeakFinder.Find([.. known.Select(p => traits[p.Index]!)], [.. known.Select(p => p.Truth[0])], options.Seed);
    }

    private IEnumerable<TwinPictures> Twins(DataSet? against)
    {
        ulong[] own = [.. traits.Select(t => t?.Hash ?? 0)];
        foreach (var (a, b, distance) in DifferenceHash.Pairs(own, null, MostTwins))
        {
            var (first, second) = (evidence.All[a], evidence.All[b]);
            if (first.Truth.Length > 0 && second.Truth.Length > 0 && !first.Truth.Intersect(second.Truth, StringComparer.Ordinal).Any())
                yield return new TwinPictures(first.Id, first.Truth[0], second.Id, second.Truth[0], false, distance);
        }

        if (against is null)
            yield break;
        ulong?[] hashes = new ulong?[against.Pictures.Count];
        var steps = At("pictures to compare with", hashes.Length);
        int done = 0;
        Parallel.For(0, hashes.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            try
            {
                hashes[i] = DifferenceHash.Of(explainer.Preprocessing.Prepare(against.Pictures[i].Path).Input);
            }
            catch (Imaging.PictureException)
            {
                // What cannot be read is no picture's twin; the other data are not what is audited.
            }

            steps?.Report(Interlocked.Increment(ref done));
        });
        int[] read = [.. Enumerable.Range(0, hashes.Length).Where(i => hashes[i] is not null)];
        foreach (var (a, b, distance) in DifferenceHash.Pairs(own, [.. read.Select(i => hashes[i]!.Value)], MostTwins))
        {
            var (first, second) = (evidence.All[a], against.Pictures[read[b]]);
            var theirs = against.ClassesOf(second);
            yield return new TwinPictures(
                first.Id, first.Truth.Length > 0 ? first.Truth[0] : "", second.Id, theirs.Count > 0 ? theirs[0] : "", true, distance);
        }
    }

    // Progress<T> would report from another thread, after the next line is written.
    private sealed class Steps(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
