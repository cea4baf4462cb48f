namespace OnnxGrad;

/// <summary>What a rule kept of what arrived at a node, instead of passing it on.</summary>
/// <param name="Node">The node.</param>
/// <param name="Kind">Why it was kept, in one word or two: bias, epsilon.</param>
/// <param name="Amount">How much, element by element; its first axis runs over items.</param>
public sealed record KeptAmount(Node Node, string Kind, Tensor Amount)
{
    /// <summary>
    /// The amount as a product whose parts of many nodes are joined before they are multiplied and summed: means over positions,
    /// [N, K, 1, 1], and a constant for each channel, [1, K, 1, 1]. Null where it is none.
    /// </summary>
    internal (Tensor Means, Tensor Factors)? Product { get; init; }
}

/// <summary>What a rule handed to an input as an amount that is final, where others hand on a factor of the input's value.</summary>
/// <param name="Node">The node.</param>
/// <param name="Value">The name of the input's value.</param>
/// <param name="Amount">The amount, of the value's shape.</param>
public sealed record DeliveredAmount(Node Node, string Value, Tensor Amount);

/// <summary>What the rules of one backward walk wrote down beside their answers.</summary>
public sealed class WalkRecord
{
    private readonly List<KeptAmount> kept = [];
    private readonly List<DeliveredAmount> delivered = [];

    /// <summary>What was kept, in the order of the walk.</summary>
    public IReadOnlyList<KeptAmount> Kept => kept;

    /// <summary>What was delivered, in the order of the walk.</summary>
    public IReadOnlyList<DeliveredAmount> Delivered => delivered;

    internal void Keep(KeptAmount amount) => kept.Add(amount);

    internal void Deliver(DeliveredAmount amount) => delivered.Add(amount);
}

/// <summary>What all nodes of one walk share.</summary>
/// <param name="Record">What rules write down.</param>
/// <param name="IsOnPath">Whether the walk passes a value.</param>
/// <param name="Wanted">The values whose gradients are asked for.</param>
/// <param name="Items">How many items the walked output holds, one after the other on the first axis.</param>
/// <param name="Rules">The table that is walked by; null for the derivative.</param>
/// <param name="Arrived">What arrived at a value so far: all of it once the nodes that read it were passed; null for nothing.</param>
internal sealed record WalkState(
    WalkRecord Record, Predicate<string> IsOnPath, IReadOnlySet<string> Wanted, Dimension Items, RuleSet? Rules,
    Func<string, Tensor?> Arrived);
