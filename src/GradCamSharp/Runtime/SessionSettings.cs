using Microsoft.ML.OnnxRuntime;
using OnnxGrad;

namespace GradCamSharp.Runtime;

/// <summary>ONNX Runtime's options from ours.</summary>
internal static class SessionSettings
{
    /// <summary>The devices' names.</summary>
    public static IReadOnlyList<string> Devices { get; } = ["cpu", "cuda", "directml", "coreml"];

    /// <summary>Options for a session; the caller disposes.</summary>
    /// <exception cref="ModelException">The device is unknown, or this build of ONNX Runtime lacks it.</exception>
    public static SessionOptions Create(ExplainerOptions options)
    {
        RuntimeThreads.Prepare(options.Threads);
        var settings = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        try
        {
            RuntimeThreads.Apply(settings, options.Threads);
            switch (options.Device.ToUpperInvariant())
            {
                case "CPU":
                    break;
                case "CUDA":
                    settings.AppendExecutionProvider_CUDA();
                    break;
                case "DIRECTML":
                    settings.AppendExecutionProvider_DML();
                    break;
                case "COREML":
                    settings.AppendExecutionProvider("CoreML");
                    break;
                default:
                    throw new ModelException($"There is no device '{options.Device}'. The devices are " +
                        $"{string.Join(", ", Devices.SkipLast(1))} and {Devices[^1]}.");
            }

            return settings;
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException or NotSupportedException)
        {
            settings.Dispose();
            throw new ModelException($"This installation cannot run on '{options.Device}': {e.Message} " +
                "Use --device cpu, or install the ONNX Runtime package of that device.", e);
        }
        catch
        {
            settings.Dispose();
            throw;
        }
    }
}
