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
    private readonly Lazy<IReadOnlyDictionary<string, Tensor?>>? shared;
    private readonly Tensor score;
    private readonly Tensor classes;
    private readonly Tensor input;
    private readonly bool channelsLastInput;
    private readonly Func<IReadOnlyList<Layer>>? candidates;
    private readonly ClassifierHead? head;
    private readonly Dictionary<RuleSet, Tensor> inputGradients = [];
    private readonly Dictionary<ValueTuple<IRelevanceRules?>, Tensor> layerCoefficients = [];
    private readonly Dictionary<string, object> made = [];
    private readonly Dictionary<ExplanationMethod, string> said = [];
    private readonly Dictionary<ExplanationMethod, IReadOnlyList<(string Kind, Tensor Sum)>> accounts = [];
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
    /// <param name="shared">The gradients at all layers of the explanation, by one walk.</param>
    internal MapContext(
        OnnxModel model, Layer layer, IReadOnlyList<(Tensor Output, Tensor Seed)> seeds, string input, bool channelsLastInput,
        Lazy<IReadOnlyDictionary<string, Tensor?>>? shared = null)
    {
        this.shared = shared;
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

    /// <summary>The graph that methods are appended to.</summary>
    internal Graph Graph => graph;

    /// <summary>The layer that is explained.</summary>
    internal Layer Layer => layer;

    /// <summary>The picture's input, by its name.</summary>
    internal string InputName => input.Name;

    /// <summary>The values that the score is read from.</summary>
    internal IReadOnlyList<string> Ends => seeds is null ? [score.Name] : [.. seeds.Select(s => s.Output.Name)];

    /// <summary>A value of the layer's shape, in its own layout, as [N, K, spatial...].</summary>
    internal Tensor ToChannelsFirst(Tensor value) => layer.Format.ToChannelsFirst(value, layer.Name);

    /// <summary>The layer's value as the graph has it, in the layer's own layout.</summary>
    internal Tensor LayerValue => score.Graph[layer.Name];

    /// <summary>Which axis of the layer's value, in its own layout, its channels are.</summary>
    internal int ChannelAxis => layer.Format.Kind == LayerFormatKind.Nchw ? 1 : LayerValue.Rank - 1;

    /// <summary>The coefficient of the score at the layer in its own layout, tokens that are no positions included.</summary>
    /// <param name="rule">The rules that it comes by; null for the gradient.</param>
    internal Tensor CoefficientAtLayer(IRelevanceRules? rule)
    {
        var key = ValueTuple.Create(rule);
        if (!layerCoefficients.TryGetValue(key, out var found))
        {
            found = rule is null ? Differentiate(layer.Name, RuleSet.Gradient)
                : Relevance(rule.RulesFor(this), atLayer: true)[layer.Name] ?? throw NoRelevanceAtLayer(rule);
            layerCoefficients[key] = found;
        }

        return found;
    }

    /// <summary>What of the input has part in coefficients at the layer: input times coefficient, [N, C, spatial...].</summary>
    /// <param name="coefficients">Of the layer's value, in its own layout; mapped where there are several.</param>
    /// <param name="rule">The rules by which they go back; null for the gradient.</param>
    internal Tensor SharesOfInput(Tensor coefficients, IRelevanceRules? rule) => rule is null
        ? InputGradientOf(LayerValue, coefficients) * Input
        : InputToChannelsFirst(Relevance([(LayerValue, coefficients)], rule.RulesFor(this), []).Input);

    /// <summary>Why a layer has no coefficient.</summary>
    internal ModelException NoRelevanceAtLayer(IRelevanceRules rule) =>
        new($"No relevance arrives at '{layer.Name}' by the rules of '{rule.Name}'.");

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

    /// <summary>What several methods of one graph share, made when it is first asked for.</summary>
    /// <param name="key">What it is.</param>
    /// <param name="make">Makes it.</param>
    internal T MakeOnce<T>(string key, Func<T> make)
        where T : class
    {
        if (!made.TryGetValue(key, out object? found))
            made[key] = found = make();
        return (T)found;
    }

    /// <summary>The gradients of the score at several values, by one walk; of the values' shapes.</summary>
    /// <param name="values">The values' names.</param>
    internal IReadOnlyList<Tensor> GradientsAt(IReadOnlyList<string> values) => Differentiate(values, RuleSet.Gradient);

    /// <summary>What rules of their own bring back to several values from a 1 at the class itself.</summary>
    /// <param name="values">The values' names.</param>
    /// <param name="rules">The rules.</param>
    internal IReadOnlyList<Tensor> Walk(IReadOnlyList<string> values, RuleSet rules) =>
        Answers(values, ReverseMode.Gradients(Scores, OneHot(), [.. values.Select(v => graph[v])], operators, rules));

    /// <summary>Relevance, shared out from what is explained to the network's input by a table of rules.</summary>
    /// <param name="rules">The table.</param>
    /// <param name="atLayer">Whether the layer's coefficient is asked for as well: relevance there is it times the layer's value.</param>
    /// <exception cref="ModelException">An operator is refused, or has no rule.</exception>
    public RelevanceWalk Relevance(RuleSet rules, bool atLayer = false) =>
        LastWalk = Relevance(seeds ?? [(score, OneHot())], rules, atLayer ? [LayerValue] : []);

    private RelevanceWalk Relevance(IReadOnlyList<(Tensor Output, Tensor Seed)> from, RuleSet rules, IReadOnlyList<Tensor> kept)
    {
        try
        {
            return RelevanceWalk.Run(from, input, operators, rules, kept);
        }
        catch (ModelException e) when (e is not ExplanationException)
        {
            throw new ExplanationException(
                ExplanationError.NoRelevanceRule, e.Message,
                "The rules can be changed for an operator or for a node: docs/relevance.md.", e);
        }
    }

    /// <summary>A value of the input's shape as [N, C, spatial...].</summary>
    internal Tensor InputToChannelsFirst(Tensor value) =>
        channelsLastInput ? LayerFormat.Nhwc.ToChannelsFirst(value, input.Name) : value;

    /// <summary>What lies between the input and what is explained.</summary>
    internal DifferentiationPath PathOfInput() => DifferentiationPath.Between(
        graph, [input.Name], seeds is null ? [score.Name] : [.. seeds.Select(s => s.Output.Name)], operators);

    /// <summary>The shape of the network's input, as it takes it.</summary>
    internal Shape PictureShape => input.Shape;

    /// <summary>What methods have to say of their maps of this model.</summary>
    internal IReadOnlyDictionary<ExplanationMethod, string> Said => said;

    /// <summary>Sums an item of methods whose maps have to add up: the score, the input, then what was kept by kinds.</summary>
    internal IReadOnlyDictionary<ExplanationMethod, IReadOnlyList<(string Kind, Tensor Sum)>> Accounts => accounts;

    /// <summary>The last walk by rules for relevance.</summary>
    internal RelevanceWalk? LastWalk { get; private set; }

    /// <summary>Records what a method has to say of its map.</summary>
    internal void Say(ExplanationMethod method, string text) => said[method] = text;

    /// <summary>Records what a method's map has to add up to.</summary>
    internal void Account(ExplanationMethod method, IReadOnlyList<(string Kind, Tensor Sum)> sums) => accounts[method] = sums;

    /// <summary>DeepLIFT from what is explained back to the network's input.</summary>
    /// <param name="baseline">
    /// Makes the input that stands for no evidence, from the network's own, and whether channels are last there.
    /// </param>
    /// <param name="maximum">How maxima share out.</param>
    internal DeepLift DeepLift(Func<Tensor, bool, Tensor> baseline, DeepLiftMaximum maximum)
    {
        try
        {
            return OnnxGrad.DeepLift.Run(
                seeds ?? [(score, OneHot())], input, baseline(input, channelsLastInput), operators, maximum);
        }
        catch (ModelException e) when (e is not ExplanationException)
        {
            throw new ExplanationException(
                ExplanationError.NoRelevanceRule, e.Message, "Any differentiable network can be explained by integrated-gradients.", e);
        }
    }

    /// <summary>What a cotangent at another value than the score becomes at the input, [N, C, spatial...].</summary>
    /// <param name="value">The value.</param>
    /// <param name="seed">The cotangent there; mapped where there are several.</param>
    /// <exception cref="ModelException">The picture has no way to the value, or an operator on the way has no rule.</exception>
    internal Tensor InputGradientOf(Tensor value, Tensor seed)
    {
        var plain = ReverseMode.Gradients(value, seed, [input], operators)[0]
            ?? throw new ModelException($"'{value.Name}' does not depend on the picture '{input.Name}'.");
        return channelsLastInput ? LayerFormat.Nhwc.ToChannelsFirst(plain, input.Name) : plain;
    }

    private Tensor Differentiate(string value, RuleSet rules) => Differentiate([value], rules)[0];

    private IReadOnlyList<Tensor> Differentiate(IReadOnlyList<string> values, RuleSet rules)
    {
        if (seeds is not null)
            return DifferentiateSeeded(values, rules);
        if (DifferentiationPath.Between(graph, values, score.Name, operators, rules).DescribeMissing() is { } missing)
        {
            throw new ExplanationException(
                ExplanationError.NoGradientRule,
                $"No gradient rule for {missing} on the way from '{values[0]}' to the scores '{score.Name}'.", Advice());
        }
        // With a rule other than the derivative the tail after the linear layer must be walked by that rule
        // too: then from a one-hot vector.
        bool throughHead = head is not null && (rules.IsEmpty || head.Tail.Count == 0) && values.All(
            v => v == head.Features || DifferentiationPath.Between(graph, [v], head.Features, operators).Nodes.Count > 0);
        if (throughHead && values is [var only] && head!.Features == only)
            return [head.GradientAtFeatures(score, classes).ExpandLike(graph[only])];
        var (from, seed) = throughHead
            ? (graph[head!.Features], head.GradientAtFeatures(score, classes).ExpandLike(graph[head.Features]))
            : (score, OneHot());
        return Answers(values, ReverseMode.Gradients(from, seed, [.. values.Select(v => graph[v])], operators, rules));
    }

    private Tensor[] Answers(IReadOnlyList<string> values, IReadOnlyList<Tensor?> found) =>
        [.. values.Zip(found, (v, g) => g ?? throw new ModelException($"The scores '{score.Name}' do not depend on '{v}'."))];

    private IReadOnlyList<Tensor> DifferentiateSeeded(IReadOnlyList<string> values, RuleSet rules)
    {
        var path = DifferentiationPath.Between(graph, values, [.. seeds!.Select(s => s.Output.Name)], operators, rules);
        if (path.DescribeMissing() is { } missing)
        {
            throw new ExplanationException(
                ExplanationError.NoGradientRule, $"No gradient rule for {missing} on the way from '{values[0]}' to what is explained.",
                "Choose a layer behind these nodes, or add a rule: docs/adding-an-operator.md.");
        }

        var found = rules.IsEmpty && shared is not null && values.All(shared.Value.ContainsKey) ? [.. values.Select(v => shared.Value[v])]
            : ReverseMode.Gradients(seeds!, [.. values.Select(v => graph[v])], operators, rules);
        return [.. values.Zip(found, (v, g) => g ?? throw new ExplanationException(
            ExplanationError.UnknownLayer, $"What is explained does not depend on the layer '{v}'.", "Choose another layer."))];
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
