using System.Numerics.Tensors;
using GradCamSharp.Analysis;
using GradCamSharp.Compilation;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Runtime;
using Microsoft.ML.OnnxRuntime;
using OnnxGrad;

namespace GradCamSharp.Checking;

/// <summary>A model cut at a layer: answers with the scores, and their gradient at the layer, for any value of the layer.</summary>
/// <remarks>Where the model fixes its batch to several items, a score is the sum of theirs.</remarks>
internal sealed class LayerProbe : IDisposable
{
    private const string Activations = "explain_activation", Gradients = "explain_gradient";

    private readonly ModelAnalysis analysis;
    private readonly Layer layer;
    private readonly Memory<float> input;
    private readonly long[] inputShape;
    private readonly long[] layerShape;
    private readonly InferenceSession session;
    private readonly float[] scores;

    /// <param name="analysis">The model.</param>
    /// <param name="layer">Where it is cut.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="input">One input.</param>
    public LayerProbe(ModelAnalysis analysis, Layer layer, ComputeDevice device, ReadOnlyMemory<float> input)
    {
        this.analysis = analysis;
        this.layer = layer;
        this.input = input.ToArray();
        inputShape = analysis.Input.Shape.ToArray(unknown: 1);
        using (var whole = Open(Whole(), device))
        {
            using var fed = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, this.input, inputShape);
            using var results = Run(whole, [analysis.Input.Name], [fed], [Activations, ExplanationGraph.Scores]);
            Activation = results[0].GetTensorDataAsSpan<float>().ToArray();
            if (!float.IsFinite(TensorPrimitives.Norm<float>(Activation)))
                Activation = LineIntegral.Gaussian(new Random(Seed: 3), Activation.Length, 1);
            layerShape = results[0].GetTensorTypeAndShape().Shape;
            scores = Row(results[1]);
        }

        var tail = Tail();
        var unrounded = tail.WithoutRounding();
        IsUnrounded = unrounded is not null;
        session = Open(unrounded ?? tail, device);
    }

    /// <summary>
    /// Whether the rest of the network quantises: then it is run without rounding, since differences of a
    /// function that rounds say nothing of its slope.
    /// </summary>
    public bool IsUnrounded { get; }

    /// <summary>
    /// The layer's value at the input; noise where that overflows (weights that were never trained): a gradient must hold at any value.
    /// </summary>
    public float[] Activation { get; }

    /// <summary>The classes with the highest scores at the input.</summary>
    public long[] MostProbable(int count) =>
        [.. Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).ThenBy(i => i).Take(count).Select(i => (long)i)];

    /// <summary>Runs the rest of the network.</summary>
    /// <param name="activation">The layer's value.</param>
    /// <param name="classes">M classes.</param>
    /// <returns>The scores of all classes, and the gradients of those of the M classes, one after the other.</returns>
    public (float[] Scores, float[] Gradients) Run(float[] activation, long[] classes)
    {
        using var fed = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, input, inputShape);
        using var cut = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, activation.AsMemory(), layerShape);
        long[] each = [.. classes.SelectMany(c => Enumerable.Repeat(c, (int)inputShape[0]))];
        using var request = OrtValue.CreateTensorValueFromMemory(each, [classes.Length, inputShape[0]]);
        using var results = Run(
            session, [analysis.Input.Name, layer.Name, ExplanationGraph.Request], [fed, cut, request],
            [ExplanationGraph.Scores, Gradients]);
        return (Row(results[0]), results[1].GetTensorDataAsSpan<float>().ToArray());
    }

    public void Dispose() => session.Dispose();

    private OnnxModel Whole()
    {
        var model = WithoutOutputs();
        model.Graph.Output(Activations, model.Graph[layer.Name]);
        model.Graph.Output(ExplanationGraph.Scores, model.Graph[analysis.Score.Value]);
        return model;
    }

    private OnnxModel Tail()
    {
        var model = WithoutOutputs();
        var graph = model.Graph;
        graph.Cut(layer.Name);
        var classes = graph.Input(ExplanationGraph.Request, ElementType.Int64, new Shape(new Dimension("M"), inputShape[0])).Map();
        // The gradient is wanted of every value of the layer: a layout of tokens would leave out class tokens.
        var context = new MapContext(
            model, layer with { Format = LayerFormat.Nchw }, analysis.Score.Value, classes, analysis.Input.Name,
            analysis.Input.IsChannelsLast);
        graph.Output(Gradients, context.Gradient.Unmap(0));
        graph.Output(ExplanationGraph.Scores, graph[analysis.Score.Value]);
        graph.Prune(original: true);
        return model;
    }

    private OnnxModel WithoutOutputs()
    {
        var model = analysis.Model.Copy();
        foreach (string output in model.Graph.Outputs.ToList())
            model.Graph.RemoveOutput(output);
        return model;
    }

    private static InferenceSession Open(OnnxModel model, ComputeDevice device)
    {
        try
        {
            using var settings = SessionSettings.Create(device);
            return model.OpenSession(settings);
        }
        catch (ModelException)
        {
            // The runtime takes a Pad away together with what it reads, also where that is an output of the
            // graph, and then refuses the rest.
            using var settings = SessionSettings.Create(device);
            settings.GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL;
            return model.OpenSession(settings);
        }
    }

    private IDisposableReadOnlyCollection<OrtValue> Run(InferenceSession session, string[] names, OrtValue[] values, string[] outputs)
    {
        try
        {
            using var run = new RunOptions();
            return session.Run(run, names, values, outputs);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelException($"ONNX Runtime failed on '{analysis.Model.Name}', cut at the layer '{layer.Name}': {e.Message}", e);
        }
    }

    private float[] Row(OrtValue value)
    {
        var items = value.GetTensorDataAsSpan<float>();
        float[] sum = new float[checked((int)analysis.ClassCount)];
        for (int i = 0; i < items.Length; i++)
            sum[i % sum.Length] += items[i];
        return sum;
    }
}
