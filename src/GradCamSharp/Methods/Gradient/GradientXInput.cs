using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>Gradient x input: each pixel's share of the score, to first order (Shrikumar et al., arXiv 1605.01713).</summary>
public sealed record GradientXInput : PixelMethod
{
    /// <inheritdoc/>
    public override string Name => "gradient-x-input";

    /// <inheritdoc/>
    public override string Title => "Gradient x input";

    /// <inheritdoc/>
    public override string Equation => "x dS/dx";

    /// <inheritdoc/>
    public override string Summary =>
        "How much of the score each pixel makes, to first order. In ReLU networks the shares add up to the score less its biases.";

    /// <inheritdoc/>
    public override RuleSet Rules => RuleSet.Gradient;

    /// <inheritdoc/>
    public override Tensor Map(MapContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Input * context.InputGradient(Rules);
    }
}
