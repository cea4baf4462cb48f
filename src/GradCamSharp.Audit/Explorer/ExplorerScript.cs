using System.Text;
using System.Text.RegularExpressions;

namespace GradCamSharp.Audit.Explorer;

/// <summary>
/// The page's script, of the modules in Assets. Browsers read no modules from the disk, so that all become one script: imports are left
/// out, and every module's names are all modules' names.
/// </summary>
internal static partial class ExplorerScript
{
    // Each after those that it needs.
    private static readonly string[] Modules =
    [
        "audit", "selection", "plane", "evidence", "parts", "gallery", "scatter", "verdicts", "findings", "overview", "explore", "picture",
        "explorer",
    ];

    /// <summary>The script.</summary>
    public static string Text()
    {
        var text = new StringBuilder("'use strict';\n(() => {\n");
        foreach (string module in Modules)
            text.Append(Exports().Replace(Imports().Replace(Asset(module + ".js"), ""), ""));
        return text.Append("})();\n").ToString();
    }

    /// <summary>A file of Assets.</summary>
    public static string Asset(string name)
    {
        using var stream = typeof(ExplorerScript).Assembly.GetManifestResourceStream("explorer/" + name)
            ?? throw new InvalidOperationException($"'{name}' does not ship.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    [GeneratedRegex(@"^import \{[^}]*\} from '[^']*';\n", RegexOptions.Multiline)]
    private static partial Regex Imports();

    [GeneratedRegex("^export (?=(async function|function|const|let|class) )", RegexOptions.Multiline)]
    private static partial Regex Exports();
}
