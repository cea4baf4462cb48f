using GradCamSharp.Errors;
using GradCamSharp.Layers;
using GradCamSharp.Targets;
using GradCamSharp.Text;
using OnnxGrad;

namespace GradCamSharp.Analysis;

/// <summary>Which layers can be explained, and which is the one to explain where the user names none.</summary>
internal sealed class LayerFinder
{
    private readonly OnnxModel model;
    private readonly Graph graph;
    private readonly string input;
    private readonly IReadOnlyCollection<string> scores;
    private readonly ClassifierHead? head;
    private readonly IReadOnlyList<Node> path;
    private readonly IReadOnlyDictionary<string, bool> channelsLast;
    private readonly Lazy<(IReadOnlyList<Layer> Known, IReadOnlyList<Layer> All)> candidates;

    /// <param name="model">The model, its shapes known.</param>
    /// <param name="input">The picture's input.</param>
    /// <param name="scores">The values that scores are read from.</param>
    public LayerFinder(OnnxModel model, string input, IReadOnlyCollection<string> scores)
    {
        this.model = model;
        graph = model.Graph;
        this.input = input;
        this.scores = scores;
        string score = scores.First();
        long classes = graph[score].Rank >= 2 ? graph[score].Shape[1].GetValueOrDefault(0) : 0;
        head = scores.Count == 1 ? ClassifierHead.Find(model, score, classes) : null;
        path = DifferentiationPath.Between(graph, [input], scores, model.Operators).Nodes;
        channelsLast = FindChannelsLast(graph);
        candidates = new(FindCandidates);
    }

    /// <summary>
    /// The layers that can be explained, in the network's order: those with the input's own axes, and tokens; others only where there
    /// are none. Beside them all layers: also those whose tokens lie as the graph does not say, and only the user can.
    /// </summary>
    private (IReadOnlyList<Layer> Known, IReadOnlyList<Layer> All) FindCandidates()
    {
        var all = WithSpatialAxes();
        int rank = graph[input].Rank;
        List<Layer> known = [.. all.Where(l => !IsUnknown(l))];
        List<Layer> alike = [.. known.Where(l => l.Format.Kind == LayerFormatKind.Tokens || l.Shape.Rank == rank)];
        return ((alike.Count > 0 ? alike : known).AsReadOnly(), all);
    }

    /// <summary>
    /// The layers that can be explained, in the network's order; where the user said how a layer's tokens lie, others with as many lie
    /// likewise.
    /// </summary>
    public IReadOnlyList<Layer> CandidatesLike(Layer chosen)
    {
        var (known, all) = candidates.Value;
        if (chosen.Format.Kind != LayerFormatKind.Tokens || !all.Any(Follows))
            return known;
        return [.. all.Where(l => Follows(l) || known.Contains(l)).Select(l => Follows(l) ? l with { Format = chosen.Format } : l)];

        bool Follows(Layer layer) => IsUnknown(layer) && layer.Shape[1] == chosen.Shape[1];
    }

    /// <summary>The layers that can be explained, and those whose tokens lie as the graph does not say, in the network's order.</summary>
    public IReadOnlyList<Layer> AllCandidates => [.. candidates.Value.All.Where(l => IsUnknown(l) || candidates.Value.Known.Contains(l))];

    private static bool IsUnknown(Layer layer) => layer.Format == LayerFormat.Tokens;

    private List<Layer> WithSpatialAxes()
    {
        var beforeHead = head is null ? null : DifferentiationPath.Between(graph, [input], head.Features, model.Operators);
        var layers = new List<Layer>();
        foreach (var node in path)
        {
            string value = node.Outputs[0];
            if ((model.Operators.Has(node, OperatorProperties.MakesNoFeatures) && !IsRoundedFeature(node))
                || graph.Info(value) is not { } info || !info.Type.IsFloatingPoint())
                continue;
            if (beforeHead is not null && !beforeHead.Contains(value))
                continue;
            if (Format(value) is { } format
                && (format == LayerFormat.Tokens ? info.Shape[1] != 1 : format.Spatial(info.Shape, value).Any(l => l != 1)))
                layers.Add(new Layer(value, node.Operator, info.Shape, format, "") { IsRecognized = format != LayerFormat.Tokens });
        }

        return layers;
    }

    /// <summary>
    /// What is read back from features rounded to integers, and by nobody else: where the least integer stands for 0, that is
    /// the layer after its activation.
    /// </summary>
    private bool IsRoundedFeature(Node node) =>
        node.QualifiedOperator == "DequantizeLinear" && graph.Producer(node.Inputs[0]) is { Operator: "QuantizeLinear" } rounded
        && graph.Consumers(node.Inputs[0]).Count == 1 && graph.Producer(rounded.Inputs[0]) is { } maker
        && !model.Operators.Has(maker, OperatorProperties.MakesNoFeatures);

    /// <summary>
    /// The layer explained where none is named; its format has no grid where these are tokens and the graph does not say how they lie.
    /// </summary>
    /// <exception cref="ModelException">The model has no layer with spatial axes.</exception>
    public Layer Default()
    {
        var (candidates, all) = this.candidates.Value;
        var tokens = LastAttention() is { } attention ? Entering(candidates, attention) ?? Entering(all, attention) : null;
        if (tokens is not null && !candidates.Any(c => c.Format == LayerFormat.Nchw && IsAfter(c.Name, tokens.Name)))
            return tokens with { Reason = "the normalised tokens that enter the last attention block" };
        var last = candidates.Count > 0 ? candidates[^1] : null;
        if (last is null)
        {
            throw new ExplanationException(
                ExplanationError.NoLayer,
                $"'{model.Name}' has no layer with spatial axes between the input '{input}' and the scores {Names}, " +
                "so there is nothing to draw a map of.",
                "Give a convolutional network or a vision transformer, or name a layer.");
        }

        string what = last.Operator is "Relu" or "Clip" or "HardSwish" or "Sigmoid" or "LeakyRelu" or "Mul" or "PRelu" or "Elu"
            ? "the last layer of features, after its activation" : "the last layer of features";
        string before = head?.Linear.Operator == "Conv" && graph[head.Linear.Outputs[0]].Shape is { Rank: > 2 } maps
            && maps.Slice(2, maps.Rank - 2).Any(l => l != 1)
            ? $", in front of the convolution '{head.Linear.Name}' that makes one map a class" : ", in front of pooling and classifier";
        return last with { Reason = what + before };
    }

    /// <summary>The layer of a name, or the nearest names that exist.</summary>
    /// <exception cref="ModelException">There is no such value, it has no way to the scores, or its shape does not fit.</exception>
    public Layer Named(string name, LayerFormat? format)
    {
        if (!graph.Contains(name) || graph.IsConstant(name))
        {
            var nearest = NearestNames.Order(name, graph.Values.Where(v => !v.StartsWith("grad/", StringComparison.Ordinal))).Take(3);
            throw new ExplanationException(
                ExplanationError.UnknownLayer,
                $"'{model.Name}' has no value '{name}'. The nearest names are {string.Join(", ", nearest.Select(n => $"'{n}'"))}.",
                "Explainer.FindLayers lists all layers.");
        }

        if (!scores.Contains(name) && DifferentiationPath.Between(graph, [name], scores, model.Operators).Nodes.Count == 0)
        {
            throw new ExplanationException(
                ExplanationError.UnknownLayer, $"The layer '{name}' of '{model.Name}' has no influence on the scores {Names}.",
                "Explainer.FindLayers lists the layers that have.");
        }
        var info = graph.Info(name) ?? throw new ModelException($"The shape of the layer '{name}' of '{model.Name}' is not known.");
        bool recognized = format is null || format == LayerFormat.Tokens;
        var layout = (format == LayerFormat.Tokens ? TokenGrid.Find(graph, name) : format ?? Format(name))
            ?? format ?? LayerFormat.Nchw;
        layout.Spatial(info.Shape, name);
        return new Layer(name, graph.Producer(name)?.Operator ?? "input", info.Shape, layout, "named by the user")
        {
            IsRecognized = recognized,
        };
    }

    /// <summary>The values whose shapes the finder wants to know: all on the way from the input to the scores.</summary>
    public static IEnumerable<string> Wanted(OnnxModel model, string input, string score) =>
        DifferentiationPath.Between(model.Graph, [input], score, model.Operators).Nodes
            .SelectMany(n => n.Inputs.Concat(n.Outputs)).Append(score).Where(v => v.Length > 0);

    /// <summary>
    /// How a value is laid out: by its shape, and for [N, a, b, c] by the nearest operator in front that says where the channels are.
    /// </summary>
    private LayerFormat? Format(string value)
    {
        var shape = graph.Info(value)?.Shape ?? default;
        if (shape.Rank < 3 || shape.Skip(1).Any(l => !l.IsKnown))
            return null;
        if (!channelsLast.GetValueOrDefault(value))
            return LayerFormat.Nchw;
        return shape.Rank == 3 ? TokenGrid.Find(graph, value) ?? LayerFormat.Tokens : LayerFormat.Nhwc;
    }

    /// <summary>
    /// Whether a value's channels are its last axis; a value is left out where nothing in front of it tells. In the graph's order, so
    /// neither the depth of a graph nor the order of questions matters.
    /// </summary>
    private static Dictionary<string, bool> FindChannelsLast(Graph graph)
    {
        var found = new Dictionary<string, bool>();
        foreach (var node in graph.Nodes)
        {
            if (ChannelsLast(graph, node, found) is not { } last)
                continue;
            foreach (string output in node.Outputs.Where(o => o.Length > 0))
                found[output] = last;
        }

        return found;
    }

    private static bool? ChannelsLast(Graph graph, Node node, Dictionary<string, bool> found)
    {
        int rank = graph.Info(node.Outputs.FirstOrDefault(""))?.Shape.Rank ?? 0;
        switch (node.Operator)
        {
            case "Conv" or "ConvTranspose" or "BatchNormalization" or "InstanceNormalization" or "MaxPool" or "AveragePool" or "LRN"
                or "GroupNormalization" or "GlobalAveragePool" or "Resize" or "DepthToSpace" or "SpaceToDepth":
                return false;
            case "MatMul" or "Gemm":
                return true;
            // Over several axes it is a norm of the whole picture and says nothing of the channels.
            case "LayerNormalization" when node.Int("axis", -1) is -1 || node.Int("axis", -1) == rank - 1:
                return true;
            case "Transpose" when node.Ints("perm") is { Length: > 1 } perm:
                if (found.TryGetValue(node.Inputs[0], out bool last))
                    return last ? perm[1] != rank - 1 : perm[^1] == 1;
                return perm[^1] == 1 ? true : null;
            // All positions of all pictures as the rows of one matrix, split again: attention with the positions in front is exported so.
            case "Reshape" when graph.Info(node.Inputs[0]) is { Shape: { Rank: 2 } rows } && rank >= 3:
                return found.GetValueOrDefault(node.Inputs[0]) && rows[1].IsKnown && graph.Info(node.Outputs[0])!.Shape[rank - 1] == rows[1]
                    ? true : null;
            default:
                // A constant that is joined or added (a class token, positions) tells nothing: the first input that does decides.
                return node.Inputs.Where(i => i.Length > 0 && !graph.IsConstant(i) && graph.Info(i)?.Shape.Rank >= 3)
                    .Select(i => found.TryGetValue(i, out bool told) ? told : (bool?)null).FirstOrDefault(l => l is not null);
        }
    }

    private Layer? Entering(IReadOnlyList<Layer> layers, Node attention) => layers.LastOrDefault(c =>
        c.Format.Kind == LayerFormatKind.Tokens && Feeds(c.Name, attention) && IsNormalized(c.Name));

    private Node? LastAttention() =>
        path.LastOrDefault(n => n.Operator == "Softmax" && !scores.Contains(n.Outputs[0]) && graph.Info(n.Outputs[0])?.Shape.Rank >= 3);

    private bool Feeds(string value, Node node) => IsAfter(node.Inputs[0], value);

    /// <summary>What a layer norm makes, as one operator or ending in scale and shift, and nothing but an attention block reads.</summary>
    private bool IsNormalized(string value) =>
        (graph.Producer(value) is { Operator: "LayerNormalization" or "RMSNormalization" }
            || (graph.Producer(value) is { Operator: "Add" } shift && shift.Inputs.Any(i => graph.Producer(i)?.Operator == "Mul")))
        && graph.Consumers(value).All(c =>
            c.Operator is "MatMul" or "Gemm" or "Transpose" or "Reshape" or "Slice" or "Pad" or "Concat" or "Shape");

    private string Names => string.Join(", ", scores.Select(s => $"'{s}'"));

    private bool IsAfter(string value, string other) => DifferentiationPath.Between(graph, [other], value, model.Operators).Nodes.Count > 0;
}
