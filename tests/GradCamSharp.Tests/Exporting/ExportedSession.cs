using Microsoft.ML.OnnxRuntime;

namespace GradCamSharp.Tests.Exporting;

/// <summary>An exported model as somebody else runs it: plain ONNX Runtime, shapes and types taken at their word.</summary>
internal sealed class ExportedSession : IDisposable
{
    public ExportedSession(string path)
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        options.AddSessionConfigEntry("session.strict_shape_type_inference", "1");
        Session = new InferenceSession(path, options);
    }

    public InferenceSession Session { get; }

    public Dictionary<string, OrtValue> Run(params (string Name, OrtValue Value)[] feeds)
    {
        using var run = new RunOptions();
        var results = Session.Run(run, [.. feeds.Select(f => f.Name)], [.. feeds.Select(f => f.Value)], Session.OutputNames);
        return Session.OutputNames.Zip(results).ToDictionary(r => r.First, r => r.Second);
    }

    public static OrtValue Floats(float[] values, params long[] shape) => OrtValue.CreateTensorValueFromMemory(values, shape);

    public static OrtValue Ints(long[] values, params long[] shape) => OrtValue.CreateTensorValueFromMemory(values, shape);

    public void Dispose() => Session.Dispose();
}
