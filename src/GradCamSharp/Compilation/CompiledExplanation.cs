using GradCamSharp.Analysis;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Compilation;

/// <summary>A model with the maps of some methods appended to its graph. Nobody changes it; it may be opened any number of times.</summary>
internal sealed class CompiledExplanation
{
    private CompiledExplanation(
        ModelAnalysis analysis, IReadOnlyList<ExplanationMethod> methods, OnnxModel model, bool predicts, long readTwice,
        MapNotes notes)
    {
        Analysis = analysis;
        Notes = notes;
        Methods = methods;
        Model = model;
        Predicts = predicts;
        DenseWeightsReadTwice = readTwice;
        Outputs =
        [
            ExplanationGraph.Scores, ExplanationGraph.Classes, .. ExplanationGraph.OutputsOf(methods),
            .. notes.Accounts.Values.Select(a => a.Name),
        ];
    }

    /// <summary>What it was compiled from.</summary>
    public ModelAnalysis Analysis { get; }

    /// <summary>The methods; all share one forward pass.</summary>
    public IReadOnlyList<ExplanationMethod> Methods { get; }

    /// <summary>What is known of the maps beside the graph.</summary>
    public MapNotes Notes { get; }

    /// <summary>The layer that is explained.</summary>
    public required Layer Layer { get; init; }

    /// <summary>The largest rank that may be asked for.</summary>
    public required int Ranks { get; init; }

    /// <summary>The model that runs.</summary>
    public OnnxModel Model { get; }

    /// <summary>The names of scores, classes, each method's maps and each account, in this order.</summary>
    public IReadOnlyList<string> Outputs { get; }

    /// <summary>Whether predictions can spare themselves the maps: only where that was asked for and pays.</summary>
    public bool Predicts { get; }

    /// <summary>
    /// Whether channels must not be laid out in blocks. Where a rectifier's input is nearly 0 the order in which a convolution sums decides
    /// which side it falls on, and a pixel's gradient with it. Blocks sum in an order of their own, farther from other runtimes'. Guided
    /// maps, which are measured against plain inference, keep that layout, and so does relevance that fades where a rectifier closes.
    /// </summary>
    public bool NeedsPlainLayout => Methods.Any(m => m is PixelMethod or LayerwiseRelevance { IsContinuous: false });

    /// <summary>
    /// The number of weights of dense layers that forward and backward part both read. The runtime would keep a packed copy for each,
    /// beside the file itself; one picture at a time gains nothing by that, and of VGG-16 it would be a gigabyte.
    /// </summary>
    public long DenseWeightsReadTwice { get; }

    /// <summary>Compiles an explanation.</summary>
    /// <param name="analysis">The model at one input shape.</param>
    /// <param name="layer">The layer that is explained, as it is at that shape.</param>
    /// <param name="key">Methods, classes, and whether predictions run in the same session.</param>
    /// <exception cref="ModelException">A method does not apply.</exception>
    public static CompiledExplanation Compile(ModelAnalysis analysis, Layer layer, GraphKey key)
    {
        var methods = key.Methods;
        var notes = new MapNotes();
        var model = ExplanationGraph.Compile(
            analysis, layer, methods, key.HasSeveralClasses, key.Ranks, key.IsShared ? null : notes);
        long readTwice = CountReadTwice(model.Graph);
        // Maps that go back to the picture read nearly all that the forward part makes, and some want another layout than predictions.
        if (!key.IsShared || methods.Any(m => m.IsPixelSpace))
        {
            return new CompiledExplanation(analysis, methods, model, predicts: false, readTwice, notes)
            {
                Layer = layer,
                Ranks = key.Ranks,
            };
        }

        bool pays = ExplanationGraph.MakeOptional(model, analysis, layer, methods);
        if (!pays)
            model = ExplanationGraph.Compile(analysis, layer, methods, key.HasSeveralClasses, key.Ranks);
        return new CompiledExplanation(analysis, methods, model, pays, readTwice, notes) { Layer = layer, Ranks = key.Ranks };
    }

    private static long CountReadTwice(Graph graph) => graph.Nodes
        .Where(n => n.Operator is "Gemm" or "MatMul" && graph.IsConstant(n.Inputs[1]) && graph.Info(n.Inputs[0])?.Shape.Rank == 2)
        .GroupBy(n => n.Inputs[1]).Where(g => g.Count() > 1).Sum(g => graph[g.Key].Shape.Size.Value);
}
