using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>FullGrad: the input's share and every bias's share of the score (Srinivas and Fleuret, arXiv 1905.00780).</summary>
/// <remarks>
/// psi(t) = upsampled n(|t|), n over all channels and positions of one node together. Biases are those of convolutions and batch
/// normalisations, and constants that are added; those of dense layers have no place in a map. A batch normalisation that was folded into
/// its convolution is no term of its own: the map differs from that of the graph before folding, and both are complete.
/// </remarks>
public sealed record FullGrad : GraphMethod
{
    private static readonly string[] Biased = ["Conv", "BatchNormalization", "Add", "Sub"];

    /// <inheritdoc/>
    public override string Name => "fullgrad";

    /// <inheritdoc/>
    public override string Title => "FullGrad";

    /// <inheritdoc/>
    public override string Equation => "L = sum_c psi(x dS/dx) + sum_l sum_c psi(b_l dS/db_l), psi(t) = upsampled n(|t|)";

    /// <inheritdoc/>
    public override string Summary =>
        "The shares of the input and of every layer's biases, at the input's resolution. Sharp and complete; strong edges stand out.";

    /// <inheritdoc/>
    public override MethodFamily Family => MethodFamily.Gradient;

    /// <inheritdoc/>
    public override string Cost => "F + B, of the whole network";

    /// <inheritdoc/>
    public override string Peers =>
        "The authors' code upsamples with aligned corners and adds 1e-6. pytorch-grad-cam normalises every channel by itself, so that " +
        "dead " +
        "channels weigh as much as strong ones.";

    /// <inheritdoc/>
    public override Tensor Map(MapContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var shares = new List<Tensor>();
        var rules = new RuleSet("FullGrad", Biased.ToDictionary(
            op => op, VjpRule (_) => c => Recorded(c, shares)));
        var gradient = context.InputGradient(rules);
        var spatial = gradient.Shape.Slice(2, gradient.Rank - 2);
        var map = Psi(context.Input * gradient, spatial);
        // The terms of layers with positions: those of tokens and of dense layers have no place in the picture.
        foreach (var share in shares.Where(s => s.Rank == gradient.Rank))
            map += Psi(share, spatial);
        return map.Squeeze(1);
    }

    private static IReadOnlyList<Tensor?> Recorded(VjpContext c, List<Tensor> shares)
    {
        if (BiasOf(c) is { } bias)
            shares.Add(bias * c.Dy);
        return c.Derivative();
    }

    private static Tensor? BiasOf(VjpContext c)
    {
        switch (c.Node.Operator)
        {
            case "Conv" when c.HasInput(2):
                return OfChannels(c.X(2), c.Dy.Rank);
            case "BatchNormalization":
                var (scale, shift, mean, variance) = (c.X(1), c.X(2), c.X(3), c.X(4));
                return OfChannels(shift - (mean * scale / (variance + c.Float("epsilon", 1e-5f)).Sqrt()), c.Dy.Rank);
            case "Add" or "Sub":
                // The sign of what is subtracted does not matter to magnitudes.
                for (int i = 0; i < 2; i++)
                {
                    if (c.Graph.IsConstant(c.Node.Inputs[i]) && c.X(i).Type.IsFloatingPoint())
                        return c.X(i);
                }

                return null;
            default:
                return null;
        }
    }

    private static Tensor OfChannels(Tensor values, int rank) =>
        values.Unsqueeze([.. Enumerable.Range(1, rank - 2).Select(i => (long)i)]);

    // Upsampling is linear, so the channels are summed first.
    private static Tensor Psi(Tensor share, Shape spatial)
    {
        var magnitude = share.Abs();
        long[] axes = [.. Enumerable.Range(1, share.Rank - 1).Select(i => (long)i)];
        var (least, most) = (magnitude.Min(axes), magnitude.Max(axes));
        var range = most - least;
        var normalized = Tensor.Where(range.NotZero(), (magnitude - least) / range, 0);
        var summed = normalized.Sum([1]);
        return summed.Shape.Slice(2, summed.Rank - 2) == spatial ? summed : summed.ResizeLinear(spatial);
    }
}
