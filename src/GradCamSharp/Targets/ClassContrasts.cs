using System.Collections.Immutable;

namespace GradCamSharp.Targets;

/// <summary>
/// Why not another class? -log p of that class (Prabhushankar et al., arXiv 2008.00178): what the model predicted instead does not enter.
/// </summary>
/// <param name="Class">The other class Q.</param>
public sealed record ContrastTarget(Choice Class) : Target
{
    /// <inheritdoc/>
    public override string Spec => $"contrast:{Class}";

    /// <inheritdoc/>
    public override string Slug => $"contrast-c{Safe(Class.ToString())}";
}

/// <summary>A class's score and the logarithm of its probability: S_c + log p_c, ReST of Shapley-CAM (arXiv 2501.06261).</summary>
/// <param name="Class">The class.</param>
public sealed record RestTarget(Choice Class) : Target
{
    /// <inheritdoc/>
    public override string Spec => $"rest:{Class}";

    /// <inheritdoc/>
    public override string Slug => $"rest-c{Safe(Class.ToString())}";
}

/// <summary>How a class's rivals count in <see cref="FinerTarget"/>.</summary>
public enum FinerWeights
{
    /// <summary>All alike.</summary>
    Mean,

    /// <summary>By their probability, which is differentiated too.</summary>
    Probability,
}

/// <summary>A class against those that it is most easily taken for (Finer-CAM, Zhang et al., arXiv 2501.11309).</summary>
/// <param name="Class">The class c.</param>
/// <param name="Weights">How the rivals D count.</param>
/// <param name="Gamma">How much of a rival's score is subtracted: 0.6, or 1 where probabilities weigh, is usual.</param>
/// <param name="References">The rivals; empty for the three classes whose scores are nearest.</param>
/// <remarks>S_c - gamma mean_D S_d, or sum_D p_d (S_c - gamma S_d) / sum_D p_d.</remarks>
public sealed record FinerTarget(Choice Class, FinerWeights Weights, double Gamma, ImmutableArray<long> References) : Target
{
    /// <inheritdoc/>
    public override string Spec => $"finer:{Class};gamma={Text(Gamma)};weights={Weights.ToString().ToLowerInvariant()}" +
        (References.IsEmpty ? "" : $";references={string.Join('x', References)}");

    /// <inheritdoc/>
    public override string Slug => $"finer-c{Safe(Class.ToString())}";

    /// <inheritdoc/>
    public bool Equals(FinerTarget? other) => other is not null && other.Spec == Spec;

    /// <inheritdoc/>
    public override int GetHashCode() => Spec.GetHashCode(StringComparison.Ordinal);
}
