using GradCamSharp.Heads;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OnnxGrad;

namespace GradCamSharp.Runtime;

/// <summary>A graph in ONNX Runtime that answers with all its outputs. Runs may overlap.</summary>
internal sealed class ForwardSession : IDisposable
{
    private readonly SharedWeights weights;
    private readonly InferenceSession session;
    private readonly string[] inputs, outputs;

    /// <param name="model">What runs.</param>
    /// <param name="device">Where.</param>
    public ForwardSession(OnnxModel model, ComputeDevice device)
    {
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

        inputs = [.. session.InputNames];
        outputs = [.. session.OutputNames];
    }

    /// <summary>Runs the graph.</summary>
    /// <param name="feeds">A value for each input, by its name; they must stay as they are while the result is used.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>Every output by its name; the caller disposes it.</returns>
    /// <exception cref="ModelException">The graph cannot run on these inputs.</exception>
    public ForwardRun Run(Func<string, OrtValue> feeds, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var run = new RunOptions();
        using var stop = cancellationToken.Register(() => run.Terminate = true);
        try
        {
            return new ForwardRun(feeds, outputs, session.Run(run, inputs, [.. inputs.Select(feeds)], outputs));
        }
        catch (OnnxRuntimeException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ModelException($"ONNX Runtime failed: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        session.Dispose();
        weights.Dispose();
    }
}

/// <summary>What a run made.</summary>
internal sealed class ForwardRun(Func<string, OrtValue> feeds, string[] names, IDisposableReadOnlyCollection<OrtValue> results)
    : IDisposable
{
    /// <summary>A value by its name: an output or an input.</summary>
    public OrtValue this[string name] => Array.IndexOf(names, name) is >= 0 and var place ? results[place] : feeds(name);

    /// <summary>A copy of a value as numbers; null where it holds none.</summary>
    public RunValue? Numbers(string name)
    {
        var value = this[name];
        var info = value.GetTensorTypeAndShape();
        var shape = new Shape(info.Shape);
        return info.ElementDataType switch
        {
            TensorElementType.Float => new RunValue(shape, value.GetTensorDataAsSpan<float>().ToArray()),
            TensorElementType.Double => new RunValue(shape, Array.ConvertAll(value.GetTensorDataAsSpan<double>().ToArray(), v => (float)v)),
            TensorElementType.Float16 => new RunValue(
                shape, Array.ConvertAll(value.GetTensorDataAsSpan<Float16>().ToArray(), v => (float)v)),
            TensorElementType.Int64 => new RunValue(shape, value.GetTensorDataAsSpan<long>().ToArray()),
            TensorElementType.Int32 => new RunValue(shape, Array.ConvertAll(value.GetTensorDataAsSpan<int>().ToArray(), v => (long)v)),
            TensorElementType.UInt8 => new RunValue(shape, Array.ConvertAll(value.GetTensorDataAsSpan<byte>().ToArray(), v => (long)v)),
            _ => null,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => results.Dispose();
}
