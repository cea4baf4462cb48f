using System.Collections.Immutable;

namespace OnnxGrad;

/// <summary>
/// The operators that are known, each with its derivative and its properties. Immutable: <see cref="With"/> makes another registry, so
/// that a rule for an operator of one's own domain needs no change of this library.
/// </summary>
public sealed partial class OperatorRegistry
{
    private readonly ImmutableSortedDictionary<string, OperatorDefinition> definitions;

    private OperatorRegistry(ImmutableSortedDictionary<string, OperatorDefinition> definitions) => this.definitions = definitions;

    /// <summary>A registry without operators. Those that this library defines are in <c>StandardOperators.Registry</c>.</summary>
    public static OperatorRegistry Empty { get; } =
        new(ImmutableSortedDictionary.Create<string, OperatorDefinition>(StringComparer.Ordinal));

    /// <summary>All definitions, in the order of their names.</summary>
    public IEnumerable<OperatorDefinition> Definitions => definitions.Values;

    /// <summary>A registry with more definitions; one of a known name replaces the known one.</summary>
    /// <param name="more">The definitions.</param>
    public OperatorRegistry With(params IReadOnlyList<OperatorDefinition> more)
    {
        ArgumentNullException.ThrowIfNull(more);
        return new OperatorRegistry(definitions.SetItems(more.Select(d => KeyValuePair.Create(d.Name, d))));
    }

    /// <summary>The definition of an operator, or null.</summary>
    /// <param name="name">The operator, with its domain where that is not the standard's.</param>
    public OperatorDefinition? Find(string name) => definitions.GetValueOrDefault(name);

    /// <summary>The definition of a node's operator, or null.</summary>
    /// <param name="node">The node.</param>
    public OperatorDefinition? Find(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return Find(node.QualifiedOperator);
    }

    /// <summary>Whether a node's operator has a property.</summary>
    /// <param name="node">The node.</param>
    /// <param name="property">The property.</param>
    public bool Has(Node node, OperatorProperties property) => Find(node) is { } found && (found.Properties & property) != 0;

    /// <summary>How a node depends on one of its inputs.</summary>
    /// <param name="node">The node.</param>
    /// <param name="input">The input's position.</param>
    public InputDerivative Derivative(Node node, int input)
    {
        ArgumentNullException.ThrowIfNull(node);
        // A cast to integers rounds. (CastLike to integers is answered by its rule, which knows the types.)
        if (node.QualifiedOperator == "Cast" && !((ElementType)node.Int("to", 1)).IsFloatingPoint())
            return InputDerivative.Zero;
        return Find(node)?.Derivative(input) ?? InputDerivative.Unknown;
    }
}
