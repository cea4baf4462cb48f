using System.Reflection;
using Microsoft.ML.OnnxRuntime;

namespace GradCamSharp.Evaluation.Identities;

/// <summary>The programs that made an experiment.</summary>
/// <param name="Gradcam">This program's version.</param>
/// <param name="OnnxRuntime">ONNX Runtime's version.</param>
public sealed record ProgramVersions(string Gradcam, string OnnxRuntime)
{
    /// <summary>The versions of what runs now.</summary>
    public static ProgramVersions Current { get; } = new(VersionOf(typeof(ProgramVersions)), VersionOf(typeof(InferenceSession)));

    private static string VersionOf(Type type)
    {
        string version = type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? type.Assembly.GetName().Version?.ToString() ?? "unknown";
        return version.Split('+')[0];
    }
}
