using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>Rectified gradients: rectifiers pass back only what matters most (Kim et al., arXiv 1902.04999).</summary>
public sealed record RectGrad : PixelMethod
{
    private static readonly MethodParameter[] Own =
    [
        MethodParameter.Number<RectGrad>(
            "quantile", m => m.Quantile, (m, v) => m with { Quantile = v }, 0, 1, "the share of a rectifier's values that passes " +
            "nothing back"),
        MethodParameter.Flag<RectGrad>(
            "times_input", m => m.TimesInput, (m, v) => m with { TimesInput = v }, "whether the gradient is multiplied by the input"),
    ];

    /// <summary>The share of a rectifier's values that passes nothing back, 0 to 1.</summary>
    public double Quantile { get; init; } = 0.98;

    /// <summary>Whether the gradient is multiplied by the input.</summary>
    public bool TimesInput { get; init; } = true;

    /// <inheritdoc/>
    public override string Name => "rectgrad";

    /// <inheritdoc/>
    public override string Title => "Rectified gradients";

    /// <inheritdoc/>
    public override string Equation => "x dS/dx, with g where y g > tau at every ReLU, tau the q-quantile of y g there";

    /// <inheritdoc/>
    public override string Summary => "The gradient along the few strongest paths alone: less noise. Only for networks with ReLU.";

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => Own;

    /// <inheritdoc/>
    public override RuleSet Rules => new("rectified gradients", new Dictionary<string, VjpRule> { ["Relu"] = Rectified });

    /// <inheritdoc/>
    public override Tensor Map(MapContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var gradient = context.InputGradient(Rules);
        return TimesInput ? context.Input * gradient : gradient;
    }

    // The value of rank floor(q n) among n, from 0 and the smallest first, is the last of the n - floor(q n) largest.
    private IReadOnlyList<Tensor?> Rectified(VjpContext c)
    {
        var relevance = c.Y() * c.Dy;
        var size = relevance.Shape.Product(1, relevance.Rank);
        if (!size.IsKnown)
            throw c.Unsupported("the size of its output is not known, so no quantile of it is");
        long rank = Math.Min((long)(Quantile * size.Value), size.Value - 1);
        var flat = relevance.Reshape(new Shape(relevance.Shape[0], size));
        var place = flat.TopIndices(size.Value - rank, axis: 1).Slice(1, size.Value - rank - 1, size.Value - rank);
        var threshold = flat.GatherElements(place, axis: 1)
            .Reshape(new Shape([relevance.Shape[0], .. Enumerable.Repeat(new Dimension(1), relevance.Rank - 1)]));
        return [Tensor.Where(relevance > threshold, c.Dy, 0)];
    }
}
