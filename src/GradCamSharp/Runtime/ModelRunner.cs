using System.Collections.Immutable;
using GradCamSharp.Compilation;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using Microsoft.ML.OnnxRuntime;
using OnnxGrad;

namespace GradCamSharp.Runtime;

/// <summary>A compiled explanation in ONNX Runtime: feeds batches, reads scores, classes and maps. Runs may overlap.</summary>
internal sealed class ModelRunner : IDisposable
{
    // In elements.
    private const long LargestPackedTwice = 8 << 20;

    // In bytes. What the copies of smaller models leave behind is not worth the time.
    private const long LeastTrimmed = 32 << 20;

    private readonly SharedWeights weights;
    private readonly InferenceSession session;
    private readonly CompiledExplanation compiled;

    /// <param name="compiled">What runs.</param>
    /// <param name="device">Where.</param>
    public ModelRunner(CompiledExplanation compiled, ComputeDevice device)
    {
        this.compiled = compiled;
        using var settings = SessionSettings.Create(device);
        if (compiled.NeedsPlainLayout && device.Optimizes)
            settings.GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED;
        if (compiled.DenseWeightsReadTwice > LargestPackedTwice)
            settings.AddSessionConfigEntry("session.disable_prepacking", "1");
        weights = SharedWeights.Open(compiled.Model);
        try
        {
            session = compiled.Model.OpenSession(settings, weights);
            if (weights.Bytes > LeastTrimmed)
                NativeHeap.Trim();
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>Whether predictions spare themselves the maps.</summary>
    public bool Predicts => compiled.Predicts;

    /// <summary>Runs a batch; so many items at a time as the model fixes its batch to, the last ones filled up.</summary>
    /// <param name="batch">[N, ...], the input's shape.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="requests">The classes.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    public MapBatch Run(Memory<float> batch, Shape shape, IReadOnlyList<ClassRequest> requests, CancellationToken cancellationToken)
    {
        var parts = InParts(batch, shape, (part, size) => Run(part, size, requests, cancellationToken));
        return parts.Count == 1 && parts[0].Scores.Count == shape[0] ? parts[0] : Join(parts, (int)shape[0]);
    }

    /// <summary>The class scores of a batch, without maps; in parts as explanations are.</summary>
    /// <param name="batch">[N, ...], the input's shape.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>[N][C].</returns>
    public IReadOnlyList<ImmutableArray<float>> Predict(Memory<float> batch, Shape shape, CancellationToken cancellationToken) =>
        [.. InParts(batch, shape, (part, size) => Predict(part, size, cancellationToken)).SelectMany(p => p).Take((int)shape[0])];

    public void Dispose()
    {
        session.Dispose();
        weights.Dispose();
    }

    private MapBatch Run(Memory<float> batch, long[] shape, IReadOnlyList<ClassRequest> requests, CancellationToken cancellationToken)
    {
        using var results = Run(batch, shape, [.. requests.Select(r => r.Code)], Predicts, compiled.Outputs, cancellationToken);
        var maps = new Dictionary<ExplanationMethod, Maps>();
        for (int i = 0; i < compiled.Methods.Count; i++)
        {
            var accounts = AccountsOf(compiled.Methods[i], results);
            if (accounts.Open is { } open)
                throw OpenAccount.Found(compiled, compiled.Methods[i], accounts.Accounts[open], InputOf, open, requests, cancellationToken);
            maps[compiled.Methods[i]] = new Maps(
                new Shape(results[i + 2].GetTensorTypeAndShape().Shape), [.. results[i + 2].GetTensorDataAsSpan<float>()])
            {
                Note = compiled.Notes.Said.GetValueOrDefault(compiled.Methods[i]),
                Accounts = accounts.Accounts,
                Residuals = accounts.Residuals,
            };
        }
        int items = (int)shape[0];
        return new MapBatch(
            Rows(results[0].GetTensorDataAsSpan<float>(), items), Rows(results[1].GetTensorDataAsSpan<long>(), items), maps);

        OrtValue InputOf() => InputValue.Create(compiled.Analysis.Input.Type, batch, shape);
    }

    // Sums in rows [N, M]: what is shared out must add up, or the map is refused.
    private AccountTable AccountsOf(ExplanationMethod method, IReadOnlyCollection<OrtValue> results) =>
        compiled.Notes.Accounts.TryGetValue(method, out var account)
            ? AccountTable.Read(account, results.ElementAt(compiled.Outputs.ToList().IndexOf(account.Name)).GetTensorDataAsSpan<double>())
            : AccountTable.Empty;

    // The request is of no meaning then, but the graph's input.
    private ImmutableArray<float>[] Predict(Memory<float> batch, long[] shape, CancellationToken cancellationToken)
    {
        using var results = Run(batch, shape, [ClassRequest.Top1.Code], false, [ExplanationGraph.Scores], cancellationToken);
        return Rows(results[0].GetTensorDataAsSpan<float>(), (int)shape[0]);
    }

    private IDisposableReadOnlyCollection<OrtValue> Run(
        Memory<float> batch, long[] shape, long[] codes, bool wanted, IReadOnlyCollection<string> answers,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var input = InputValue.Create(compiled.Analysis.Input.Type, batch, shape);
        using var request = OrtValue.CreateTensorValueFromMemory(codes, [codes.Length]);
        using var condition = OrtValue.CreateTensorValueFromMemory([wanted], []);
        using var run = new RunOptions();
        using var stop = cancellationToken.Register(() => run.Terminate = true);
        try
        {
            string picture = compiled.Analysis.Input.Name;
            return Predicts
                ? session.Run(run, [picture, ExplanationGraph.Request, ExplanationGraph.Wanted], [input, request, condition], answers)
                : session.Run(run, [picture, ExplanationGraph.Request], [input, request], answers);
        }
        catch (OnnxRuntimeException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ModelException($"ONNX Runtime failed on '{compiled.Model.Name}': {e.Message}", e);
        }
    }

    // A last part that is not full is filled up with its last item: what is made of these goes unread.
    private List<T> InParts<T>(Memory<float> batch, Shape shape, Func<Memory<float>, long[], T> run)
    {
        var fixedBatch = compiled.Analysis.Input.Shape[0];
        if (!fixedBatch.IsKnown || fixedBatch == shape[0])
            return [run(batch, shape.ToArray())];
        long[] partShape = shape.With(0, fixedBatch).ToArray();
        var parts = new List<T>();
        int item = (int)shape.Slice(1, shape.Rank - 1).Size, size = checked((int)(item * fixedBatch.Value));
        for (int start = 0; start < batch.Length; start += size)
        {
            var part = batch.Slice(start, Math.Min(size, batch.Length - start));
            parts.Add(run(part.Length == size ? part : Filled(part, item, size), partShape));
        }

        return parts;
    }

    private static float[] Filled(Memory<float> items, int item, int size)
    {
        float[] filled = new float[size];
        items.CopyTo(filled);
        for (int i = items.Length; i < size; i += item)
            items[^item..].CopyTo(filled.AsMemory(i));
        return filled;
    }

    private MapBatch Join(List<MapBatch> parts, int items) => new(
        [.. parts.SelectMany(p => p.Scores).Take(items)],
        [.. parts.SelectMany(p => p.Classes).Take(items)],
        compiled.Methods.ToDictionary(m => m, m =>
        {
            var shape = parts[0].Maps[m].Shape.With(0, items);
            return new Maps(shape, [.. parts.SelectMany(p => p.Maps[m].Values).Take((int)shape.Size)])
            {
                Note = parts[0].Maps[m].Note,
                Accounts = [.. parts.SelectMany(p => p.Maps[m].Accounts).Take(items * (int)shape[1])],
                Residuals = [.. parts.SelectMany(p => p.Maps[m].Residuals).Take(items * (int)shape[1])],
            };
        }));

    private static ImmutableArray<T>[] Rows<T>(ReadOnlySpan<T> values, int count)
    {
        var rows = new ImmutableArray<T>[count];
        int size = values.Length / Math.Max(1, count);
        for (int i = 0; i < count; i++)
            rows[i] = [.. values.Slice(i * size, size)];
        return rows;
    }
}
