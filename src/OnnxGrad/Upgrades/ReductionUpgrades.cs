namespace OnnxGrad.Upgrades;

/// <summary>Reductions, TopK.</summary>
internal static class ReductionUpgrades
{
    public static readonly (string Operator, long Opset, Action<NodeUpgrade> Step)[] Steps =
    [
        ("ReduceSum", 13, AxesToInput),
        ("ReduceL1", 18, AxesToInput),
        ("ReduceL2", 18, AxesToInput),
        ("ReduceLogSum", 18, AxesToInput),
        ("ReduceLogSumExp", 18, AxesToInput),
        ("ReduceMax", 18, AxesToInput),
        ("ReduceMean", 18, AxesToInput),
        ("ReduceMin", 18, AxesToInput),
        ("ReduceProd", 18, AxesToInput),
        ("ReduceSumSquare", 18, AxesToInput),
        ("TopK", 10, static n => n.SetInput(1, n.Graph.Vector("k", n.Take("k")?.I ?? throw n.Unsupported("it lacks the attribute 'k'")))),
    ];

    private static void AxesToInput(NodeUpgrade node) => node.AttributeToInput("axes", 1);
}
