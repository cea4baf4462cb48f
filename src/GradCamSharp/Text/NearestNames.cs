namespace GradCamSharp.Text;

/// <summary>The names that a mistyped one may have meant. The command line compiles this same file.</summary>
internal static class NearestNames
{
    /// <summary>
    /// The names, the nearest first: one that begins with what was typed, then one that holds it, then by the number of edits.
    /// </summary>
    /// <param name="typed">The mistyped name.</param>
    /// <param name="names">The names that exist.</param>
    public static IEnumerable<string> Order(string typed, IEnumerable<string> names) =>
        names.OrderBy(n => Rank(typed, n)).ThenBy(n => EditDistance.Between(typed, n)).ThenBy(n => n, StringComparer.Ordinal);

    /// <summary>The nearest name, if it is near enough to be meant.</summary>
    /// <param name="typed">The mistyped name.</param>
    /// <param name="names">The names that exist.</param>
    public static string? Meant(string typed, IEnumerable<string> names) => Order(typed, names).FirstOrDefault(n =>
        (typed.Length > 2 && Rank(typed, n) < 2) || EditDistance.Between(typed, n) <= Math.Min(3, typed.Length / 2));

    private static int Rank(string typed, string name) =>
        name.StartsWith(typed, StringComparison.OrdinalIgnoreCase) ? 0
        : name.Contains(typed, StringComparison.OrdinalIgnoreCase) ? 1 : 2;
}
