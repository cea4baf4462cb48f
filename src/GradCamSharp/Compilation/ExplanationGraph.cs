using GradCamSharp.Analysis;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Compilation;

/// <summary>
/// Compiles explanations into a model's graph: the class scores' derivative, and each method's few operators, as more nodes.
/// </summary>
internal static class ExplanationGraph
{
    /// <summary>What the names of all inputs and outputs begin with that are appended to a model.</summary>
    public const string Prefix = "explain_";

    public const string Request = "explain_request", Scores = "explain_scores", Classes = "explain_classes", Wanted = "explain_wanted";

    // Layers' sizes.
    private const int MostRead = 4;

    /// <summary>The output of a method: [N, M, ...] for M classes.</summary>
    public static string OutputOf(ExplanationMethod method) =>
        Prefix + method.Name.Replace("+", "plus", StringComparison.Ordinal).Replace('-', '_');

    /// <summary>The methods' outputs in their order. Methods of one name are told apart by a number.</summary>
    public static IReadOnlyList<string> OutputsOf(IReadOnlyList<ExplanationMethod> methods)
    {
        var taken = new HashSet<string>();
        var outputs = new List<string>();
        foreach (var method in methods)
        {
            string name = OutputOf(method), free = name;
            for (int i = 2; !taken.Add(free); i++)
                free = FormattableString.Invariant($"{name}_{i}");
            outputs.Add(free);
        }

        return outputs;
    }

    /// <summary>
    /// Appends the methods to a copy of the model. It gets the input <see cref="Request"/>, int64 [M]: class indices, or -r for the class
    /// of rank r; and the outputs <see cref="Scores"/> [N, C], <see cref="Classes"/> int64 [N, M] and one a method.
    /// </summary>
    /// <param name="analysis">The model, with known shapes.</param>
    /// <param name="layer">The layer that is explained.</param>
    /// <param name="methods">The methods; all share one forward pass.</param>
    /// <param name="several">Whether M may be other than 1.</param>
    /// <param name="ranks">The largest rank that may be asked for.</param>
    /// <param name="notes">What is known of the maps beside the graph, with outputs for accounts; null where nobody asks.</param>
    public static OnnxModel Compile(
        ModelAnalysis analysis, Layer layer, IReadOnlyList<ExplanationMethod> methods, bool several, int ranks, MapNotes? notes = null)
    {
        var model = analysis.Model.Copy();
        var graph = model.Graph;
        foreach (string output in graph.Outputs.ToList())
            graph.RemoveOutput(output);

        var request = graph.Input(Request, ElementType.Int64, new Shape(several ? new Dimension("M") : 1));
        var scores = ScoresOf(graph, analysis);
        var ranked = scores.TopIndices(Math.Min(Math.Max(1, ranks), analysis.ClassCount), axis: 1);
        var places = (-request - 1).Maximum(graph.Scalar(0)).Minimum(graph.Scalar(ranked.Shape[1].Value - 1));
        var chosen = Tensor.Where(request < 0, ranked.Gather(places, 1), request);
        graph.Output(Scores, scores.Cast(ElementType.Float));
        graph.Output(Classes, chosen);
        AppendMaps(model, analysis, layer, methods, chosen, several, notes);
        graph.Prune();
        return model;
    }

    /// <summary>
    /// Leaves it to each run of a compiled model whether it explains: the input <see cref="Wanted"/>, a boolean scalar, says so. Where it
    /// is false all outputs but <see cref="Scores"/> are empty.
    /// </summary>
    /// <param name="model">What <see cref="Compile"/> made.</param>
    /// <param name="analysis">What it was made of.</param>
    /// <param name="layer">The layer that is explained.</param>
    /// <param name="methods">The methods it was made with.</param>
    /// <returns>
    /// Whether that pays. Each run has to bring what the maps read of the forward part out of the runtime's own layout: not much where the
    /// backward part ends soon at the layer, but nearly everything where it goes on to the picture. The model is of no use then.
    /// </returns>
    public static bool MakeOptional(
        OnnxModel model, ModelAnalysis analysis, Layer layer, IReadOnlyList<ExplanationMethod> methods)
    {
        var graph = model.Graph;
        var wanted = graph.Input(Wanted, ElementType.Bool, default);
        var read = graph.MakeOptional(wanted, [Classes, .. OutputsOf(methods)]);
        var sizes = read.Select(v => graph.Info(v) is { } info ? SizeOf(info.Shape) : null).ToList();
        return SizeOf(layer.Shape) is { } size && sizes.All(s => s is not null)
            && sizes.Sum() <= MostRead * (size + analysis.ClassCount);

        // Of one item; null where it is not known.
        static long? SizeOf(Shape shape)
        {
            var item = shape.Slice(Math.Min(1, shape.Rank), Math.Max(0, shape.Rank - 1));
            return item.IsStatic ? item.Size.Value : null;
        }
    }

    /// <summary>The class scores, [N, C].</summary>
    public static Tensor ScoresOf(Graph graph, ModelAnalysis analysis)
    {
        var value = graph[analysis.Score.Value];
        return value.Rank == 2 ? value : value.Reshape(value.Shape.Slice(0, 2));
    }

    /// <summary>Appends the maps of the chosen classes as outputs.</summary>
    /// <param name="model">A copy of the analysed model.</param>
    /// <param name="analysis">The model.</param>
    /// <param name="layer">The layer that is explained.</param>
    /// <param name="methods">The methods; all share one forward pass.</param>
    /// <param name="chosen">int64 [N, M]: the classes.</param>
    /// <param name="several">Whether M may be other than 1.</param>
    /// <param name="notes">What is known of the maps beside the graph, with outputs for accounts; null where nobody asks.</param>
    public static void AppendMaps(
        OnnxModel model, ModelAnalysis analysis, Layer layer, IReadOnlyList<ExplanationMethod> methods, Tensor chosen, bool several,
        MapNotes? notes = null)
    {
        // Several classes ride on the mapped axis of the backward part; one class needs no such axis.
        var classes = several ? chosen.Transpose([1, 0]).Map() : chosen.Squeeze(1);
        var context = new MapContext(
            model, layer, analysis.Score.Value, classes, analysis.Input.Name, analysis.Input.IsChannelsLast,
            () => analysis.FindLayers(layer));
        foreach (var (method, output) in methods.Zip(OutputsOf(methods)))
        {
            var graphMethod = method as GraphMethod
                ?? throw new ModelException($"The method '{method.Name}' runs the network many times, and so is no part of one graph.");
            // A map that is the same for every class is repeated.
            model.Graph.Output(output, graphMethod.Map(context).MappedAs(classes).Unmap(1).Cast(ElementType.Float));
            notes?.Take(context, method, output);
        }
    }
}
