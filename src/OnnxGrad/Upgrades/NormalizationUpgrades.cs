namespace OnnxGrad.Upgrades;

/// <summary>Batch and group normalisation.</summary>
internal static class NormalizationUpgrades
{
    public static readonly (string Operator, long Opset, Action<NodeUpgrade> Step)[] Steps =
    [
        ("BatchNormalization", 9, PerActivation),
        ("BatchNormalization", 14, OnlyTheResult),
        ("GroupNormalization", 21, PerChannel),
    ];

    /// <summary>
    /// With <c>spatial</c> 0 the statistics are [C, D1, ...], one an activation; that form is gone: (x - mean) /
    /// sqrt(var + epsilon) * scale + bias.
    /// </summary>
    private static void PerActivation(NodeUpgrade node)
    {
        if (node.Take("spatial") is not { I: 0 })
            return;
        node.RequireInputs(5);
        OnlyTheResult(node);
        var epsilon = node.Take("epsilon");
        string[] input = [.. node.Node.Input];
        string constant = node.Graph.Number("epsilon", node.Graph.Type(input[4]), epsilon?.F ?? 1e-5f);
        string root = node.Before("Sqrt", [node.Before("Add", [input[4], constant])]);
        string normal = node.Before("Div", [node.Before("Sub", [input[0], input[3]]), root]);
        node.Become("Add", node.Before("Mul", [normal, input[1]]), input[2]);
    }

    /// <summary>Before 14 outputs after the first were for training; exporters left them in.</summary>
    private static void OnlyTheResult(NodeUpgrade node)
    {
        var outputs = node.Node.Output;
        while (outputs.Count > 1)
        {
            if (node.Graph.IsRead(outputs[^1]))
                throw node.Unsupported($"its output '{outputs[^1]}', which exists in training only, is read");
            outputs.RemoveAt(outputs.Count - 1);
        }
    }

    /// <summary>Before 21 scale and bias are [groups]; from 21 on [C]: each is repeated for the channels of its group.</summary>
    private static void PerChannel(NodeUpgrade node)
    {
        node.RequireInputs(3);
        long groups = node.Int("num_groups", 1);
        string column = node.Graph.Vector("shape", groups, 1), flat = node.Graph.Vector("shape", -1);
        string one = node.Graph.Vector("channels", 1);
        string channels = node.Before("Shape", [node.Node.Input[0]], ("start", 1L), ("end", 2L));
        string each = node.Before("Div", [channels, node.Graph.Vector("groups", groups)]);
        string repeats = node.Before("Concat", [one, each], ("axis", 0L));
        for (int i = 1; i <= 2; i++)
        {
            string tiled = node.Before("Tile", [node.Before("Reshape", [node.Node.Input[i], column]), repeats]);
            node.SetInput(i, node.Before("Reshape", [tiled, flat]));
        }
    }
}
