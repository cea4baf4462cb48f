using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>A gradient of the class score at the input, with one of the three rules for rectifiers: [N, C, spatial...], signed.</summary>
public abstract record PixelMethod : GraphMethod
{
    /// <inheritdoc/>
    public sealed override MethodFamily Family => MethodFamily.Gradient;

    /// <inheritdoc/>
    public override string Cost => "F + B, of the whole network";

    /// <inheritdoc/>
    public sealed override bool IsPixelSpace => true;

    /// <summary>What rectifiers pass back.</summary>
    public abstract RuleSet Rules { get; }

    /// <inheritdoc/>
    public override Tensor Map(MapContext context) => context.InputGradient(Rules);
}

/// <summary>
/// Saliency: the plain gradient (Simonyan et al., arXiv 1312.6034). Shown as its absolute value, the maximum over channels.
/// </summary>
public sealed record Saliency : PixelMethod
{
    /// <inheritdoc/>
    public override string Name => "saliency";

    /// <inheritdoc/>
    public override string Title => "Saliency";

    /// <inheritdoc/>
    public override string Equation => "dS/dx";

    /// <inheritdoc/>
    public override string Summary => "How much each pixel's change would change the score. Fine-grained and noisy.";

    /// <inheritdoc/>
    public override RuleSet Rules => RuleSet.Gradient;
}

/// <summary>Deconvolution: rectifiers pass what is positive on the way back (Zeiler and Fergus, arXiv 1311.2901).</summary>
public sealed record Deconvnet : PixelMethod
{
    /// <inheritdoc/>
    public override string Name => "deconvnet";

    /// <inheritdoc/>
    public override string Title => "Deconvolution";

    /// <inheritdoc/>
    public override string Equation => "dS/dx, with g where g > 0 at every ReLU";

    /// <inheritdoc/>
    public override string Summary => "Patterns in the picture that feed the score. Not very specific to the class.";

    /// <inheritdoc/>
    public override RuleSet Rules => StandardRuleSets.Deconvolution;
}

/// <summary>Guided backpropagation: rectifiers pass what is positive both ways (Springenberg et al., arXiv 1412.6806).</summary>
public sealed record GuidedBackprop : PixelMethod
{
    /// <inheritdoc/>
    public override string Name => "guided-backprop";

    /// <inheritdoc/>
    public override string Title => "Guided backpropagation";

    /// <inheritdoc/>
    public override string Equation => "dS/dx, with g where x > 0 and g > 0 at every ReLU";

    /// <inheritdoc/>
    public override string Summary => "Sharp outlines of what excites the network. Not specific to the class by itself.";

    /// <inheritdoc/>
    public override RuleSet Rules => StandardRuleSets.GuidedBackpropagation;
}
