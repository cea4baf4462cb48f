using OnnxGrad.Rules;

namespace OnnxGrad.Relevance;

/// <summary>Maxima that share out relevance in proportion to what the window holds, in place of all to the winner.</summary>
internal static class PoolingRelevance
{
    public static readonly Dictionary<string, VjpRule> Proportional = new()
    {
        ["MaxPool"] = static c => [OverWindows(c)],
        ["GlobalMaxPool"] = static c => [OverAll(c)],
    };

    // R_i = x_i / sum of the window: the coefficient is the same for all in a window, as a sum's is.
    private static Tensor OverWindows(VjpContext c)
    {
        var x = c.X();
        var window = SlidingWindow.Of(c, c.Ints("kernel_shape")!, x.Shape, c.Y().Shape);
        var padded = window.Padded(x);
        Tensor? sum = null;
        foreach (long[] offset in window.Offsets)
            sum = sum is { } before ? before + window.At(padded, offset) : window.At(padded, offset);
        var share = Share(c, sum!.Value);
        Tensor? all = null;
        foreach (long[] offset in window.Offsets)
        {
            var part = window.Place(share, offset);
            all = all is { } before ? before + part : part;
        }

        return all!.Value;
    }

    private static Tensor OverAll(VjpContext c) => Share(c, c.X().SumSpatial()).ExpandLike(c.X());

    private static Tensor Share(VjpContext c, Tensor sum)
    {
        if (!c.IsNonNegative(c.X()))
        {
            throw new ModelException($"{c.Node} may read negative values, of which a sum is no whole to take shares of. " +
                "Let the winner of each window take all.");
        }

        return LayerRules.Ratio(c.Dy * c.Y(), sum);
    }
}
