using System.CommandLine;
using GradCamSharp.Cli.CommandLine;
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
    /// <param name="names">A comma list.</param>
    /// <param name="option">The option that holds it.</param>
    /// <exception cref="UsageException">A name is unknown, or there is none; the message names the nearest.</exception>
    public static IReadOnlyList<ExplanationMethod> Parse(string names, string option = "--method")
    {
        Check(names);
        return UsageException.Check(() => CamMethods.Parse(names)) is { Count: > 0 } methods ? methods
            : throw new UsageException($"{option} names no method.");
    }

    /// <summary>Refuses names that are unknown.</summary>
    /// <param name="names">A comma list.</param>
    /// <param name="more">Names that stand for something beside the methods.</param>
    /// <exception cref="UsageException">A name is unknown; the message names the nearest.</exception>
    public static void Check(string names, params string[] more)
    {
        const StringSplitOptions Trimmed = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        string[] known = [.. CamMethods.All.Select(m => m.Name), .. more];
        foreach (string name in names.Split(',', Trimmed).Where(n => !known.Contains(n, StringComparer.OrdinalIgnoreCase)))
        {
            throw new UsageException(
                $"There is no method '{name}'.{Suggestion.For(name, known)} The methods are {string.Join(", ", known)}.");
        }
    }
}
