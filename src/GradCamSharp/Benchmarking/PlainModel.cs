using GradCamSharp.Runtime;
using Microsoft.ML.OnnxRuntime;
using OnnxGrad;

namespace GradCamSharp.Benchmarking;

/// <summary>The user's own file in plain ONNX Runtime: no graph of ours, but the same threads and the same device.</summary>
internal sealed class PlainModel : IDisposable
{
    private readonly InferenceSession session;
    private readonly OrtValue input;

    /// <param name="path">The .onnx file.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="values">One input.</param>
    /// <param name="shape">Its shape.</param>
    /// <exception cref="ModelException">ONNX Runtime refuses the file.</exception>
    public PlainModel(string path, ComputeDevice device, float[] values, Shape shape)
    {
        if (!File.Exists(path))
            throw new ModelException($"'{path}' is no file: plain inference is measured on the model's own file.");
        using var settings = SessionSettings.Create(device);
        try
        {
            session = new InferenceSession(path, settings);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelException($"ONNX Runtime refuses '{path}': {e.Message}", e);
        }

        input = session.InputMetadata.Values.First().ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float16
            ? OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, v => (Float16)v), shape.ToArray())
            : OrtValue.CreateTensorValueFromMemory(values, shape.ToArray());
    }

    /// <summary>Runs the model once.</summary>
    public void Run()
    {
        using var run = new RunOptions();
        using var results = session.Run(run, session.InputNames.Take(1).ToArray(), [input], session.OutputNames);
    }

    public void Dispose()
    {
        input.Dispose();
        session.Dispose();
    }
}
