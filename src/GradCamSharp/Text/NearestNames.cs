namespace GradCamSharp.Text;

/// <summary>The names that a mistyped one may have meant. The command line compiles this same file.</summary>
internal static class NearestNames
{
    private const int Other = 3;

    /// <summary>
    /// The names, the nearest first: one that holds what was typed as a whole word, as hot dog holds dog; then one that begins with it;
    /// then one that holds it; then by the number of edits.
    /// </summary>
    /// <param name="typed">The mistyped name.</param>
    /// <param name="names">The names that exist.</param>
    public static IEnumerable<string> Order(string typed, IEnumerable<string> names) =>
        names.OrderBy(n => Rank(typed, n)).ThenBy(n => EditDistance.Between(typed, n)).ThenBy(n => n, StringComparer.Ordinal);

    /// <summary>The nearest name, if it is near enough to be meant.</summary>
    /// <param name="typed">The mistyped name.</param>
    /// <param name="names">The names that exist.</param>
    public static string? Meant(string typed, IEnumerable<string> names) => Order(typed, names).FirstOrDefault(n => IsNear(typed, n));

    /// <summary>The nearest names: those that are near enough to be meant, or else the three that are nearest.</summary>
    /// <param name="typed">The mistyped name.</param>
    /// <param name="names">The names that exist.</param>
    /// <param name="most">How many at most.</param>
    public static IReadOnlyList<string> Some(string typed, IEnumerable<string> names, int most)
    {
        string[] ordered = [.. Order(typed, names)];
        string[] near = [.. ordered.Where(n => IsNear(typed, n)).Take(most)];
        return near.Length > 0 ? near : [.. ordered.Take(Math.Min(3, most))];
    }

    private static bool IsNear(string typed, string name) =>
        (typed.Length > 2 && Rank(typed, name) < Other) || EditDistance.Between(typed, name) <= Math.Min(3, typed.Length / 2);

    private static int Rank(string typed, string name) =>
        HoldsWord(name, typed) ? 0
        : name.StartsWith(typed, StringComparison.OrdinalIgnoreCase) ? 1
        : name.Contains(typed, StringComparison.OrdinalIgnoreCase) ? 2 : Other;

    private static bool HoldsWord(string name, string word)
    {
        for (int at = 0; word.Length > 0 && (at = name.IndexOf(word, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
        {
            int end = at + word.Length;
            if ((at == 0 || !char.IsLetterOrDigit(name[at - 1])) && (end == name.Length || !char.IsLetterOrDigit(name[end])))
                return true;
        }

        return false;
    }
}
