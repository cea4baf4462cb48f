using GradCamSharp.Compilation;
using Microsoft.ML.OnnxRuntime;
using OnnxGrad;

namespace GradCamSharp.Runtime;

/// <summary>The two graphs of a seeded explanation in ONNX Runtime. Runs may overlap.</summary>
internal sealed class SeededRunner : IDisposable
{
    private readonly ForwardSession forward, backward;

    /// <param name="explanation">What runs.</param>
    /// <param name="device">Where.</param>
    public SeededRunner(SeededExplanation explanation, ComputeDevice device)
    {
        Explanation = explanation;
        forward = new ForwardSession(explanation.Forward, device);
        try
        {
            backward = new ForwardSession(explanation.Backward, device);
        }
        catch
        {
            forward.Dispose();
            throw;
        }
    }

    /// <summary>What runs.</summary>
    public SeededExplanation Explanation { get; }

    /// <summary>Runs the forward part.</summary>
    /// <param name="feeds">A value for each of the model's inputs; they must stay as they are until the maps are made.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>Every output and every carried value by its name; the caller disposes it.</returns>
    public ForwardRun Forward(IReadOnlyDictionary<string, OrtValue> feeds, CancellationToken cancellationToken) =>
        forward.Run(name => feeds[name], cancellationToken);

    /// <summary>Runs the backward part.</summary>
    /// <param name="run">What the forward part made.</param>
    /// <param name="seeds">For each stop its seed, [M, ...].</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>The maps, in the explanation's order.</returns>
    public IReadOnlyList<MadeMap> Backward(
        ForwardRun run, IReadOnlyDictionary<string, OrtValue> seeds, CancellationToken cancellationToken)
    {
        using var made = Run(run, seeds, cancellationToken);
        return [.. Explanation.Maps.Select(m => Read(m, made))];
    }

    /// <summary>Runs the backward part of an explanation that keeps balances.</summary>
    /// <returns>[N M][nodes]: what each node loses of relevance, all scores of the first item before those of the next.</returns>
    public IReadOnlyList<double[]> Balances(
        ForwardRun run, IReadOnlyDictionary<string, OrtValue> seeds, CancellationToken cancellationToken)
    {
        using var made = Run(run, seeds, cancellationToken);
        int nodes = Explanation.Maps[0].Balanced.Count;
        return [.. made[RelevanceBalances.Output].GetTensorDataAsSpan<double>().ToArray().Chunk(nodes)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        backward.Dispose();
        forward.Dispose();
    }

    private static MadeMap Read(SeededMap map, ForwardRun made)
    {
        var values = made[map.Output];
        return new MadeMap(
            map, new Shape(values.GetTensorTypeAndShape().Shape), values.GetTensorDataAsSpan<float>().ToArray(),
            map.Account is { } account ? AccountTable.Read(account, made[account.Name].GetTensorDataAsSpan<double>()) : AccountTable.Empty);
    }

    private ForwardRun Run(ForwardRun run, IReadOnlyDictionary<string, OrtValue> seeds, CancellationToken cancellationToken) =>
        backward.Run(name => seeds.TryGetValue(name, out var seed) ? seed : run[name], cancellationToken);
}

/// <summary>A map that a seeded explanation has made.</summary>
/// <param name="Map">Which.</param>
/// <param name="Shape">[N, M, ...].</param>
/// <param name="Values">Its values.</param>
/// <param name="Accounts">Where the scores went, [N][M]; empty of methods that do not share them out.</param>
internal sealed record MadeMap(SeededMap Map, Shape Shape, ReadOnlyMemory<float> Values, AccountTable Accounts);
