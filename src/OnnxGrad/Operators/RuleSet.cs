using System.Collections.Immutable;

namespace OnnxGrad;

/// <summary>
/// Rules that replace those of named operators for one backward walk; the literature on relevance calls such a table a composite. The
/// walk itself knows none of them. A rule that replaces another only in some cases answers with <see cref="VjpContext.Derivative"/> in
/// the rest.
/// </summary>
public sealed class RuleSet
{
    private readonly ImmutableDictionary<string, VjpRule> rules;

    /// <summary>Makes a rule set.</summary>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="rules">The rules, by operator, with its domain where that is not the standard's.</param>
    public RuleSet(string name, IReadOnlyDictionary<string, VjpRule> rules)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(rules);
        Name = name;
        this.rules = rules.ToImmutableDictionary(StringComparer.Ordinal);
    }

    /// <summary>The gradient: no rule is replaced.</summary>
    public static RuleSet Gradient { get; } = new("gradient", ImmutableDictionary<string, VjpRule>.Empty);

    /// <summary>The set's name.</summary>
    public string Name { get; }

    /// <summary>The operators whose rules are replaced.</summary>
    public IEnumerable<string> Operators => rules.Keys;

    /// <summary>Whether no rule is replaced.</summary>
    public bool IsEmpty => rules.IsEmpty;

    /// <summary>The rule that replaces an operator's own, or null.</summary>
    /// <param name="node">A node of the operator.</param>
    public VjpRule? For(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return rules.GetValueOrDefault(node.QualifiedOperator);
    }

    /// <summary>The set's name.</summary>
    public override string ToString() => Name;
}
