using GradCamSharp.Methods;

namespace GradCamSharp.Cli.Explaining;

/// <summary>Methods as the command line names them: gradcam++,gradcam.</summary>
internal static class MethodNames
{
    /// <exception cref="UsageException">A name is unknown, or there is none.</exception>
    public static IReadOnlyList<ExplanationMethod> Parse(string names) =>
        UsageException.Check(() => CamMethods.Parse(names)) is { Count: > 0 } methods ? methods
        : throw new UsageException("--method names no method.");
}
