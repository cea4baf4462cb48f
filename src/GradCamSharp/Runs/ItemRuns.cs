using GradCamSharp.Methods;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Runs;

/// <summary>The runs of one item: in batches of a size that depends on the item's shape alone, counted and cancelled.</summary>
internal sealed class ItemRuns
{
    // So many values of the input go into one run: 8 colour pictures of 224 x 224. What networks keep in between is some 200 times that.
    private const long MostValues = 1_250_000;

    private const int MostItems = 64;

    private readonly Network network;
    private readonly Dictionary<object, object> made = [];
    private readonly CancellationToken cancellationToken;

    public ItemRuns(Network network, float[] input, Shape shape, LayerValues layer, long[] classes, float[] scores, CancellationToken token)
    {
        this.network = network;
        Input = input;
        Shape = shape;
        Layer = layer;
        Classes = classes;
        OwnScores = scores;
        cancellationToken = token;
        BatchSize = (int)Math.Clamp(MostValues / input.Length, 1, MostItems);
    }

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

    public RunScores TailScores(int runs, ScoreKind kind, LayerChange change)
    {
        if (kind == ScoreKind.Logit && network.IsTailLinear(BatchShape(1)) && Layer.HasOnlyPositions)
            return LinearScores(runs, change);
        if (network.MapHeadAt(BatchShape(1)) is { } head && Layer.HasOnlyPositions
            && (change.Axis == LayerAxis.Positions || kind == ScoreKind.Logit))
            return MapHeadScores(head, runs, change);
        var tail = network.Tail(BatchShape(1));
        var scores = new RunScores(runs, Classes.Length);
        int size = tail.BatchSize(BatchSize, Layer.Values.Length), factors = Layer.Count(change.Axis);
        float[] factor = new float[factors], values = new float[size * Layer.Values.Length];
        for (int first = 0; first < runs; first += size)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(size, runs - first);
            for (int i = 0; i < count; i++)
            {
                Array.Clear(factor);
                change.Write(first + i, factor);
                Layer.Multiply(change.Axis, factor, values.AsSpan(i * Layer.Values.Length, Layer.Values.Length));
            }

            var rows = tail.Run(values, count, Own(Input), BatchShape(1), cancellationToken);
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

    private RunScores MapHeadScores(MapHead head, int runs, LayerChange change)
    {
        var (output, weights) = (new GraphValueMethod(head.Output), new GraphValueMethod(head.Weights));
        var bias = head.Bias is { } name ? new GraphValueMethod(name) : null;
        List<ExplanationMethod> values = [output, weights];
        if (bias is not null)
            values.Add(bias);
        var found = network.Explain(Own(Input), BatchShape(1), values, [ClassRequest.Top1], cancellationToken);
        var behind = new MapHeadRuns(
            head, found.Maps[output][0, 0].ToArray(), [.. found.Maps[weights].Values],
            bias is null ? new float[OwnScores.Length] : [.. found.Maps[bias].Values], Layer.Activation);
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

    // S(m A) = S + sum g A (m - 1): exact where S is linear in A.
    private RunScores LinearScores(int runs, LayerChange change)
    {
        var scores = new RunScores(runs, Classes.Length);
        int count = Layer.Count(change.Axis);
        float[] factors = new float[count];
        double[][] shares = new double[Classes.Length][];
        for (int c = 0; c < Classes.Length; c++)
        {
            double[] share = shares[c] = new double[count];
            Maps(new LayerGradientMethod(), Classes[c], 1, (_, input) => Input.CopyTo(input), (_, gradient) =>
            {
                int positions = gradient.Length / Layer.Count(LayerAxis.Channels);
                for (int i = 0; i < gradient.Length; i++)
                    share[change.Axis == LayerAxis.Channels ? i / positions : i % positions] += (double)gradient[i] * Layer.Activation[i];
            });
        }

        for (int run = 0; run < runs; run++)
        {
            Array.Clear(factors);
            change.Write(run, factors);
            for (int c = 0; c < Classes.Length; c++)
            {
                double score = OwnScores[(int)Classes[c]];
                for (int i = 0; i < count; i++)
                    score += (factors[i] - 1.0) * shares[c][i];
                scores.Set(run, c, (float)score, float.NaN);
            }
        }

        return scores;
    }

    private void Note(RunScores into, int run, ReadOnlySpan<float> scores)
    {
        float[] probabilities = new float[scores.Length];
        network.Head.Probabilities(scores, probabilities);
        for (int c = 0; c < Classes.Length; c++)
            into.Set(run, c, scores[(int)Classes[c]], probabilities[(int)Classes[c]]);
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
