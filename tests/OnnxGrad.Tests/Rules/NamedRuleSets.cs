namespace OnnxGrad.Tests.Rules;

/// <summary>The rule sets by their names, as rows of data can give them.</summary>
internal static class NamedRuleSets
{
    public static RuleSet Find(string name) =>
        new[] { RuleSet.Gradient, StandardRuleSets.GuidedBackpropagation, StandardRuleSets.Deconvolution }.Single(r => r.Name == name);
}
