namespace OnnxGrad.Upgrades;

/// <summary>Softmax and its kin, Clip, Dropout.</summary>
internal static class ActivationUpgrades
{
    public static readonly (string Operator, long Opset, Action<NodeUpgrade> Step)[] Steps =
    [
        ("Softmax", 13, Flattening),
        ("LogSoftmax", 13, Flattening),
        ("Hardmax", 13, Flattening),
        ("Clip", 11, BoundsToInputs),
        ("Dropout", 10, MaskIsBoolean),
        ("Dropout", 12, RatioToInput),
    ];

    /// <summary>
    /// Before 13 the axes from <c>axis</c> (by default 1) on are one; from 13 on only <c>axis</c> (by default the last) counts.
    /// </summary>
    private static void Flattening(NodeUpgrade node)
    {
        long axis = node.Int("axis", 1);
        string x = node.Node.Input[0];
        node.Set("axis", -1L);
        if (axis == -1 || node.Graph.Rank(x) - 1 == axis)
            return;
        string shape = node.Before("Shape", [x]);
        node.SetInput(0, node.Before("Flatten", [x], ("axis", axis)));
        node.After("Reshape", 0, [shape]);
    }

    private static void BoundsToInputs(NodeUpgrade node)
    {
        var type = node.Graph.Type(node.Node.Input[0]);
        if (node.Take("min") is { } min)
            node.SetInput(1, node.Graph.Number("min", type, min.F));
        if (node.Take("max") is { } max)
            node.SetInput(2, node.Graph.Number("max", type, max.F));
    }

    private static void MaskIsBoolean(NodeUpgrade node)
    {
        if (node.Node.Output.Count < 2)
            return;
        if (node.Graph.IsRead(node.Node.Output[1]))
            node.After("Cast", 1, [], ("to", (long)node.Graph.Type(node.Node.Input[0])));
        else
            node.Node.Output.RemoveAt(1);
    }

    private static void RatioToInput(NodeUpgrade node)
    {
        if (node.Take("ratio") is { } ratio)
            node.SetInput(1, node.Graph.Number("ratio", ElementType.Float, ratio.F));
    }
}
