using GradCamSharp.Errors;
using GradCamSharp.Layers;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>What a method can draw on, each part appended to the graph when it is first asked for and shared by all methods.</summary>
public sealed class MapContext
{
    private readonly OperatorRegistry operators;
    private readonly Layer layer;
    private readonly Tensor score;
    private readonly Tensor classes;
    private readonly Tensor input;
    private readonly bool channelsLastInput;
    private readonly Func<IReadOnlyList<Layer>>? candidates;
    private readonly ClassifierHead? head;
    private readonly Dictionary<RuleSet, Tensor> inputGradients = [];
    private Tensor? activation;
    private Tensor? gradient;

    internal MapContext(
        OnnxModel model, Layer layer, string score, Tensor classes, string input, bool channelsLastInput,
        Func<IReadOnlyList<Layer>>? candidates = null)
    {
        operators = model.Operators;
        this.candidates = candidates;
        this.layer = layer;
        this.classes = classes;
        this.channelsLastInput = channelsLastInput;
        this.score = model.Graph[score];
        this.input = model.Graph[input];
        head = this.score.Rank < 2 ? null : ClassifierHead.Find(model, score, this.score.Shape[1].Value);
    }

    /// <summary>The layer's activation A, [N, K, spatial...].</summary>
    public Tensor Activation => activation ??= layer.Format.ToChannelsFirst(score.Graph[layer.Name], layer.Name);

    /// <summary>The class scores, [N, C] or [N, C, 1...].</summary>
    internal Tensor Scores => score;

    /// <summary>1 at the class of each item, of the scores' shape; mapped over the classes where there are several.</summary>
    internal Tensor ClassSeed => OneHot();

    /// <summary>The operators that are known.</summary>
    internal OperatorRegistry Operators => operators;

    /// <summary>A value of the layer's shape, in its own layout, as [N, K, spatial...].</summary>
    internal Tensor ToChannelsFirst(Tensor value) => layer.Format.ToChannelsFirst(value, layer.Name);

    /// <summary>The layer's value as the graph has it, in the layer's own layout.</summary>
    internal Tensor LayerValue => score.Graph[layer.Name];

    /// <summary>The gradient g = dS/dA of the class score, [N, K, spatial...]; mapped over the classes where there are several.</summary>
    public Tensor Gradient => gradient ??= layer.Format.ToChannelsFirst(Differentiate(layer.Name, RuleSet.Gradient), layer.Name);

    /// <summary>The classifier's own weight of each channel for the class, [N, K, 1...].</summary>
    /// <exception cref="ModelException">CAM is not defined for this model and layer.</exception>
    public Tensor ClassWeights => head is null
        ? throw ClassifierHead.NoCam($"the scores '{score.Name}' do not come from one linear layer")
        : DifferentiationPath.Between(score.Graph, [layer.Name], head.Features, operators).Nodes.Count == 0 && layer.Name != head.Features
            ? throw ClassifierHead.NoCam($"the layer '{layer.Name}' comes after the linear layer")
            : layer.Format != LayerFormat.Nchw
                ? throw ClassifierHead.NoCam("the layer's channels are not its second axis")
                : head.ClassWeights(score.Graph[layer.Name], classes);

    /// <summary>The network's input x, [N, C, spatial...].</summary>
    public Tensor Input => channelsLastInput ? LayerFormat.Nhwc.ToChannelsFirst(input, input.Name) : input;

    /// <summary>The gradient of the class score at the input, [N, C, spatial...], with a rule for rectifiers.</summary>
    public Tensor InputGradient(RuleSet rules)
    {
        if (!inputGradients.TryGetValue(rules, out var found))
        {
            var plain = Differentiate(input.Name, rules);
            inputGradients[rules] = found = channelsLastInput ? LayerFormat.Nhwc.ToChannelsFirst(plain, input.Name) : plain;
        }

        return found;
    }

    private Tensor Differentiate(string value, RuleSet rules)
    {
        var graph = score.Graph;
        if (DifferentiationPath.Between(graph, [value], score.Name, operators, rules).DescribeMissing() is { } missing)
        {
            throw new ExplanationException(
                ExplanationError.NoGradientRule, $"No gradient rule for {missing} on the way from '{value}' to the scores '{score.Name}'.",
                Advice(graph));
        }
        // With a rule other than the derivative the tail after the linear layer must be walked by that rule
        // too: then from a one-hot vector.
        bool throughHead = head is not null && (rules.IsEmpty || head.Tail.Count == 0)
            && (value == head.Features || DifferentiationPath.Between(graph, [value], head.Features, operators).Nodes.Count > 0);
        if (throughHead && head!.Features == value)
            return head.GradientAtFeatures(score, classes).ExpandLike(graph[value]);
        var (from, seed) = throughHead
            ? (graph[head!.Features], head.GradientAtFeatures(score, classes).ExpandLike(graph[head.Features]))
            : (score, OneHot());
        return ReverseMode.Gradients(from, seed, [graph[value]], operators, rules)[0]
            ?? throw new ModelException($"The scores '{score.Name}' do not depend on '{value}'.");
    }

    /// <summary>The layers that can be explained all the same: those behind what has no rule.</summary>
    private string Advice(Graph graph)
    {
        string[] beyond = [.. (candidates?.Invoke() ?? []).Select(c => c.Name)
            .Where(c => DifferentiationPath.Between(graph, [c], score.Name, operators).Missing.Count == 0)];
        return beyond.Length == 0
            ? "No layer lies behind these nodes. Export the model without them, or add a rule: docs/adding-an-operator.md."
            : "Layers behind these nodes can be explained by methods that need no gradient at the input: " +
                $"{string.Join(", ", beyond.Select(b => $"'{b}'"))}.";
    }

    private Tensor OneHot()
    {
        var seed = classes.OneHot(score.Shape[1].Value, axis: 1, score.Type);
        return score.Rank == 2 ? seed : seed.Unsqueeze([.. Enumerable.Range(2, score.Rank - 2).Select(i => (long)i)]);
    }
}
