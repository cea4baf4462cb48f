using System.Collections.Immutable;

namespace OnnxGrad;

/// <summary>The vector-Jacobian product of one operator.</summary>
/// <param name="c">The node with what it read, what it made and the gradients that arrive at what it made.</param>
/// <returns>
/// For each input its gradient, of the input's shape or of the result's (broadcast axes are summed by the caller). Null for inputs that
/// are integers, that nobody needs, or for which the definition has another answer than the rule.
/// </returns>
public delegate IReadOnlyList<Tensor?> VjpRule(VjpContext c);

/// <summary>How an operator depends on one of its inputs.</summary>
public enum InputDerivative
{
    /// <summary>The operator's rule answers with a gradient.</summary>
    Rule,

    /// <summary>The derivative is zero wherever it exists, or the input only says which shape or type is made.</summary>
    Zero,

    /// <summary>There is a derivative, and it is not computed; the definition says why.</summary>
    Refused,

    /// <summary>The registry has no definition of the operator.</summary>
    Unknown,
}

/// <summary>What the library knows of one operator: its derivative with respect to every input, and its properties.</summary>
public sealed record OperatorDefinition
{
    private OperatorDefinition(string name, string family) => (Name, Family) = (name, family);

    /// <summary>The operator, with its domain in front where that is not the standard's: Conv, com.microsoft.Gelu.</summary>
    public string Name { get; }

    /// <summary>The group of operators that it is documented in.</summary>
    public string Family { get; }

    /// <summary>The vector-Jacobian product; null where no input has one.</summary>
    public VjpRule? Rule { get; private init; }

    /// <summary>Why the whole operator is not differentiated; null where it is.</summary>
    public string? Refusal { get; private init; }

    /// <summary>What else is known of the operator.</summary>
    public OperatorProperties Properties { get; init; }

    /// <summary>Whether the derivative is zero wherever it exists, with respect to every input.</summary>
    public bool IsPiecewiseConstant => Rule is null && Refusal is null;

    private ImmutableDictionary<int, string?> Exceptions { get; init; } = ImmutableDictionary<int, string?>.Empty;

    /// <summary>An operator with a gradient rule, which answers for every input unless more is said.</summary>
    /// <param name="name">The operator, with its domain where that is not the standard's.</param>
    /// <param name="rule">Its vector-Jacobian product.</param>
    /// <param name="family">The group that it is documented in.</param>
    public static OperatorDefinition Differentiable(string name, VjpRule rule, string family = "Custom")
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(rule);
        return new OperatorDefinition(name, family) { Rule = rule };
    }

    /// <summary>An operator whose derivative is zero wherever it exists: it may stand anywhere and passes no gradient.</summary>
    /// <param name="name">The operator, with its domain where that is not the standard's.</param>
    public static OperatorDefinition PiecewiseConstant(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new OperatorDefinition(name, "Piecewise constant");
    }

    /// <summary>An operator that has a derivative which is not computed.</summary>
    /// <param name="name">The operator, with its domain where that is not the standard's.</param>
    /// <param name="reason">Why, as the end of an error message.</param>
    public static OperatorDefinition Refused(string name, string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(reason);
        return new OperatorDefinition(name, "Refused") { Refusal = reason };
    }

    /// <summary>The same, with inputs that the operator is piecewise constant in, or that only say which shape or type it makes.</summary>
    /// <param name="inputs">Their positions.</param>
    public OperatorDefinition WithZero(params ReadOnlySpan<int> inputs)
    {
        var exceptions = Exceptions;
        foreach (int input in inputs)
            exceptions = exceptions.SetItem(input, null);
        return this with { Exceptions = exceptions };
    }

    /// <summary>The same, with an input whose derivative is not computed.</summary>
    /// <param name="input">Its position.</param>
    /// <param name="reason">Why, as the end of an error message.</param>
    public OperatorDefinition WithRefused(int input, string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        return this with { Exceptions = Exceptions.SetItem(input, reason) };
    }

    /// <summary>How the operator depends on an input.</summary>
    /// <param name="input">The input's position.</param>
    public InputDerivative Derivative(int input) => Refusal is not null ? InputDerivative.Refused
        : Rule is null ? InputDerivative.Zero
        : !Exceptions.TryGetValue(input, out string? reason) ? InputDerivative.Rule
        : reason is null ? InputDerivative.Zero : InputDerivative.Refused;

    /// <summary>Why the derivative with respect to an input is not computed; null where it is.</summary>
    /// <param name="input">The input's position.</param>
    public string? RefusalOf(int input) => Refusal ?? Exceptions.GetValueOrDefault(input);
}
