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
    /// <returns>For each map its shape, [N, M, ...], and its values.</returns>
    public IReadOnlyList<(Shape Shape, float[] Values)> Backward(
        ForwardRun run, IReadOnlyDictionary<string, OrtValue> seeds, CancellationToken cancellationToken)
    {
        using var made = backward.Run(name => seeds.TryGetValue(name, out var seed) ? seed : run[name], cancellationToken);
        return [.. Explanation.Maps.Select(m => made[m.Output])
            .Select(r => (new Shape(r.GetTensorTypeAndShape().Shape), r.GetTensorDataAsSpan<float>().ToArray()))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        backward.Dispose();
        forward.Dispose();
    }
}
