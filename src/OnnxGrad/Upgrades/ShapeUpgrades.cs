namespace OnnxGrad.Upgrades;

/// <summary>Operators that rearrange values, and loops.</summary>
internal static class ShapeUpgrades
{
    public static readonly (string Operator, long Opset, Action<NodeUpgrade> Step)[] Steps =
    [
        ("Squeeze", 13, static n => n.AttributeToInput("axes", 1)),
        ("Unsqueeze", 13, static n => n.AttributeToInput("axes", 1)),
        ("Split", 13, static n => n.AttributeToInput("split", 1)),
        ("Split", 18, NumberOfOutputs),
        ("Slice", 10, BoundsToInputs),
        ("Pad", 11, PadsToInputs),
        ("Scatter", 11, static n => n.Node.OpType = "ScatterElements"),
        ("DFT", 20, AxisToInput),
        ("Scan", 9, static n => throw n.Unsupported("before opset 9 its body ran once for each item of the batch, a form that is gone")),
    ];

    private static void NumberOfOutputs(NodeUpgrade node)
    {
        if (!node.HasInput(1))
            node.Set("num_outputs", (long)node.Node.Output.Count);
    }

    private static void BoundsToInputs(NodeUpgrade node)
    {
        node.AttributeToInput("starts", 1);
        node.AttributeToInput("ends", 2);
        node.AttributeToInput("axes", 3);
    }

    private static void PadsToInputs(NodeUpgrade node)
    {
        node.AttributeToInput("pads", 1);
        if (node.Take("value") is { } value)
            node.SetInput(2, node.Graph.Number("value", node.Graph.Type(node.Node.Input[0]), value.F));
    }

    /// <summary>The axis was 1 by default and is the last but one now.</summary>
    private static void AxisToInput(NodeUpgrade node) => node.SetInput(2, node.Graph.Scalar("axis", node.Take("axis")?.I ?? 1));
}
