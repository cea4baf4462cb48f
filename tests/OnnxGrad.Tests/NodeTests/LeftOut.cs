using System.Globalization;

namespace OnnxGrad.Tests.NodeTests;

/// <summary>
/// The list left-out.tsv: how many of the standard's tests qualify for a comparison, and which of them are left out and why.
/// </summary>
internal static class LeftOut
{
    private const string Count = "# qualify: ";

    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "NodeTests", "left-out.tsv"));

    /// <summary>How many tests qualify.</summary>
    public static int Qualifying { get; } = int.Parse(
        Lines.Single(l => l.StartsWith(Count, StringComparison.Ordinal))[Count.Length..], CultureInfo.InvariantCulture);

    /// <summary>The tests that qualify and do not agree.</summary>
    public static IReadOnlyList<(string Test, string Operator, string Reason)> Tests { get; } =
        [.. Lines.Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split('\t')).Select(l => (l[0], l[1], l[2]))];

    public static bool Contains(string test) => Tests.Any(t => t.Test == test);
}
