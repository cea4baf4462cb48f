namespace OnnxGrad.Relevance;

/// <summary>
/// How layers are read off a graph before relevance is shared out, which changes the result: what follows a layer, reads nothing else and
/// multiplies or shifts its channels by constants belongs to it (a batch normalisation, also one that is written out as Mul and Add, and a
/// bias that is added). A batch normalisation that belongs to none is a layer of its own. The graph itself stays as it is, so that nothing
/// else that is computed on it sees this form.
/// </summary>
internal static class CanonicalForm
{
    private static readonly HashSet<string> Affine = ["BatchNormalization", "Mul", "Add"];

    /// <summary>The nodes that a layer takes in, in their order.</summary>
    /// <param name="c">The walk.</param>
    /// <param name="layer">A convolution or dense layer.</param>
    public static IReadOnlyList<Node> FollowersOf(VjpContext c, Node layer)
    {
        var followers = new List<Node>();
        if (!IsLayer(c, layer))
            return followers;
        string value = layer.Outputs[0];
        while (Reader(c, value) is { } reader && BelongsTo(c, reader, value, layer))
        {
            followers.Add(reader);
            value = reader.Outputs[0];
        }

        return followers;
    }

    /// <summary>Whether a node is taken in by a layer before it.</summary>
    /// <param name="c">The walk.</param>
    /// <param name="node">The node.</param>
    public static bool IsFolded(VjpContext c, Node node)
    {
        for (var at = node; Affine.Contains(at.QualifiedOperator);)
        {
            string[] passed = [.. at.Inputs.Where(c.IsOnPath)];
            if (passed.Length != 1 || c.Graph.Producer(passed[0]) is not { } before)
                return false;
            if (IsLayer(c, before))
                return FollowersOf(c, before).Contains(node);
            at = before;
        }

        return false;
    }

    /// <summary>Whether a node multiplies what the walk passes by weights that it does not pass.</summary>
    /// <param name="c">The walk.</param>
    /// <param name="node">A node.</param>
    public static bool IsLayer(VjpContext c, Node node) => node.QualifiedOperator switch
    {
        "Conv" or "ConvTranspose" or "Gemm" =>
            c.IsOnPath(node.Inputs[0]) && !c.IsOnPath(node.Inputs[1]) && (node.Inputs.Count < 3 || !c.IsOnPath(node.Inputs[2])),
        "MatMul" => c.IsOnPath(node.Inputs[0]) && !c.IsOnPath(node.Inputs[1])
            && c.Graph.Info(node.Inputs[1])?.Shape.Rank >= 2 && c.Graph.Info(node.Inputs[0])?.Shape.Rank >= 2,
        _ => false,
    };

    /// <summary>The constant that a Mul or an Add joins with a value.</summary>
    public static string Other(Node node, string value) => node.Inputs[node.Inputs[0] == value ? 1 : 0];

    private static bool BelongsTo(VjpContext c, Node node, string value, Node layer)
    {
        bool isConvolution = layer.Operator is "Conv" or "ConvTranspose";
        bool takesFactors = layer.Operator is "Conv" or "Gemm" || (layer.Operator == "ConvTranspose" && layer.Int("group", 1) == 1);
        switch (node.QualifiedOperator)
        {
            case "BatchNormalization":
                return takesFactors && node.Inputs[0] == value && node.Int("training_mode", 0) == 0
                    && !node.Inputs.Skip(1).Any(c.IsOnPath);
            case "Mul" when isConvolution && takesFactors:
            case "Add" when isConvolution:
                return !c.IsOnPath(Other(node, value)) && IsOfChannels(c, Other(node, value), layer);
            case "Add":
                return !c.IsOnPath(Other(node, value)) && c.Graph.Info(Other(node, value))?.Shape.Rank == 1;
            default:
                return false;
        }
    }

    // [C, 1...] or [1, C, 1...].
    private static bool IsOfChannels(VjpContext c, string constant, Node layer)
    {
        if (c.Graph.Info(constant)?.Shape is not { IsStatic: true } shape || c.Graph.Info(layer.Outputs[0])?.Shape is not { } made)
            return false;
        int axis = shape.Rank - made.Rank + 1;
        return axis >= 0 && shape.Rank > axis && shape[axis] == made[1] && shape.Size == shape[axis] && shape.Rank <= made.Rank;
    }

    private static Node? Reader(VjpContext c, string value) =>
        c.Graph.SoleReader(value) is { } reader && Affine.Contains(reader.QualifiedOperator) && c.IsOnPath(reader.Outputs[0])
            && !c.Walk.Wanted.Contains(value) && !c.Graph.Outputs.Contains(value) ? reader : null;
}
