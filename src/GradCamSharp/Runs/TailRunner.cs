using System.Collections.Immutable;
using GradCamSharp.Analysis;
using GradCamSharp.Compilation;
using GradCamSharp.Runtime;
using Microsoft.ML.OnnxRuntime;
using OnnxGrad;

namespace GradCamSharp.Runs;

/// <summary>
/// The part of a network behind a value, in a session of its own: the graph is cut there. What else that part reads, such as a shortcut
/// round the value, is computed from the picture again.
/// </summary>
internal sealed class TailRunner : IDisposable
{
    // So many values go into one run.
    private const long MostValues = 8 << 20;

    private const string Means = ExplanationGraph.Prefix + "means";

    private readonly SharedWeights weights;
    private readonly InferenceSession session;
    private readonly string value;
    private readonly Shape valueShape;
    private readonly ModelInput input;
    private readonly bool readsPicture;
    private readonly Dimension batch;

    /// <param name="analysis">The model at one input shape.</param>
    /// <param name="value">Behind which value: a layer, or its mean.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="classifier">The layer that makes the scores of the value, a mean; null where they are made in another way.</param>
    public TailRunner(ModelAnalysis analysis, string value, ComputeDevice device, PooledClassifier? classifier = null)
    {
        this.value = classifier is null ? value : Means;
        valueShape = classifier is null ? analysis.Model.Graph[value].Shape : new Shape(new Dimension("R"), classifier.Channels);
        input = analysis.Input;
        batch = valueShape[0];
        var model = analysis.Model.Copy();
        var graph = model.Graph;
        foreach (string output in graph.Outputs.ToList())
            graph.RemoveOutput(output);
        if (classifier is null)
            graph.Cut(value);
        var scores = classifier is null ? ExplanationGraph.ScoresOf(graph, analysis)
            : classifier.Scores(graph.Input(Means, graph[value].Type, valueShape));
        graph.Output(ExplanationGraph.Scores, scores.Cast(ElementType.Float));
        graph.Prune(original: true);
        readsPicture = graph.Consumers(input.Name).Count > 0;
        if (!readsPicture)
            graph.RemoveInput(input.Name);
        using var settings = SessionSettings.Create(device);
        weights = SharedWeights.Open(model);
        try
        {
            session = model.OpenSession(settings, weights);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>How many runs go together.</summary>
    /// <param name="most">How many inputs of the whole network do.</param>
    /// <param name="values">How many values go into one of them.</param>
    /// <param name="runs">How many there are.</param>
    public int BatchSize(int most, int values, int runs) => batch.IsKnown ? (int)batch.Value
        : Math.Min(runs, readsPicture ? most : (int)Math.Clamp(MostValues / values, 1, 256));

    /// <summary>Runs the part on changed values.</summary>
    /// <param name="values">At least so many items, row by row; as many as <see cref="BatchSize"/> says have room.</param>
    /// <param name="count">How many count.</param>
    /// <param name="picture">The item that the network was given, in the input's own layout.</param>
    /// <param name="shape">Its shape, of one item.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>[count][C]: the scores.</returns>
    public IReadOnlyList<ImmutableArray<float>> Run(
        float[] values, int count, float[] picture, Shape shape, CancellationToken cancellationToken)
    {
        int items = batch.IsKnown ? (int)batch.Value : count;
        int size = (int)valueShape.Slice(1, valueShape.Rank - 1).Size;
        using var fed = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, values.AsMemory(0, items * size), valueShape.With(0, items).ToArray());
        using var run = new RunOptions();
        using var stop = cancellationToken.Register(() => run.Terminate = true);
        try
        {
            if (!readsPicture)
            {
                using var alone = session.Run(run, [value], [fed], [ExplanationGraph.Scores]);
                return Rows(alone[0], items, count);
            }

            float[] repeated = [.. Enumerable.Repeat(picture, items).SelectMany(p => p)];
            using var seen = InputValue.Create(input.Type, repeated, shape.With(0, items).ToArray());
            using var results = session.Run(run, [value, input.Name], [fed, seen], [ExplanationGraph.Scores]);
            return Rows(results[0], items, count);
        }
        catch (OnnxRuntimeException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ModelException($"ONNX Runtime failed behind '{value}': {e.Message}", e);
        }
    }

    public void Dispose()
    {
        session.Dispose();
        weights.Dispose();
    }

    private static ImmutableArray<float>[] Rows(OrtValue scores, int items, int count)
    {
        var all = scores.GetTensorDataAsSpan<float>();
        int size = all.Length / items;
        var rows = new ImmutableArray<float>[count];
        for (int i = 0; i < count; i++)
            rows[i] = [.. all.Slice(i * size, size)];
        return rows;
    }
}
