using GradCamSharp.Text;

namespace GradCamSharp.Cli.CommandLine;

/// <summary>The question that a message about a mistyped name ends with.</summary>
internal static class Suggestion
{
    /// <summary>The question, with a space before it; empty where no name is near.</summary>
    /// <param name="typed">The mistyped name.</param>
    /// <param name="names">The names that exist.</param>
    /// <param name="above">What the message writes in front of a name.</param>
    public static string For(string typed, IEnumerable<string> names, string above = "")
    {
        // Options' dashes make no name nearer.
        string bare = typed.TrimStart('-');
        var named = names.ToLookup(n => n.TrimStart('-'));
        return bare.Length > 0 && NearestNames.Meant(bare, named.Select(n => n.Key)) is { } meant
            ? $" Did you mean '{above}{named[meant].First()}'?" : "";
    }
}
