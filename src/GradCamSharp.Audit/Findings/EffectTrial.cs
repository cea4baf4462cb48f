using System.Collections.Immutable;
using GradCamSharp.Audit.Effects;
using GradCamSharp.Audit.Results;
using GradCamSharp.Imaging;

namespace GradCamSharp.Audit.Findings;

/// <summary>Asks the network what it makes of pictures without some of their evidence.</summary>
/// <param name="evidence">All pictures.</param>
/// <param name="passes">The network.</param>
/// <param name="options">The audit's options.</param>
internal sealed class EffectTrial(EvidencePictures evidence, InputPasses passes, AuditOptions options)
{
    private const int MostPictures = 40, Hosts = 60, MostPairs = 6;

    /// <summary>What taking the evidence of a mark away does, and what putting it into other pictures does.</summary>
    /// <param name="class">The model's class.</param>
    /// <param name="core">The pictures whose evidence lies on the mark.</param>
    /// <param name="p">How likely chance alone gives as large an effect.</param>
    /// <param name="pairs">Some of the pictures with and without their evidence.</param>
    public Counterfactual OfMark(int @class, int[] core, out double p, out ImmutableArray<CounterfactualPair> pairs)
    {
        int[] some = Draw(core, MostPictures);
        bool[][] regions = [.. some.Select(i => ChangedPicture.Region(evidence.AtInput(i)))];
        var (size, shown) = Taken(@class, some, regions);
        p = size.P;
        pairs = shown;

        // Of pictures of other classes, as the network and as the data set have them.
        int[] hosts = Draw(
            [.. evidence.All.Where(a => a.Class != @class && !SaysSo(a, @class)).Select(a => a.Index)], Hosts);
        double? put = null, bare = null;
        if (hosts.Length > 0)
        {
            var donors = some.Select(i => evidence.Prepare(i).Input).ToArray();
            put = Became(@class, hosts.Select((h, k) => ChangedPicture.With(
                evidence.Prepare(h).Input, donors[k % donors.Length], regions[k % donors.Length])));
            int[] boxed = [.. hosts.Where(evidence.HasBoxes)];
            if (boxed.Length > 0)
            {
                bare = Became(@class, boxed.Select((h, k) => ChangedPicture.With(
                    ChangedPicture.Painted(evidence.Prepare(h).Input, evidence.InBoxes(h)), donors[k % donors.Length],
                    regions[k % donors.Length])));
            }
        }

        return new Counterfactual(some.Length, size.Taken, size.Turned, size.Difference, put, hosts.Length, bare);
    }

    /// <summary>What taking the evidence outside of boxes away does.</summary>
    /// <param name="class">The model's class.</param>
    /// <param name="pictures">Pictures with boxes.</param>
    /// <param name="least">The difference that counts.</param>
    /// <param name="p">How likely chance alone gives as large an effect.</param>
    /// <param name="pairs">Some of the pictures with and without that evidence.</param>
    public Counterfactual OfOutside(
        int @class, int[] pictures, double least, out double p, out ImmutableArray<CounterfactualPair> pairs)
    {
        int[] some = Draw(pictures, MostPictures);
        bool[][] regions = [.. some.Select(i =>
        {
            bool[] region = ChangedPicture.Region(evidence.AtInput(i)), boxes = evidence.InBoxes(i);
            return region.Zip(boxes, (r, b) => r && !b).ToArray();
        })];
        var (size, shown) = Taken(@class, some, regions, least, outside: true);
        p = size.P;
        pairs = shown;
        return new Counterfactual(some.Length, size.Taken, size.Turned, size.Difference, null, 0, null);
    }

    private (EffectSize Size, ImmutableArray<CounterfactualPair> Pairs) Taken(
        int @class, int[] some, bool[][] regions, double least = EffectSize.Least, bool outside = false)
    {
        var inputs = some.Select(i => evidence.Prepare(i).Input).ToArray();
        var without = new Picture[some.Length];
        var turned = new Picture[some.Length];
        Parallel.For(0, some.Length, k =>
        {
            without[k] = ChangedPicture.Without(inputs[k], regions[k]);
            bool[] other = ChangedPicture.Turned(regions[k]);
            if (outside)
                other = [.. other.Zip(evidence.InBoxes(some[k]), (o, b) => o && !b)];
            turned[k] = ChangedPicture.Without(inputs[k], other);
        });
        float[] before = Of(@class, inputs), taken = Of(@class, without), elsewhere = Of(@class, turned);
        var size = EffectSize.Of(
            [.. before.Zip(taken, (a, b) => (double)a - b)], [.. before.Zip(elsewhere, (a, b) => (double)a - b)], options.Seed, least);
        return (size,
        [
            .. Enumerable.Range(0, Math.Min(MostPairs, some.Length))
                .Select(k => new CounterfactualPair(some[k], inputs[k], without[k], before[k], taken[k])),
        ]);
    }

    private float[] Of(int @class, IEnumerable<Picture> pictures) => [.. passes.Probabilities(pictures).Select(p => p[@class])];

    private double Became(int @class, IEnumerable<Picture> pictures) =>
        passes.Probabilities(pictures).Average(p => p.AsSpan().IndexOf(p.Max()) == @class ? 1.0 : 0);

    // Whether the data set calls the picture the class, whatever the network says: a picture that is called another by mistake.
    private static bool SaysSo(AuditPicture picture, int @class) => picture.IsRight == false && picture.TruthIndices.Contains(@class);

    private int[] Draw(int[] pictures, int count) =>
        [.. PictureDraw.Order([.. pictures.Select(i => evidence.All[i].Id)], options.Seed).Take(count).Select(i => pictures[i]).Order()];
}
