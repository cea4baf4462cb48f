using System.Diagnostics;
using GradCamSharp.Methods;
using GradCamSharp.Runs;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Benchmarking;

/// <summary>What one run of each kind takes on a model, in milliseconds: measured when it is first asked for.</summary>
internal sealed class MeasuredRuns
{
    private readonly Explainer explainer;
    private readonly CancellationToken cancellationToken;
    private readonly Dictionary<object, double> measured = [];
    private readonly Shape one;

    public MeasuredRuns(Explainer explainer, CancellationToken cancellationToken)
    {
        this.explainer = explainer;
        this.cancellationToken = cancellationToken;
        one = explainer.Input.Shape.With(0, 1);
        InputShape = explainer.Input.IsChannelsLast
            ? new Shape([one[-1], .. one.Slice(1, one.Rank - 2)]) : one.Slice(1, one.Rank - 1);
        Input = new float[(int)one.Size];
        new RandomNumbers(1).FillNormal(Input);
        BatchSize = ItemRuns.BatchSizeOf(Input.Length);
        var values = new LayerValueMethod();
        var layer = explainer.LayerAt(one, explainer.Layer);
        var found = explainer.Explain(Input, one, [values], [ClassRequest.Top1], cancellationToken).Maps[values];
        Layer = new LayerValues(layer, layer.Shape.Slice(1, layer.Shape.Rank - 1), found[0, 0].ToArray());
    }

    /// <summary>The item's shape, [C, spatial...].</summary>
    public Shape InputShape { get; }

    /// <summary>An item.</summary>
    public float[] Input { get; }

    /// <summary>The layer's values of it.</summary>
    public LayerValues Layer { get; }

    /// <summary>How many inputs go into one run.</summary>
    public int BatchSize { get; }

    /// <summary>A forward pass, of one input among a batch.</summary>
    public double OfPass(int batch) => Measured(("pass", batch), batch, (inputs, shape) =>
        explainer.Predict(inputs, shape, cancellationToken));

    /// <summary>A map of a method of the graph, of one input among a batch.</summary>
    public double OfMap(GraphMethod method, int batch) => Measured((method, batch), batch, (inputs, shape) =>
        explainer.Explain(inputs, shape, [method], [ClassRequest.Top1], cancellationToken));

    /// <summary>How many values such a map has.</summary>
    public int SizeOf(GraphMethod method) =>
        explainer.Explain(Input, one, [method], [ClassRequest.Top1], cancellationToken).Maps[method][0, 0].Length;

    /// <summary>A run of the part behind the layer; next to nothing where the first run answers for it.</summary>
    public double OfTail(ScoreKind kind, LayerAxis axis)
    {
        var tail = explainer.Tail(one, explainer.Layer);
        if (Layer.HasOnlyPositions && ((kind == ScoreKind.Logit && tail.IsLinear)
            || (tail.MapHead is not null && (axis == LayerAxis.Positions || kind == ScoreKind.Logit))))
        {
            return 0;
        }

        bool isPooled = Layer.HasOnlyPositions && tail.IsPooled;
        var runner = isPooled ? tail.BehindPooling : tail.BehindLayer;
        int length = isPooled ? Layer.Count(LayerAxis.Channels) : Layer.Values.Length;
        int batch = runner.BatchSize(BatchSize, length, runs: int.MaxValue);
        float[] values = new float[batch * length];
        return Measured(("tail", isPooled), batch, (_, _) => runner.Run(values, batch, Input, one, cancellationToken));
    }

    private double Measured(object key, int batch, Action<float[], Shape> run)
    {
        if (measured.TryGetValue(key, out double known))
            return known;
        float[] inputs = [.. Enumerable.Repeat(Input, batch).SelectMany(i => i)];
        // The first run compiles.
        run(inputs, one.With(0, batch));
        long start = Stopwatch.GetTimestamp();
        run(inputs, one.With(0, batch));
        return measured[key] = Stopwatch.GetElapsedTime(start).TotalMilliseconds / batch;
    }
}
