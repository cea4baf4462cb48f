using System.CommandLine;
using GradCamSharp.Methods;

namespace GradCamSharp.Cli.Explaining;

/// <summary>Methods as the command line names them: gradcam++,gradcam.</summary>
internal static class MethodNames
{
    /// <summary>The option that takes them.</summary>
    /// <param name="end">What its help says after their list.</param>
    public static Option<string> Option(string end = ".") => new("--method", "--methods")
    {
        Description = $"A comma list of {string.Join(", ", CamMethods.All.Select(m => m.Name))}{end}",
        DefaultValueFactory = _ => CamMethods.Default.Name,
        HelpName = "LIST",
    };

    /// <summary>Reads them.</summary>
    /// <exception cref="UsageException">A name is unknown, or there is none.</exception>
    public static IReadOnlyList<ExplanationMethod> Parse(string names) =>
        UsageException.Check(() => CamMethods.Parse(names)) is { Count: > 0 } methods ? methods
        : throw new UsageException("--method names no method.");
}
