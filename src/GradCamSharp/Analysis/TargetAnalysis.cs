using GradCamSharp.Heads;
using GradCamSharp.Heads.Recognition;
using GradCamSharp.Targets;
using Microsoft.ML.OnnxRuntime;
using OnnxGrad;

namespace GradCamSharp.Analysis;

/// <summary>
/// What is known of a model as it runs on inputs of given shapes: what its outputs mean, and its graph with the outputs before their
/// squashing function. Made once; may be read by several threads.
/// </summary>
internal sealed class TargetAnalysis
{
    private TargetAnalysis(
        OnnxModel model, ModelInput input, VisionHead head, HeadContext context, IReadOnlyDictionary<string, string> logits,
        IReadOnlyList<ShapeTable> runs)
    {
        Runs = runs;
        Model = model;
        Input = input;
        Head = head;
        Context = context;
        Logits = logits;
    }

    /// <summary>
    /// The model, its shapes known; all that heads and targets read are outputs. Lengths that the runs differ in are open.
    /// </summary>
    public OnnxModel Model { get; }

    /// <summary>The picture's input, at the shape of the run.</summary>
    public ModelInput Input { get; }

    /// <summary>What the outputs mean.</summary>
    public VisionHead Head { get; }

    /// <summary>What that was recognised by.</summary>
    public HeadContext Context { get; }

    /// <summary>For each output that a sigmoid or softmax ends, the value before.</summary>
    public IReadOnlyDictionary<string, string> Logits { get; }

    /// <summary>The shapes of the runs that it was analysed by, the first the one whose outputs were recognised.</summary>
    public IReadOnlyList<ShapeTable> Runs { get; }

    /// <summary>Analyses a model.</summary>
    /// <param name="loaded">The model as loaded; it is not changed.</param>
    /// <param name="input">The picture's input.</param>
    /// <param name="feeds">A value for each input.</param>
    /// <param name="labels">The classes' names.</param>
    /// <param name="told">What is said of the outputs.</param>
    /// <param name="others">What other inputs of the same shapes made of lengths that depend on them; empty where none do.</param>
    /// <exception cref="ModelException">The model does not run on these inputs, or its outputs do not fit the task.</exception>
    public static TargetAnalysis Of(
        OnnxModel loaded, ModelInput input, IReadOnlyDictionary<string, OrtValue> feeds, Labels labels, ToldHead told,
        IReadOnlyList<ShapeTable> others)
    {
        IReadOnlyList<ShapeTable> runs = [ShapeInference.AnalyseRun(loaded, feeds), .. others];
        var model = loaded.WithShapes(runs[0]);
        var graph = model.Graph;
        input = input with { Shape = graph[input.Name].Shape };
        var outputs = graph.Outputs.Select(name => graph[name]).Select(t => new OutputInfo(t.Name, t.Type, t.Shape)).ToList();
        var spatial = input.Shape.Rank >= 4 ? input.Spatial : default;
        var size = spatial.Rank >= 2 ? (spatial[-2].Value, spatial[-1].Value) : (1, 1);
        var context = new HeadContext(
            Path.GetFileName(model.Name), graph, outputs, input.Shape[0].Value, size,
            [.. feeds.Keys.Where(k => k != input.Name)], model.Metadata, labels)
        {
            TakesBytes = input.Type == ElementType.UInt8,
            PictureChannels = input.Shape.Rank >= 4 ? input.Channels : 0,
        };
        var head = HeadRecognition.Recognize(context, told);

        if (runs.Count > 1)
        {
            model = loaded.WithShapes(ShapeTable.Common(runs));
            graph = model.Graph;
        }

        var logits = new Dictionary<string, string>(StringComparer.Ordinal);
        var before = new LogitOutputs(graph);
        foreach (var output in outputs.Where(o => o.IsFloat))
        {
            var tensor = before.Of(output.Name);
            if (tensor.Name == output.Name)
                continue;
            logits[output.Name] = tensor.Name;
            if (!graph.Outputs.Contains(tensor.Name))
                graph.Output(tensor.Name, tensor);
        }

        foreach (string value in head.Reads.Where(v => !graph.Outputs.Contains(v)).ToList())
            graph.Output(value, graph[value]);
        graph.Prune();
        return new TargetAnalysis(model, input, head, context, logits, runs);
    }
}
