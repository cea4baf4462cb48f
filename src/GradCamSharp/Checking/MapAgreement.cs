using GradCamSharp.Errors;
using GradCamSharp.Methods;
using GradCamSharp.Targets;

namespace GradCamSharp.Checking;

/// <summary>
/// How far a map of gradients agrees with one that needs none: of a box D-RISE, of all else RISE, which cover parts of the picture and run
/// the network as a black box.
/// </summary>
/// <param name="Target">What is explained.</param>
/// <param name="Gradient">The map of gradients.</param>
/// <param name="BlackBox">The map of masked runs.</param>
/// <param name="Correlation">
/// Pearson's correlation of both at the network's input, from -1 to 1; null where one of them is constant.
/// </param>
/// <param name="RankCorrelation">Spearman's: of the values' ranks; null where one of them is constant.</param>
public sealed record MapAgreement(
    Target Target, TargetExplanation Gradient, TargetExplanation BlackBox, double? Correlation, double? RankCorrelation)
{
    /// <summary>The black box's standard error as a share of the span of its map's values; null where the map is constant.</summary>
    public double? RelativeError => BlackBox.StandardError is { } error && BlackBox.Raw.ToArray() is var raw && raw.Max() > raw.Min()
        ? error / ((double)raw.Max() - raw.Min()) : null;

    /// <summary>Compares the two maps of a target.</summary>
    /// <param name="model">The model.</param>
    /// <param name="input">What it is fed: one item.</param>
    /// <param name="target">The target; null for the one that the model is usually asked for.</param>
    /// <param name="masks">How many masks are run; 2 or more.</param>
    /// <param name="cancellationToken">Stops the runs.</param>
    /// <exception cref="ExplanationException">The model has no such target, or one of the methods does not apply.</exception>
    public static MapAgreement Of(
        TargetExplainer model, TargetInput input, Target? target, int masks, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(masks, 2);
        target ??= model.Describe(input, cancellationToken).Target ?? throw new ExplanationException(
            ExplanationError.UnknownTarget, $"'{model.ModelName}' has no natural target.", "Name one.");
        var gradient = model.Explain(input, [], [target], cancellationToken).Explanations[0];
        ExplanationMethod covering = target is BoxTarget { Part: null or "class" or "score" }
            ? new Drise { Masks = masks } : new Rise { Masks = masks };
        var blackBox = model.Explain(input, [covering], [target], cancellationToken).Explanations[0];
        int[] from = [.. gradient.Shape.Select(l => (int)l.Value)], to = [.. blackBox.Shape.Select(l => (int)l.Value)];
        if (from.Length != to.Length)
        {
            throw new ExplanationException(
                ExplanationError.UnknownLayer, $"The layer's maps of {gradient.Shape} cannot be compared with masks of {blackBox.Shape}.",
                "Choose a layer whose maps have the picture's axes.");
        }

        float[] positive = [.. gradient.Raw.ToArray().Select(v => Math.Max(0, v))];
        float[] shown = new LinearUpsampling(from, to).Apply(positive), covered = blackBox.Raw.ToArray();
        return new MapAgreement(target, gradient, blackBox, Pearson(shown, covered), Pearson(Ranks(shown), Ranks(covered)));
    }

    private static double? Pearson(float[] a, float[] b)
    {
        double meanA = a.Average(v => (double)v), meanB = b.Average(v => (double)v), both = 0, ofA = 0, ofB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double x = a[i] - meanA, y = b[i] - meanB;
            (both, ofA, ofB) = (both + (x * y), ofA + (x * x), ofB + (y * y));
        }

        return ofA > 0 && ofB > 0 ? both / Math.Sqrt(ofA) / Math.Sqrt(ofB) : null;
    }

    // Equal values share the mean of their ranks.
    private static float[] Ranks(float[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length).OrderBy(i => values[i])];
        float[] ranks = new float[values.Length];
        for (int first = 0; first < order.Length;)
        {
            int end = first + 1;
            while (end < order.Length && values[order[end]] == values[order[first]])
                end++;
            for (int i = first; i < end; i++)
                ranks[order[i]] = (first + end - 1) / 2f;
            first = end;
        }

        return ranks;
    }
}
