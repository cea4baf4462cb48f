using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace OnnxGrad;

/// <summary>
/// Rules that replace those of named operators, or of nodes by their names, for one backward walk; the literature on relevance calls such a
/// table a composite. The walk itself knows none of them. A rule that replaces another only in some cases answers with
/// <see cref="VjpContext.Derivative"/> in the rest.
/// </summary>
public sealed class RuleSet
{
    private readonly ImmutableDictionary<string, VjpRule> rules;
    private readonly ImmutableList<(string Pattern, Regex Expression, VjpRule Rule)> named;

    /// <summary>Makes a rule set.</summary>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="rules">The rules, by operator, with its domain where that is not the standard's.</param>
    public RuleSet(string name, IReadOnlyDictionary<string, VjpRule> rules)
        : this(name, rules?.ToImmutableDictionary(StringComparer.Ordinal)!, [])
    {
    }

    private RuleSet(
        string name, ImmutableDictionary<string, VjpRule> rules, ImmutableList<(string Pattern, Regex Expression, VjpRule Rule)> named)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(rules);
        Name = name;
        this.rules = rules;
        this.named = named;
    }

    /// <summary>The gradient: no rule is replaced.</summary>
    public static RuleSet Gradient { get; } = new("gradient", ImmutableDictionary<string, VjpRule>.Empty);

    /// <summary>The set's name.</summary>
    public string Name { get; }

    /// <summary>The operators whose rules are replaced.</summary>
    public IEnumerable<string> Operators => rules.Keys;

    /// <summary>The patterns of names of nodes whose rules are replaced, the one that is asked first at the start.</summary>
    public IEnumerable<string> Patterns => named.Select(n => n.Pattern);

    /// <summary>Whether no rule is replaced.</summary>
    public bool IsEmpty => rules.IsEmpty && named.IsEmpty;

    /// <summary>The same set with a rule for an operator, in place of the one that it has.</summary>
    /// <param name="operatorName">The operator, with its domain where that is not the standard's.</param>
    /// <param name="rule">The rule.</param>
    public RuleSet With(string operatorName, VjpRule rule)
    {
        ArgumentException.ThrowIfNullOrEmpty(operatorName);
        ArgumentNullException.ThrowIfNull(rule);
        return new RuleSet(Name, rules.SetItem(operatorName, rule), named);
    }

    /// <summary>The same set with a rule for nodes of some names, which goes before all that it has.</summary>
    /// <param name="pattern">
    /// The node's name or that of its first output, where * stands for any text and ? for any character: <c>/features/0*</c>.
    /// </param>
    /// <param name="rule">The rule.</param>
    public RuleSet WithNodes(string pattern, VjpRule rule)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        ArgumentNullException.ThrowIfNull(rule);
        string expression = Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal)
            .Replace(@"\?", ".", StringComparison.Ordinal);
        var compiled = new Regex($"^{expression}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline);
        return new RuleSet(Name, rules, named.Insert(0, (pattern, compiled, rule)));
    }

    /// <summary>The same rules under another name.</summary>
    /// <param name="name">The name, for messages.</param>
    public RuleSet Named(string name) => new(name, rules, named);

    /// <summary>The rule that replaces an operator's own, or null.</summary>
    /// <param name="node">A node of the operator.</param>
    public VjpRule? For(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return named.Find(n => n.Expression.IsMatch(node.Name) || (node.Outputs.Count > 0 && n.Expression.IsMatch(node.Outputs[0]))).Rule
            ?? rules.GetValueOrDefault(node.QualifiedOperator);
    }

    /// <summary>The set's name.</summary>
    public override string ToString() => Name;
}
