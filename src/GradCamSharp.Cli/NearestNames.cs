using GradCamSharp.Layers;

namespace GradCamSharp.Cli;

/// <summary>The names that a mistyped one may have meant.</summary>
internal static class NearestNames
{
    /// <summary>The question that a message asks, with a space before it; empty where no name is near.</summary>
    /// <param name="typed">The mistyped name.</param>
    /// <param name="names">The names that exist.</param>
    /// <param name="above">What the message writes in front of a name.</param>
    public static string Question(string typed, IEnumerable<string> names, string above = "") =>
        Meant(typed, names) is { } name ? $" Did you mean '{above}{name}'?" : "";

    // A name that begins with what was typed is nearest, then one that holds it, then edits count. Options' dashes make no name nearer.
    private static string? Meant(string typed, IEnumerable<string> names)
    {
        string bare = typed.TrimStart('-');
        return bare.Length == 0 ? null : names.OrderBy(n => Rank(bare, n.TrimStart('-')))
            .ThenBy(n => EditDistance.Between(bare, n.TrimStart('-'))).ThenBy(n => n, StringComparer.Ordinal)
            .FirstOrDefault(n => IsNear(bare, n.TrimStart('-')));
    }

    private static bool IsNear(string typed, string name) =>
        (typed.Length > 2 && Rank(typed, name) < 2) || EditDistance.Between(typed, name) <= Math.Min(3, typed.Length / 2);

    private static int Rank(string typed, string name) =>
        name.StartsWith(typed, StringComparison.OrdinalIgnoreCase) ? 0
        : name.Contains(typed, StringComparison.OrdinalIgnoreCase) ? 1 : 2;
}
