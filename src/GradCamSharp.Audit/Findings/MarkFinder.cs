using System.Collections.Immutable;
using GradCamSharp.Audit.Effects;
using GradCamSharp.Audit.Results;
using GradCamSharp.Audit.Scanning;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Imaging;

namespace GradCamSharp.Audit.Findings;

/// <summary>A mark that pictures of a class share, before it is told.</summary>
/// <param name="of">The class.</param>
/// <param name="core">Those whose evidence lies on it.</param>
/// <param name="pictures">All pictures that have the mark, the most typical first.</param>
/// <param name="places">Where it lies in each, as pixels of the network's input.</param>
/// <param name="window">[32, 32]: the mean of the windows around it.</param>
/// <param name="alsoIn">Other classes whose pictures have it.</param>
internal sealed class FoundMark(
    ClassAnalysis of, int[] core, int[] pictures,
    int[] places, float[] window, ImmutableArray<SharingClass> alsoIn)
{
    public ClassAnalysis Of { get; } = of;

    public int[] Core { get; } = core;

    public int[] Pictures { get; } = pictures;

    public int[] Places { get; } = places;

    public float[] Window { get; } = window;

    public ImmutableArray<SharingClass> AlsoIn { get; } = alsoIn;
}

/// <summary>Finds what the pictures of a class share, and all pictures that have it.</summary>
/// <param name="evidence">All pictures.</param>
/// <param name="classes">All classes.</param>
/// <param name="options">The audit's options.</param>
internal sealed class MarkFinder(EvidencePictures evidence, IReadOnlyList<ClassAnalysis> classes, AuditOptions options)
{
    private const int MostOthers = 200, LeastOthers = 20;

    // How far the mark's own pictures must stand off from others before others are judged by it.
    private const double LeastGap = 0.15;

    /// <summary>Looks for a class's mark.</summary>
    /// <param name="of">The class.</param>
    /// <param name="level">The level.</param>
    /// <returns>Null where nothing is above the level.</returns>
    public FoundMark? Find(ClassAnalysis of, AuditLevel level)
    {
        int[] found = of.Found(level);
        if (found.Length == 0)
            return null;
        float[][] details = Details(of.Looked);
        var pictures = new ClassPictures(evidence.Grid, [.. of.Looked.Select(evidence.Map)], details);
        var template = Template(of, pictures, found, level);
        var own = Scores(template, details);
        double middle = Bootstrap.Quantile([.. found.Select(i => own[i].Score).Order()], 0.5);
        int[] others = Others(of);
        var theirs = Scores(template, others);
        int[] sure = [.. of.Sure(level)];
        if (others.Length < LeastOthers || middle - Highest(theirs) < LeastGap)
        {
            // It cannot be told from what others show: the groups alone are told, where whole neighbourhoods are above the level.
            if (sure.Length == 0)
                return null;
            int[] core = [.. sure.Select(i => of.Looked[i])];
            int[] order = [.. sure.OrderByDescending(i => own[i].Score).ThenBy(i => i)];
            return new FoundMark(of, core, [.. order.Select(i => of.Looked[i])], [.. order.Select(i => own[i].At)], template.Mean, []);
        }

        double least = (middle + Highest(theirs)) / 2;
        int[] all =
        [
            .. Enumerable.Range(0, own.Length).Where(i => own[i].Score >= least).OrderByDescending(i => own[i].Score).ThenBy(i => i),
        ];
        // Those whose evidence lies on it: on them the network is asked whether it needs it.
        int[] kept = [.. all.Where(i => sure.Contains(i) || IsEvidence(of.Looked[i], own[i].At)).Select(i => of.Looked[i]).Order()];
        return new FoundMark(
            of, kept, [.. all.Select(i => of.Looked[i])], [.. all.Select(i => own[i].At)], template.Mean, Sharing(others, theirs, least));
    }

    private bool IsEvidence(int picture, int at) => ChangedPicture.Region(evidence.AtInput(picture))[at];

    // The best group's mean first, then the mean of all that are like it.
    private static MarkTemplate Template(ClassAnalysis of, ClassPictures pictures, int[] found, AuditLevel level)
    {
        var groups = ((ViewScan[])[of.Where!, of.What!])
            .SelectMany(v => Enumerable.Range(0, v.Groups.Length).Where(g => v.IsHit(g, level.Sharp, level.Aligned))
                .Select(g => (Members: v.Groups[g], Score: v.Aligned[g])));
        int[] best = groups.MaxBy(g => g.Score).Members;
        var narrow = new MarkTemplate([.. best.Select(i => pictures.Windows[i])], pictures.Aligned(best).Mean);
        var first = Around(narrow, best);
        var scores = found.Select(i => (Place: i, first.Best(pictures.Details[i], pictures.Input).Score)).ToArray();
        double middle = Bootstrap.Quantile([.. scores.Select(s => s.Score).Order()], 0.5);
        int[] like = [.. scores.Where(s => s.Score >= 0.7 * middle).Select(s => s.Place)];
        return like.Length < ViewScan.Members ? first : Around(first, like);

        // The windows lie where each picture is most like the template.
        MarkTemplate Around(MarkTemplate template, int[] places) => new(
            [.. places.Select(i => new EvidenceWindow(
                pictures.Details[i], pictures.Input, template.Best(pictures.Details[i], pictures.Input).At))],
            template.Mean);
    }

    // Pictures of other classes, drawn.
    private int[] Others(ClassAnalysis of)
    {
        int[] all = [.. classes.Where(c => c.Class != of.Class).SelectMany(c => c.All)];
        string[] ids = [.. all.Select(i => evidence.All[i].Id)];
        return [.. PictureDraw.Order(ids, options.Seed).Take(MostOthers).Select(i => all[i]).Order()];
    }

    // What pictures without the mark reach: some of the others may have it, so that their highest tell nothing.
    private static double Highest((double Score, int At)[] others)
    {
        double[] sorted = [.. others.Select(o => o.Score).Order()];
        double middle = Bootstrap.Quantile(sorted, 0.5);
        return middle + (2 * (middle - Bootstrap.Quantile(sorted, 0.05)));
    }

    private ImmutableArray<SharingClass> Sharing(int[] others, (double Score, int At)[] scores, double least) =>
    [
        .. others.Zip(scores, (i, s) => (Picture: evidence.All[i], Has: s.Score >= least)).GroupBy(o => o.Picture.Class)
            .Select(g => new SharingClass(g.Key, g.First().Picture.Label, g.Count(o => o.Has), g.Count()))
            .Where(s => s.Pictures > 0).OrderByDescending(s => s.Pictures).ThenBy(s => s.Class),
    ];

    private float[][] Details(int[] pictures)
    {
        float[][] details = new float[pictures.Length][];
        Parallel.For(0, details.Length, i => details[i] = Detail.Of(evidence.Prepare(pictures[i]).Input));
        return details;
    }

    private (double Score, int At)[] Scores(MarkTemplate template, float[][] details)
    {
        var scores = new (double, int)[details.Length];
        Parallel.For(0, scores.Length, i => scores[i] = template.Best(details[i], evidence.Input));
        return scores;
    }

    private (double Score, int At)[] Scores(MarkTemplate template, int[] pictures)
    {
        var scores = new (double, int)[pictures.Length];
        Parallel.For(0, scores.Length, i => scores[i] = template.Best(Detail.Of(evidence.Prepare(pictures[i]).Input), evidence.Input));
        return scores;
    }

    /// <summary>Where a mark lies, in words.</summary>
    /// <param name="places">Its places, as pixels.</param>
    /// <param name="size">The network's input.</param>
    public static string Place(int[] places, PixelSize size)
    {
        double[] x = [.. places.Select(p => (p % size.Width) / (double)size.Width)];
        double[] y = [.. places.Select(p => (p / size.Width) / (double)size.Height)];
        string? column = Third(x, "left", "", "right"), row = Third(y, "top", "", "bottom");
        return (row, column) switch
        {
            (null, null) => "in different places",
            (null, "") => "above each other in the middle",
            (null, var side) => $"at the {side}",
            ("", null) => "beside each other in the middle",
            (var side, null) => $"at the {side}",
            ("", "") => "in the middle",
            ("", var side) => $"at the {side}",
            (var side, "") => $"at the {side}",
            ("top", var side) => $"at the upper {side}",
            (_, var side) => $"at the lower {side}",
        };
    }

    // Which third most of them lie in; null where they are spread. A few stray ones count for nothing.
    private static string? Third(double[] at, string low, string middle, string high)
    {
        double[] sorted = [.. at.Order()];
        double from = Bootstrap.Quantile(sorted, 0.1), to = Bootstrap.Quantile(sorted, 0.9), centre = Bootstrap.Quantile(sorted, 0.5);
        return to - from > 0.3 ? null : centre < 0.36 ? low : centre > 0.64 ? high : middle;
    }
}
