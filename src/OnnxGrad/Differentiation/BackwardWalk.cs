namespace OnnxGrad;

/// <summary>A node that a walk passed.</summary>
/// <param name="Node">The node.</param>
/// <param name="Arriving">For each output what arrived there; null where nothing did.</param>
/// <param name="Leaving">For each input what the rule answered; null where nothing goes on.</param>
public sealed record NodeVisit(Node Node, IReadOnlyList<Tensor?> Arriving, IReadOnlyList<Tensor?> Leaving)
{
    internal VjpContext Context { get; init; } = null!;
}

/// <summary>What one backward walk left behind.</summary>
public sealed class BackwardWalk
{
    private readonly Dictionary<string, Tensor> gradients;

    internal BackwardWalk(Dictionary<string, Tensor> gradients, WalkRecord record, IReadOnlyList<NodeVisit> visits)
    {
        this.gradients = gradients;
        Record = record;
        Visits = visits;
    }

    /// <summary>
    /// The gradient at a value (the coefficient, where rules for relevance were walked by), of its shape; null where nothing arrived.
    /// </summary>
    /// <param name="value">The name of a value on the way.</param>
    public Tensor? this[string value] => gradients.TryGetValue(value, out var gradient) ? gradient : null;

    /// <summary>What rules wrote down beside their answers.</summary>
    public WalkRecord Record { get; }

    /// <summary>The nodes that were passed, the last one first.</summary>
    public IReadOnlyList<NodeVisit> Visits { get; }
}
