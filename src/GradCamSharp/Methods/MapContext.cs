using GradCamSharp.Errors;
using GradCamSharp.Layers;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>What a method can draw on, each part appended to the graph when it is first asked for and shared by all methods.</summary>
public sealed class MapContext
{
    private readonly OperatorRegistry operators;
    private readonly Graph graph;
    private readonly Layer layer;
    private readonly IReadOnlyList<(Tensor Output, Tensor Seed)>? seeds;
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
        graph = model.Graph;
        this.candidates = candidates;
        this.layer = layer;
        this.classes = classes;
        this.channelsLastInput = channelsLastInput;
        this.score = model.Graph[score];
        this.input = model.Graph[input];
        head = this.score.Rank < 2 ? null : ClassifierHead.Find(model, score, this.score.Shape[1].Value);
    }

    /// <summary>The same for a score that is told by its derivative alone: the gradient at values that it is made of.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layer">The layer that is explained.</param>
    /// <param name="seeds">The values, and dS with respect to each; mapped where there are several scores.</param>
    /// <param name="input">The picture's input.</param>
    /// <param name="channelsLastInput">Whether its channels are its last axis.</param>
    internal MapContext(
        OnnxModel model, Layer layer, IReadOnlyList<(Tensor Output, Tensor Seed)> seeds, string input, bool channelsLastInput)
    {
        operators = model.Operators;
        graph = model.Graph;
        this.layer = layer;
        this.seeds = seeds;
        this.channelsLastInput = channelsLastInput;
        this.input = model.Graph[input];
        (score, classes) = seeds[0];
    }

    /// <summary>The layer's activation A, [N, K, spatial...].</summary>
    public Tensor Activation => activation ??= layer.Format.ToChannelsFirst(graph[layer.Name], layer.Name);

    /// <summary>The class scores, [N, C] or [N, C, 1...].</summary>
    internal Tensor Scores => seeds is null ? score : throw new ExplanationException(
        ExplanationError.UnsuitableMethod, "This method looks at the scores of all classes, and what is explained is no class.",
        "Choose another, such as hirescam, gradcam or gradcam++.");

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
    public Tensor ClassWeights => seeds is not null
        ? throw ClassifierHead.NoCam("what is explained is no class of a classifier")
        : head is null
        ? throw ClassifierHead.NoCam($"the scores '{score.Name}' do not come from one linear layer")
        : DifferentiationPath.Between(graph, [layer.Name], head.Features, operators).Nodes.Count == 0 && layer.Name != head.Features
            ? throw ClassifierHead.NoCam($"the layer '{layer.Name}' comes after the linear layer")
            : layer.Format != LayerFormat.Nchw
                ? throw ClassifierHead.NoCam("the layer's channels are not its second axis")
                : head.ClassWeights(graph[layer.Name], classes);

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
        if (seeds is not null)
            return DifferentiateSeeded(value, rules);
        if (DifferentiationPath.Between(graph, [value], score.Name, operators, rules).DescribeMissing() is { } missing)
        {
            throw new ExplanationException(
                ExplanationError.NoGradientRule, $"No gradient rule for {missing} on the way from '{value}' to the scores '{score.Name}'.",
                Advice());
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

    private Tensor DifferentiateSeeded(string value, RuleSet rules)
    {
        var path = DifferentiationPath.Between(graph, [value], [.. seeds!.Select(s => s.Output.Name)], operators, rules);
        if (path.DescribeMissing() is { } missing)
        {
            throw new ExplanationException(
                ExplanationError.NoGradientRule, $"No gradient rule for {missing} on the way from '{value}' to what is explained.",
                "Choose a layer behind these nodes, or add a rule: docs/adding-an-operator.md.");
        }

        return ReverseMode.Gradients(seeds!, [graph[value]], operators, rules)[0] ?? throw new ExplanationException(
            ExplanationError.UnknownLayer, $"What is explained does not depend on the layer '{value}'.", "Choose another layer.");
    }

    /// <summary>The layers that can be explained all the same: those behind what has no rule.</summary>
    private string Advice()
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
