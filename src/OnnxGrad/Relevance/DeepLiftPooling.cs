using OnnxGrad.Rules;

namespace OnnxGrad.Relevance;

/// <summary>DeepLIFT through maxima: weights of a window's places, which say whose the change of the maximum is.</summary>
internal static class DeepLiftPooling
{
    public static Tensor OfWindows(VjpContext c, BaselineForward twin, DeepLiftMaximum maximum)
    {
        Tensor x = c.X(), other = twin[c.Node.Inputs[0]], y = c.Y(), y0 = twin[c.Node.Outputs[0]];
        var window = SlidingWindow.Of(c, c.Ints("kernel_shape")!, x.Shape, y.Shape);
        long[][] offsets = [.. window.Offsets];
        // What is padded is below everything, and as good as equal to its twin.
        Tensor padded = window.Padded(x, float.MinValue), padded0 = window.Padded(other, float.MinValue);
        Tensor[] k = [.. offsets.Select(o => window.At(padded, o))], k0 = [.. offsets.Select(o => window.At(padded0, o))];
        var change = y - y0;
        var grows = change >= 0;
        Tensor[] first = First(k, y), winner = maximum == DeepLiftMaximum.Argmax ? First(k0, y0) : first;
        Tensor[] weights = maximum == DeepLiftMaximum.Argmax
            ? [.. first.Select((f, t) => Tensor.Where(grows, f, winner[t]))]
            : [.. k.Select((v, t) => Tensor.Where(grows, v - y0, k0[t] - y).Relu())];
        var total = weights.Aggregate((a, b) => a + b);
        Tensor[] far = [.. k.Select((v, t) => !DeepLiftRules.AreNear(v, k0[t]))];
        var moved = far.Aggregate((a, b) => a | b);
        Tensor? sum = null;
        for (int t = 0; t < k.Length; t++)
        {
            var share = Tensor.Where(far[t], change * LayerRules.Ratio(weights[t], total) / (k[t] - k0[t]), 0);
            var part = window.Place(c.Dy * Tensor.Where(moved, share, first[t]), offsets[t]);
            sum = sum is { } before ? before + part : part;
        }

        return sum!.Value;
    }

    public static Tensor OfAxes(VjpContext c, BaselineForward twin, long[] axes, bool keep)
    {
        Tensor x = c.X(), other = twin[c.Node.Inputs[0]];
        Tensor y = x.Max(axes), y0 = other.Max(axes);
        var change = y - y0;
        var weights = Tensor.Where(change >= 0, x - y0, other - y).Relu();
        var far = !DeepLiftRules.AreNear(x, other);
        var share = Tensor.Where(far, change * LayerRules.Ratio(weights, weights.Sum(axes)) / (x - other), 0);
        var winners = x.EqualTo(y).Cast(x.Type);
        var moved = far.Cast(x.Type).Max(axes) > 0;
        var dy = keep ? c.Dy : c.Dy.Unsqueeze([.. axes.Select(a => (long)x.Shape.Axis(a))]);
        return dy * Tensor.Where(moved, share, winners / winners.Sum(axes));
    }

    // 1 at the first place of a window that holds its maximum, 0 elsewhere.
    private static Tensor[] First(Tensor[] places, Tensor maximum)
    {
        var first = new Tensor[places.Length];
        Tensor? found = null;
        for (int t = 0; t < places.Length; t++)
        {
            var holds = places[t].EqualTo(maximum);
            first[t] = (found is { } before ? holds & !before : holds).Cast(maximum.Type);
            found = found is { } b ? b | holds : holds;
        }

        return first;
    }
}
