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

    /// <summary>The option that sets methods' parameters.</summary>
    public static Option<string[]> SetOption() => new("--set")
    {
        Description = "A method's parameter, METHOD.NAME=VALUE, such as eigencam.centred=true or occlusion.window=16x16; may be " +
            $"repeated. {Invoked.As} methods NAME lists them.",
        HelpName = "METHOD.NAME=VALUE",
        DefaultValueFactory = _ => [],
    };

    /// <summary>Reads methods with their parameters.</summary>
    /// <param name="names">A comma list of methods.</param>
    /// <param name="settings">METHOD.NAME=VALUE each.</param>
    /// <exception cref="UsageException">A name or a value is unknown; the message names the nearest.</exception>
    public static IReadOnlyList<ExplanationMethod> Parse(string names, IEnumerable<string> settings)
    {
        var methods = Parse(names).ToList();
        // A method that is augmented has more parameters than before: they may be set in any order.
        foreach (string setting in settings.OrderByDescending(s => s.Contains(".augment=", StringComparison.OrdinalIgnoreCase)))
        {
            int dot = setting.IndexOf('.', StringComparison.Ordinal), equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (dot < 1 || equals < dot + 2)
                throw new UsageException($"--set takes METHOD.NAME=VALUE, such as eigencam.centred=true, not '{setting}'.");
            string method = setting[..dot];
            Check(method);
            int at = methods.FindIndex(m => m.Name.Equals(method, StringComparison.OrdinalIgnoreCase));
            if (at < 0)
            {
                throw new UsageException(
                    $"--set '{setting}' is for a method that --method does not name: it names " +
                    $"{string.Join(", ", methods.Select(m => m.Name))}.");
            }

            methods[at] = UsageException.Check(() => methods[at].With(setting[(dot + 1)..equals].Trim(), setting[(equals + 1)..]));
        }

        return methods;
    }

    /// <summary>The option that names a file of rules for relevance.</summary>
    public static Option<string?> RulesOption() => new("--rules")
    {
        Description = "A JSON file of rules for relevance, by operator or by layer: the method lrp then goes by them.",
        HelpName = "FILE",
    };

    /// <summary>Reads methods with their parameters and the rules of <c>lrp</c>.</summary>
    /// <param name="names">A comma list of methods.</param>
    /// <param name="settings">METHOD.NAME=VALUE each.</param>
    /// <param name="rules">A file of rules; null without one.</param>
    /// <param name="areNamesGiven">Whether the user named methods; if not, and there are rules, the method is <c>lrp</c>.</param>
    /// <exception cref="UsageException">A name or a value is unknown, or no method goes by the rules.</exception>
    public static IReadOnlyList<ExplanationMethod> Parse(string names, IEnumerable<string> settings, string? rules, bool areNamesGiven)
    {
        var auto = RelevanceMethods.Auto;
        var methods = Parse(rules is not null && !areNamesGiven ? auto.Name : names, settings);
        if (rules is null)
            return methods;
        if (!methods.Any(m => m.Name == auto.Name))
            throw new UsageException($"--rules says how {auto.Name} shares out relevance, and --method does not name {auto.Name}.");
        var table = RuleFile.Read(rules).Rules;
        return [.. methods.Select(m => m is LayerwiseRelevance { Composite: null } own ? own with { Rules = table } : m)];
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
