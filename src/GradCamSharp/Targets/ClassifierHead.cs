using GradCamSharp.Errors;
using OnnxGrad;

namespace GradCamSharp.Targets;

/// <summary>
/// The end of a classifier: the last linear operator (a dense layer, or a 1x1 convolution that makes one map a class) and what follows
/// it class by class. The gradient of one class there is one row of its weights; multiplying a one-hot vector through all of them
/// would cost a thousand times that.
/// </summary>
internal sealed class ClassifierHead
{
    private readonly OperatorRegistry operators;

    private ClassifierHead(OperatorRegistry operators, Node linear, IReadOnlyList<Node> tail)
    {
        this.operators = operators;
        Linear = linear;
        Tail = tail;
    }

    /// <summary>The last linear operator: Gemm, MatMul or a 1x1 Conv, with constant weights.</summary>
    public Node Linear { get; }

    /// <summary>What stands between it and the scores, last first; each class by itself.</summary>
    public IReadOnlyList<Node> Tail { get; }

    /// <summary>The features that the linear operator reads.</summary>
    public string Features => Linear.Inputs[0];

    private string Output => Linear.Outputs[0];

    /// <summary>Finds the head; null where the scores are made otherwise.</summary>
    public static ClassifierHead? Find(OnnxModel model, string score, long classes)
    {
        var graph = model.Graph;
        var constants = Constants(graph);
        var tail = new List<Node>();
        for (string value = score; graph.Producer(value) is { } node;)
        {
            bool constantWeights = node.Inputs.Count > 1 && constants.Contains(node.Inputs[1]);
            bool linear = node.QualifiedOperator switch
            {
                "Gemm" => constantWeights && node.Int("transA", 0) == 0 && graph[node.Inputs[0]].Rank == 2,
                "MatMul" => constantWeights && graph[node.Inputs[0]].Rank == 2 && graph[node.Inputs[1]].Rank == 2,
                "Conv" => constantWeights && node.Int("group", 1) == 1 && Is1x1(graph, node),
                _ => false,
            };
            if (linear)
                return new ClassifierHead(model.Operators, node, tail);
            // Shapes are computed in the graph, but no gradient runs through them.
            string[] active = [.. node.Inputs
                .Where(i => i.Length > 0 && !constants.Contains(i) && graph.Info(i)?.Type.IsFloatingPoint() != false)];
            if (!model.Operators.Has(node, OperatorProperties.KeepsClasses) || active.Length != 1
                || (node.Inputs[0] != active[0] && node.Operator is not ("Mul" or "Add")) || !KeepsClasses(graph, node, classes))
                return null;
            tail.Add(node);
            value = active[0];
        }

        return null;
    }

    /// <summary>The rows of the weights for the classes: [N, K], or [N, K, 1...] below a convolution; mapped as the classes are.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="classes">[N] integers.</param>
    public Tensor Rows(Graph graph, Tensor classes)
    {
        var weights = graph[Linear.Inputs[1]];
        bool classFirst = Linear.Operator == "Conv" || (Linear.Operator == "Gemm" && Linear.Int("transB", 0) == 1);
        var rows = classFirst ? weights.Gather(classes, 0) : weights.Gather(classes, 1).TransposeMatrix();
        return rows * Linear.Float("alpha", 1);
    }

    /// <summary>The gradient of each item's class score at <see cref="Features"/>.</summary>
    /// <param name="score">The scores.</param>
    /// <param name="classes">[N] integers.</param>
    public Tensor GradientAtFeatures(Tensor score, Tensor classes)
    {
        var graph = score.Graph;
        var rows = Rows(graph, classes);
        if (Tail.Count == 0)
            return rows;
        if (MeanOfMaps() is { } rectified)
            return GradientOfMean(graph, rows, classes, rectified);
        // Each score depends on its own class's channel alone, so one backward pass from ones gives every class's gradient at once.
        var output = graph[Output];
        var ones = (score.ZerosLike() + 1).MappedAs(score);
        var gradient = ReverseMode.Gradients(score, ones, [output], operators)[0] ?? output.ZerosLike();
        return rows * Pick(gradient, classes);
    }

    /// <summary>
    /// Whether each class has a map of its own, whose mean is the score, and then whether the map is rectified before; null for other ends.
    /// </summary>
    private bool? MeanOfMaps()
    {
        if (Linear.Operator != "Conv")
            return null;
        Node[] computing = [.. Tail.Where(n => n.Operator is not ("Flatten" or "Reshape" or "Squeeze" or "Identity" or "Dropout"))];
        return computing switch
        {
            [{ Operator: "GlobalAveragePool" }] => false,
            [{ Operator: "GlobalAveragePool" }, { Operator: "Relu" }] => true,
            _ => null,
        };
    }

    /// <summary>
    /// The weights over the number of positions; where maps are rectified, where the class's map is positive. That map alone is computed
    /// again: to pick it out of all classes' would cost more, for it lies in another layout there.
    /// </summary>
    private Tensor GradientOfMean(Graph graph, Tensor rows, Tensor classes, bool rectified)
    {
        var features = graph[Features];
        var spatial = features.Shape.Slice(2, features.Rank - 2);
        var share = rows / spatial.Size.Value;
        if (!rectified)
            return share;
        var flat = features.Reshape(new Shape(features.Shape[0], features.Shape[1], spatial.Size));
        var map = rows.Reshape(new Shape(features.Shape[0], 1, features.Shape[1])).MatMul(flat);
        if (Linear.Inputs.Count > 2 && Linear.Inputs[2].Length > 0)
            map += graph[Linear.Inputs[2]].Gather(classes, 0).Unsqueeze(1, 2);
        return Tensor.Where((map > 0).Reshape(new Shape([features.Shape[0], 1, .. spatial])), share, 0);
    }

    /// <summary>
    /// The head's weights, where CAM is defined: nothing but pooling stands between the layer and the linear operator, or after it.
    /// </summary>
    public Tensor ClassWeights(Tensor layer, Tensor classes)
    {
        var graph = layer.Graph;
        var between = DifferentiationPath.Between(graph, [layer.Name], Features, operators).Nodes;
        var wrong = between.Concat(Tail).FirstOrDefault(n => !operators.Has(n, OperatorProperties.PoolsPositions));
        if (wrong is not null)
            throw NoCam($"{wrong} stands between the layer '{layer.Name}' and the scores");
        var rows = Rows(graph, classes);
        if (rows.Shape[1] != layer.Shape[1])
        {
            throw NoCam($"the classifier reads {rows.Shape[1]} features, " +
                $"not one for each of the {layer.Shape[1]} channels of '{layer.Name}'");
        }
        return rows.Rank == 2 ? rows.Unsqueeze([.. Enumerable.Range(2, layer.Rank - 2).Select(i => (long)i)]) : rows;
    }

    /// <summary>Why CAM is refused.</summary>
    public static ExplanationException NoCam(string why) => new(
        ExplanationError.NoClassWeights, $"CAM is defined only where pooling and one linear layer follow the explained layer: here {why}.",
        "Use gradcam or gradcam++, which need no such end.");

    /// <summary>The slice of each item's own class: [N, C, ...] at [N] gives [N, 1, ...].</summary>
    private static Tensor Pick(Tensor values, Tensor classes)
    {
        var graph = values.Graph;
        long count = values.Shape[1].Value;
        var rest = values.Shape.Slice(2, values.Rank - 2);
        var flat = values.Reshape(new Shape([values.Shape[0] * count, .. rest]));
        var items = values.Shape[0] == 1 ? classes : classes + (ItemNumbers(values) * count);
        return flat.Gather(items, 0).Unsqueeze(1);
    }

    /// <summary>0, 1, 2 ... along the batch, [N].</summary>
    private static Tensor ItemNumbers(Tensor values)
    {
        var length = values.ShapeAtRunTime().Gather(values.Graph.Scalar(0), 0);
        return values.Graph.Append(
            "Range", [values.Graph.Scalar(0), length, values.Graph.Scalar(1)], ElementType.Int64, new Shape(values.Shape[0]));
    }

    private static bool KeepsClasses(Graph graph, Node node, long classes)
    {
        var (x, y) = (graph[node.Inputs[0]].Shape, graph[node.Outputs[0]].Shape);
        return x.Rank >= 2 && y.Rank >= 2 && x[1] == classes && y[1] == classes && x[0] == y[0];
    }

    private static bool Is1x1(Graph graph, Node node) =>
        graph[node.Inputs[1]].Shape is { Rank: > 2 } kernel && kernel.Slice(2, kernel.Rank - 2).All(l => l == 1)
        && (node.Ints("strides") ?? []).All(s => s == 1) && (node.Ints("pads") ?? []).All(p => p == 0);

    /// <summary>
    /// What is stored in the model, and what is made of that alone (weights that are cast, transposed or dequantised in the graph). In the
    /// graph's order, each node once, however often its value is read and however long the chain.
    /// </summary>
    private static HashSet<string> Constants(Graph graph)
    {
        var made = new HashSet<string>();
        foreach (var node in graph.Nodes)
        {
            foreach (string input in node.Inputs.Where(graph.IsConstant))
                made.Add(input);
            if (node.Inputs.Count > 0 && !node.HasSubgraph && node.Inputs.All(i => i.Length == 0 || made.Contains(i)))
                made.UnionWith(node.Outputs.Where(o => o.Length > 0));
        }

        return made;
    }
}
