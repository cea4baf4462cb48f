using OnnxGrad.Relevance;

namespace OnnxGrad;

/// <summary>How DeepLIFT shares out a maximum.</summary>
public enum DeepLiftMaximum
{
    /// <summary>Among the places above the smaller of the two maxima, by how far they are above it.</summary>
    Shares,

    /// <summary>All to the place of the larger maximum, as captum and shap do.</summary>
    Argmax,
}

/// <summary>
/// DeepLIFT by the rescale rule (Shrikumar et al., arXiv 1704.02685, section 3.5): how much of the score's change from a baseline each
/// element of the input makes. Products share by Shapley's rule, which the paper leaves open, so that the shares of every network sum to
/// the change.
/// </summary>
public sealed class DeepLift
{
    private DeepLift(Tensor shares, Tensor change, Tensor sum, Tensor magnitude) =>
        (Shares, Change, Sum, Magnitude) = (shares, change, sum, magnitude);

    /// <summary>The shares, of the input's shape; mapped where the seeds are.</summary>
    public Tensor Shares { get; }

    /// <summary>By how much the score changes from the baseline to the input, [N], in doubles.</summary>
    public Tensor Change { get; }

    /// <summary>The shares' sum, [N], in doubles.</summary>
    public Tensor Sum { get; }

    /// <summary>The sum of the shares' magnitudes, [N], in doubles.</summary>
    public Tensor Magnitude { get; }

    /// <summary>Appends a second forward pass, on the baseline, and one backward pass.</summary>
    /// <param name="outputs">The values that are explained, each with its factor in the score.</param>
    /// <param name="input">The network's input.</param>
    /// <param name="baseline">The input that stands for no evidence, of the input's shape.</param>
    /// <param name="operators">The operators that are known.</param>
    /// <param name="maximum">How maxima share out.</param>
    /// <exception cref="ModelException">An operator has no rule; the message names the node.</exception>
    public static DeepLift Run(
        IReadOnlyList<(Tensor Output, Tensor Seed)> outputs, Tensor input, Tensor baseline, OperatorRegistry operators,
        DeepLiftMaximum maximum)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        var twin = new BaselineForward(input, baseline, [.. outputs.Select(o => o.Output.Name)], operators);
        var multiplier = ReverseMode.Gradients(outputs, [input], operators, DeepLiftRules.Of(twin, maximum))[0]
            ?? throw new ModelException($"'{outputs[0].Output.Name}' does not depend on '{input.Name}'.");
        var shares = multiplier * (input - baseline);
        var change = outputs.Select(o => PerItem(o.Seed.ExpandLike(o.Output) * (o.Output - twin[o.Output.Name])))
            .Aggregate((a, b) => a + b);
        return new DeepLift(shares, change, PerItem(shares), PerItem(shares.Abs()));
    }

    private static Tensor PerItem(Tensor amount) =>
        (amount.Rank < 2 ? amount : amount.Sum([.. Enumerable.Range(1, amount.Rank - 1).Select(i => (long)i)], keep: false))
        .Cast(ElementType.Double);
}
