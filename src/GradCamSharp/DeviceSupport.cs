using GradCamSharp.Errors;
using GradCamSharp.Runtime;

namespace GradCamSharp;

/// <summary>Whether this program can compute on a device of this machine.</summary>
/// <param name="Device">The device: one of <see cref="ExplainerOptions.Devices"/>.</param>
/// <param name="IsUsable">Whether it can.</param>
/// <param name="Reason">Why not, and what would help; empty where it can.</param>
public sealed record DeviceSupport(string Device, bool IsUsable, string Reason)
{
    /// <summary>Looks at every device: is it in this build of ONNX Runtime, and does the machine have what it needs?</summary>
    /// <returns>The devices in the order of <see cref="ExplainerOptions.Devices"/>.</returns>
    public static IReadOnlyList<DeviceSupport> All() => [.. ComputeDevice.Names.Select(Of)];

    private static DeviceSupport Of(string device)
    {
        try
        {
            using var settings = SessionSettings.Create(new ComputeDevice(device, 0));
            return new DeviceSupport(device, true, "");
        }
        catch (ExplanationException e) when (e.Kind == ExplanationError.UnavailableDevice)
        {
            return new DeviceSupport(device, false, $"{e.Problem} {Help(device)}");
        }
    }

    private static string Help(string device) => device switch
    {
        "cuda" => "It needs the package Microsoft.ML.OnnxRuntime.Gpu, and NVIDIA's driver, CUDA and cuDNN.",
        "directml" => "It needs Windows and the package Microsoft.ML.OnnxRuntime.DirectML.",
        "coreml" => "It needs macOS.",
        _ => "",
    };
}
