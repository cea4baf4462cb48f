using GradCamSharp.Errors;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Compilation;

/// <summary>
/// An explanation in two graphs: the forward part, which answers with what a score is read from, and the backward part, which takes the
/// score's derivative there and answers with maps. Between the two it is decided what is explained, by ordinary code.
/// </summary>
/// <remarks>
/// The forward part runs once, whatever is explained. What the backward part reads of it is handed over without a copy.
/// </remarks>
internal sealed class SeededExplanation
{
    private SeededExplanation(
        OnnxModel forward, OnnxModel backward, IReadOnlyList<string> carried, IReadOnlyList<string> stops, IReadOnlyList<SeededMap> maps)
    {
        Forward = forward;
        Backward = backward;
        Carried = carried;
        Stops = stops;
        Maps = maps;
    }

    /// <summary>The model, with the carried values as outputs beside those that it had.</summary>
    public OnnxModel Forward { get; }

    /// <summary>The maps' graph: its inputs are the carried values and a seed for each stop.</summary>
    public OnnxModel Backward { get; }

    /// <summary>The values that both graphs have.</summary>
    public IReadOnlyList<string> Carried { get; }

    /// <summary>The values that scores are read from. The seed of a value is [M, ...] for M scores.</summary>
    public IReadOnlyList<string> Stops { get; }

    /// <summary>The maps, in the order of the backward graph's outputs: [N, M, ...].</summary>
    public IReadOnlyList<SeededMap> Maps { get; }

    /// <summary>The name of a stop's seed.</summary>
    public static string SeedOf(int stop) => FormattableString.Invariant($"{ExplanationGraph.Prefix}seed_{stop}");

    /// <summary>Compiles an explanation.</summary>
    /// <param name="model">The model, its shapes known, with all outputs that are read as outputs.</param>
    /// <param name="stops">The values that scores are read from.</param>
    /// <param name="layers">The layers that are explained.</param>
    /// <param name="methods">The methods.</param>
    /// <param name="input">The picture's input.</param>
    /// <param name="isChannelsLast">Whether its channels are its last axis.</param>
    /// <param name="keepsBalances">Whether the backward graph also answers with what each node loses of relevance.</param>
    /// <exception cref="ModelException">A method does not apply.</exception>
    public static SeededExplanation Compile(
        OnnxModel model, IReadOnlyList<string> stops, IReadOnlyList<Layer> layers, IReadOnlyList<ExplanationMethod> methods, string input,
        bool isChannelsLast, bool keepsBalances = false)
    {
        var whole = model.Copy();
        var graph = whole.Graph;
        var outputs = graph.Outputs.ToList();
        var seeds = new List<(Tensor Output, Tensor Seed)>();
        for (int i = 0; i < stops.Count; i++)
        {
            var stop = graph[stops[i]];
            seeds.Add((stop, graph.Input(SeedOf(i), stop.Type, new Shape([new Dimension("M"), .. stop.Shape])).Map()));
        }

        var maps = new List<SeededMap>();
        // Levels are seen through each other: one walk goes each way once.
        string[] values = [.. layers.Select(l => l.Name).Distinct()];
        var gradients = new Lazy<IReadOnlyDictionary<string, Tensor?>>(() => DifferentiationPath.Between(
            graph, values, stops, whole.Operators).Missing.Count > 0 ? new Dictionary<string, Tensor?>() : values
            .Zip(ReverseMode.Gradients(seeds, [.. values.Select(v => graph[v])], whole.Operators))
            .ToDictionary(v => v.First, v => v.Second, StringComparer.Ordinal));
        foreach (var layer in layers)
        {
            var context = new MapContext(whole, layer, seeds, input, isChannelsLast, values.Length > 1 ? gradients : null);
            foreach (var method in methods)
            {
                // A map at the picture's resolution is the same whatever the layer.
                if (method.IsPixelSpace && layer != layers[0])
                    continue;
                var own = method as GraphMethod ?? throw new ExplanationException(
                    ExplanationError.UnsuitableMethod,
                    $"'{method.Name}' runs the network many times, and explains classes of a classifier alone so far.",
                    "Choose a method that needs one run, such as hirescam, gradcam or gradcam++.");
                string name = FormattableString.Invariant($"{ExplanationGraph.Prefix}map_{maps.Count}");
                graph.Output(name, own.Map(context).Unmap(1).Cast(ElementType.Float));
                var notes = new MapNotes { KeepsBalances = keepsBalances };
                notes.Take(context, method, name);
                maps.Add(new SeededMap(method, layer, name)
                {
                    Note = notes.Said.GetValueOrDefault(method),
                    Account = notes.Accounts.GetValueOrDefault(method),
                    Balanced = notes.Balanced,
                });
            }
        }

        graph.Prune();
        string[] names = [.. maps.SelectMany(m => m.Outputs)], fed = [.. stops.Select((_, i) => SeedOf(i))];
        var carried = graph.ReadBeside(fed, names);
        return new SeededExplanation(ForwardOf(whole, outputs, carried, fed), BackwardOf(whole, names, carried), carried, stops, maps);
    }

    private static OnnxModel ForwardOf(OnnxModel whole, List<string> outputs, IReadOnlyList<string> carried, string[] fed)
    {
        var forward = whole.Copy();
        var graph = forward.Graph;
        foreach (string output in graph.Outputs.Except(outputs).ToList())
            graph.RemoveOutput(output);
        foreach (string value in carried.Except(outputs).Except(graph.Inputs).ToList())
            graph.Output(value, graph[value]);
        graph.Prune(original: true);
        foreach (string seed in fed)
            graph.RemoveInput(seed);
        return forward;
    }

    private static OnnxModel BackwardOf(OnnxModel whole, string[] maps, IReadOnlyList<string> carried)
    {
        var backward = whole.Copy();
        var graph = backward.Graph;
        foreach (string output in graph.Outputs.Except(maps).ToList())
            graph.RemoveOutput(output);
        foreach (string value in carried.Where(v => graph.Producer(v) is not null))
            graph.Cut(value);
        graph.Prune(original: true);
        foreach (string input in graph.Inputs.Except(carried).Where(i => graph.Consumers(i).Count == 0
            && !i.StartsWith(ExplanationGraph.Prefix, StringComparison.Ordinal)).ToList())
            graph.RemoveInput(input);
        return backward;
    }
}

/// <summary>One map of a seeded explanation.</summary>
/// <param name="Method">The method.</param>
/// <param name="Layer">The layer.</param>
/// <param name="Output">The backward graph's output.</param>
internal sealed record SeededMap(ExplanationMethod Method, Layer Layer, string Output)
{
    /// <summary>What the method says of its map of this model; null where it says nothing.</summary>
    public string? Note { get; init; }

    /// <summary>The output of where the score went; null of methods that do not share it out.</summary>
    public AccountOutput? Account { get; init; }

    /// <summary>The nodes whose balances the graph also answers with; empty where it was not asked to.</summary>
    public IReadOnlyList<Node> Balanced { get; init; } = [];

    /// <summary>All outputs that belong to the map.</summary>
    public IEnumerable<string> Outputs
    {
        get
        {
            yield return Output;
            if (Account is { } account)
                yield return account.Name;
            if (Balanced.Count > 0)
                yield return RelevanceBalances.Output;
        }
    }
}
