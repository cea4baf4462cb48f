using System.Runtime.CompilerServices;
using GradCamSharp.Methods;
using GradCamSharp.Runtime;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Runs;

/// <summary>What the first run answered for the item.</summary>
/// <param name="method">Which of the tail's needs.</param>
/// <param name="place">Which of the asked classes.</param>
internal delegate ReadOnlySpan<float> FirstAnswer(GraphMethod method, int place);

/// <summary>The runs of one item: in batches of a size that depends on the item's shape alone, counted and cancelled.</summary>
internal sealed class ItemRuns
{
    // So many values of the input go into one run: 8 colour pictures of 224 x 224. What networks keep in between is some 200 times that.
    private const long MostValues = 1_250_000;

    private const int MostItems = 64;

    private readonly Network network;
    private readonly FirstAnswer answers;
    private readonly Dictionary<object, object> made = [];
    private readonly CancellationToken cancellationToken;

    public ItemRuns(
        Network network, float[] input, Shape shape, LayerValues layer, long[] classes, float[] scores, FirstAnswer answers,
        CancellationToken token)
    {
        this.network = network;
        this.answers = answers;
        Input = input;
        Shape = shape;
        Layer = layer;
        Classes = classes;
        OwnScores = scores;
        cancellationToken = token;
        BatchSize = BatchSizeOf(input.Length);
    }

    /// <summary>How many inputs of so many values go into one run.</summary>
    public static int BatchSizeOf(int values) => (int)Math.Clamp(MostValues / values, 1, MostItems);

    /// <summary>The item with its channels first.</summary>
    public float[] Input { get; }

    /// <summary>[C, spatial...].</summary>
    public Shape Shape { get; }

    /// <summary>The layer's values.</summary>
    public LayerValues Layer { get; }

    /// <summary>The asked classes.</summary>
    public long[] Classes { get; }

    /// <summary>The scores of the item itself, [C].</summary>
    public float[] OwnScores { get; }

    /// <summary>How many inputs go into one run.</summary>
    public int BatchSize { get; }

    public T MakeOnce<T>(object key, Func<T> make)
        where T : class
    {
        if (!made.TryGetValue(key, out object? found))
            made[key] = found = make();
        return (T)found;
    }

    /// <summary>A class's score or probability among scores.</summary>
    public float Score(ReadOnlySpan<float> scores, long @class, ScoreKind kind)
    {
        if (kind == ScoreKind.Logit)
            return scores[(int)@class];
        float[] probabilities = new float[scores.Length];
        network.Head.Probabilities(scores, probabilities);
        return probabilities[(int)@class];
    }

    public RunScores Scores(int runs, InputWriter write)
    {
        var scores = new RunScores(runs, Classes.Length);
        ForEachBatch(runs, write, (first, batch, shape) =>
        {
            var rows = network.Predict(batch, shape, cancellationToken);
            for (int i = 0; i < rows.Count; i++)
                Note(scores, first + i, rows[i].AsSpan());
        });
        return scores;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public RunScores TailScores(int runs, ScoreKind kind, LayerChange change)
    {
        var tail = network.Tail(BatchShape(1));
        if (Layer.HasOnlyPositions && kind == ScoreKind.Logit && tail.IsLinear)
            return LinearScores(runs, change);
        if (Layer.HasOnlyPositions && tail.MapHead is { } head && (change.Axis == LayerAxis.Positions || kind == ScoreKind.Logit))
            return MapHeadScores(tail, head, runs, change);
        bool isPooled = Layer.HasOnlyPositions && tail.IsPooled;
        var runner = isPooled ? tail.BehindPooling : tail.BehindLayer;
        int length = isPooled ? Layer.Count(LayerAxis.Channels) : Layer.Values.Length;
        int size = runner.BatchSize(BatchSize, length, runs);
        var scores = new RunScores(runs, Classes.Length);
        float[] factors = new float[Layer.Count(change.Axis)], values = new float[size * length];
        for (int first = 0; first < runs; first += size)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(size, runs - first);
            for (int i = 0; i < count; i++)
            {
                Array.Clear(factors);
                change.Write(first + i, factors);
                if (isPooled)
                    Layer.Mean(change.Axis, factors, values.AsSpan(i * length, length));
                else
                    Layer.Multiply(change.Axis, factors, values.AsSpan(i * length, length));
            }

            var rows = runner.Run(values, count, Own(Input), BatchShape(1), cancellationToken);
            for (int i = 0; i < count; i++)
                Note(scores, first + i, rows[i].AsSpan());
            network.Progress?.Report(new RunProgress(first + count, runs));
        }

        return scores;
    }

    public void Maps(GraphMethod method, long @class, int runs, InputWriter write, AnswerReader read) =>
        ForEachBatch(runs, write, (first, batch, shape) =>
        {
            var maps = network.Explain(batch, shape, [method], [ClassRequest.Index(@class)], cancellationToken).Maps[method];
            for (int i = 0; i < (int)shape[0]; i++)
                read(first + i, maps[i, 0]);
        });

    /// <summary>The maps of changed inputs by a method that itself needs many runs: each changed input is an item of its own.</summary>
    public void MapsOf(ExplanationMethod method, long @class, int runs, InputWriter write, AnswerReader read)
    {
        float[] changed = new float[Input.Length];
        for (int run = 0; run < runs; run++)
        {
            write(run, changed);
            var found = new RunEngine(network).Explain(
                Own([.. changed]), BatchShape(1), [method], [ClassRequest.Index(@class)], cancellationToken);
            read(run, found.Maps[method][0, 0]);
        }
    }

    /// <summary>The map of the item itself by a method of the graph, for one class.</summary>
    public Maps Explain(GraphMethod method, long @class) =>
        network.Explain(Own(Input), BatchShape(1), [method], [ClassRequest.Index(@class)], cancellationToken).Maps[method];

    private RunScores MapHeadScores(Tail tail, MapHead head, int runs, LayerChange change)
    {
        var (weights, bias) = tail.MapWeights(() => Constants(head));
        var behind = new MapHeadRuns(head, answers(new GraphValueMethod(head.Output), 0), weights, bias, Layer.Activation);
        var scores = new RunScores(runs, Classes.Length);
        float[] factors = new float[Layer.Count(change.Axis)], all = new float[OwnScores.Length];
        for (int run = 0; run < runs; run++)
        {
            Array.Clear(factors);
            change.Write(run, factors);
            if (change.Axis == LayerAxis.Positions)
            {
                behind.OfPositions(factors, all);
                Note(scores, run, all);
                continue;
            }

            for (int c = 0; c < Classes.Length; c++)
                scores.Set(run, c, behind.OfChannels(factors, (int)Classes[c]), float.NaN);
        }

        return scores;
    }

    // They may lie in a file of their own: the runtime reads them.
    private (float[] Weights, float[] Bias) Constants(MapHead head)
    {
        var weights = new GraphValueMethod(head.Weights);
        var bias = head.Bias is { } name ? new GraphValueMethod(name) : null;
        var found = network.Explain(
            Own(Input), BatchShape(1), bias is null ? [weights] : [weights, bias], [ClassRequest.Top1], cancellationToken);
        return ([.. found.Maps[weights].Values], bias is null ? new float[OwnScores.Length] : [.. found.Maps[bias].Values]);
    }

    // S(m A) = S + sum g A (m - 1): exact where S is linear in A.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private RunScores LinearScores(int runs, LayerChange change)
    {
        var scores = new RunScores(runs, Classes.Length);
        float[] factors = new float[Layer.Count(change.Axis)];
        double[][] shares = [.. Enumerable.Range(0, Classes.Length).Select(c => Shares(change.Axis, c))];
        for (int run = 0; run < runs; run++)
        {
            Array.Clear(factors);
            change.Write(run, factors);
            for (int c = 0; c < Classes.Length; c++)
            {
                double score = OwnScores[(int)Classes[c]];
                for (int i = Factors.NextOtherThan(1, factors, 0); i < factors.Length; i = Factors.NextOtherThan(1, factors, i + 1))
                    score += (factors[i] - 1.0) * shares[c][i];
                scores.Set(run, c, (float)score, float.NaN);
            }
        }

        return scores;
    }

    // sum g A of each channel, or of each position.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double[] Shares(LayerAxis axis, int place)
    {
        var gradient = answers(new LayerGradientMethod(), place);
        int positions = Layer.Count(LayerAxis.Positions);
        double[] share = new double[Layer.Count(axis)];
        float[] activation = Layer.Activation;
        for (int k = 0, i = 0; i < gradient.Length; k++)
        {
            for (int p = 0; p < positions; p++, i++)
                share[axis == LayerAxis.Channels ? k : p] += (double)gradient[i] * activation[i];
        }

        return share;
    }

    private void Note(RunScores into, int run, ReadOnlySpan<float> scores)
    {
        Span<float> probabilities = Classes.Length <= 64 ? stackalloc float[Classes.Length] : new float[Classes.Length];
        network.Head.ProbabilitiesOf(scores, Classes, probabilities);
        for (int c = 0; c < Classes.Length; c++)
            into.Set(run, c, scores[(int)Classes[c]], probabilities[c]);
    }

    private void ForEachBatch(int runs, InputWriter write, Action<int, Memory<float>, Shape> run)
    {
        int size = Input.Length;
        float[] batch = new float[Math.Min(BatchSize, runs) * size], item = new float[size];
        for (int first = 0; first < runs; first += BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(BatchSize, runs - first);
            for (int i = 0; i < count; i++)
            {
                var place = batch.AsSpan(i * size, size);
                if (network.IsChannelsLast)
                {
                    write(first + i, item);
                    ChannelOrder.ToLast(item, (int)Shape[0], place);
                }
                else
                {
                    write(first + i, place);
                }
            }

            run(first, batch.AsMemory(0, count * size), BatchShape(count));
            network.Progress?.Report(new RunProgress(first + count, runs));
        }
    }

    private Shape BatchShape(int count) => network.IsChannelsLast
        ? new Shape([count, .. Shape.Slice(1, Shape.Rank - 1), Shape[0]]) : new Shape([count, .. Shape]);

    private float[] Own(float[] item)
    {
        if (!network.IsChannelsLast)
            return item;
        float[] own = new float[item.Length];
        ChannelOrder.ToLast(item, (int)Shape[0], own);
        return own;
    }
}
