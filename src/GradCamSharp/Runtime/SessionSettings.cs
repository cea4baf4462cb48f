using GradCamSharp.Errors;
using Microsoft.ML.OnnxRuntime;

namespace GradCamSharp.Runtime;

/// <summary>ONNX Runtime's options from ours.</summary>
internal static class SessionSettings
{
    /// <summary>Options for a session; the caller disposes.</summary>
    /// <exception cref="ExplanationException">The device is unknown, or this build of ONNX Runtime lacks it.</exception>
    public static SessionOptions Create(ComputeDevice device)
    {
        RuntimeThreads.Prepare(device.Threads);
        var settings = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        try
        {
            RuntimeThreads.Apply(settings, device.Threads);
            if (!device.Optimizes)
                settings.GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL;
            switch (device.Name.ToUpperInvariant())
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
                    throw new ExplanationException(
                        ExplanationError.UnknownDevice, $"There is no device '{device.Name}'.",
                        $"The devices are {string.Join(", ", ComputeDevice.Names.SkipLast(1))} and {ComputeDevice.Names[^1]}.");
            }

            return settings;
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException or NotSupportedException)
        {
            settings.Dispose();
            // Where the build lacks the provider the runtime names an entry point, which tells nobody anything.
            string reason = e is EntryPointNotFoundException or DllNotFoundException
                ? "its ONNX Runtime was made without that device." : e.Message;
            throw new ExplanationException(
                ExplanationError.UnavailableDevice, $"This installation cannot run on '{device.Name}': {reason}",
                "Use the device cpu, or install the ONNX Runtime package of that device.", e);
        }
        catch
        {
            settings.Dispose();
            throw;
        }
    }
}
