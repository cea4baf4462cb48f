using OnnxGrad.Rules;

namespace OnnxGrad;

/// <summary>The rule sets that the library defines, beside <see cref="RuleSet.Gradient"/>.</summary>
public static class StandardRuleSets
{
    /// <summary>
    /// Guided backpropagation (Springenberg et al., arXiv 1412.6806): a rectifier (Relu, and Clip from 0 as ReLU6) passes g where its
    /// input x &gt; 0 and g &gt; 0.
    /// </summary>
    public static RuleSet GuidedBackpropagation { get; } = new("guided backpropagation", RectifierRules.Guided);

    /// <summary>Deconvolution (Zeiler and Fergus, arXiv 1311.2901): a rectifier passes g where g &gt; 0, whatever its input.</summary>
    public static RuleSet Deconvolution { get; } = new("deconvolution", RectifierRules.Deconvolution);
}
