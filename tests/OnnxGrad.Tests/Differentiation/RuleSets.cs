namespace OnnxGrad.Tests.Differentiation;

/// <summary>The rule sets by their names, as rows of data can give them.</summary>
internal static class RuleSets
{
    public static RuleSet Named(string name) =>
        new[] { RuleSet.Gradient, RuleSet.GuidedBackpropagation, RuleSet.Deconvolution }.Single(r => r.Name == name);
}
