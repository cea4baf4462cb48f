namespace OnnxGrad.Upgrades;

/// <summary>Upsample and Resize, RoiAlign, GridSample.</summary>
internal static class ResamplingUpgrades
{
    public static readonly (string Operator, long Opset, Action<NodeUpgrade> Step)[] Steps =
    [
        ("Upsample", 9, static n => n.SetInput(1, n.Graph.FloatVector(
            "scales", [.. (n.Take("scales")?.Floats ?? throw n.Unsupported("it lacks the attribute 'scales'")).Select(s => (double)s)]))),
        ("Upsample", 10, static n => n.Node.OpType = "Resize"),
        ("Resize", 11, Coordinates),
        ("Resize", 13, NearestOfTensorFlow),
        ("RoiAlign", 16, static n => n.Set("coordinate_transformation_mode", "output_half_pixel")),
        ("GridSample", 20, Modes),
    ];

    /// <summary>
    /// Before 11 a coordinate is divided by the scale, nothing else (asymmetric); the nearest one is rounded down where an axis
    /// grows and up where it shrinks.
    /// </summary>
    private static void Coordinates(NodeUpgrade node)
    {
        node.RequireInputs(2);
        string x = node.Node.Input[0], scales = node.Node.Input[1];
        string mode = node.Text("mode", "nearest");
        node.Set("mode", mode);
        node.Set("coordinate_transformation_mode", "asymmetric");
        double[]? known = node.Graph.Floats(scales);
        bool grows = known is null || known.Any(s => s > 1), shrinks = known is null || known.Any(s => s < 1);
        if (mode == "nearest" && grows && shrinks)
        {
            string one = node.Graph.Number("one", ElementType.Float, 1);
            x = node.Before("Resize", [x, "", node.Before("Max", [scales, one])],
                ("mode", mode), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"));
            scales = node.Before("Min", [scales, one]);
        }

        if (mode == "nearest")
            node.Set("nearest_mode", shrinks ? "ceil" : "floor");
        node.SetInput(0, x);
        node.SetInput(1, "");
        node.SetInput(2, scales);
    }

    /// <summary>
    /// The mode tf_half_pixel_for_nn of 11 and 12 lies half an element above half_pixel: what it rounds down, half_pixel rounds to the
    /// nearest, and so on. An empty tensor for an absent region or scale becomes an absent input.
    /// </summary>
    private static void NearestOfTensorFlow(NodeUpgrade node)
    {
        for (int i = 1; i < Math.Min(3, node.Node.Input.Count); i++)
        {
            if (node.HasInput(i) && node.Graph.Initializer(node.Node.Input[i]) is { } tensor && tensor.Dims.Contains(0))
                node.SetInput(i, "");
        }

        if (node.Text("coordinate_transformation_mode", "half_pixel") != "tf_half_pixel_for_nn")
            return;
        node.Set("coordinate_transformation_mode", "half_pixel");
        node.Set("nearest_mode", node.Text("nearest_mode", "round_prefer_floor") switch
        {
            "floor" => "round_prefer_ceil",
            "round_prefer_floor" => "ceil",
            var other => throw node.Unsupported($"coordinates of tf_half_pixel_for_nn with nearest_mode '{other}'"),
        });
    }

    private static void Modes(NodeUpgrade node) => node.Set("mode", node.Text("mode", "bilinear") switch
    {
        "bilinear" => "linear",
        "bicubic" => "cubic",
        var same => same,
    });
}
