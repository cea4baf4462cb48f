using System.Text;

namespace GradCamSharp.Benchmarks.Acceptance;

/// <summary>docs/acceptance.md: each section stands between two marks and is replaced by itself.</summary>
internal static class AcceptancePage
{
    private const string Head =
        "# Acceptance figures\n\n" +
        "Written by\n\n" +
        "    dotnet run -c Release --project benchmarks/GradCamSharp.Benchmarks -- acceptance\n\n" +
        "Names of sections behind it measure these alone, `acceptance memory kills` for example; `--short` does everything in " +
        "miniature, to try it. Each section says when and where it was measured, and what else the machine did then.\n";

    private static string Path => System.IO.Path.Combine(Checkout.Root(), "docs", "acceptance.md");

    /// <summary>Writes one section; those of before stay.</summary>
    public static void Write(AcceptanceSection section, string text)
    {
        string old = File.Exists(Path) ? File.ReadAllText(Path).ReplaceLineEndings("\n") : "";
        var page = new StringBuilder(Head);
        foreach (var one in AcceptanceSection.All)
        {
            if ((one == section ? text : Find(old, one)) is { } content)
                page.Append($"\n{Begin(one)}\n## {one.Title}\n\n{content}{End(one)}\n");
        }

        File.WriteAllText(Path, page.ToString());
    }

    private static string? Find(string page, AcceptanceSection section)
    {
        string begin = $"{Begin(section)}\n## {section.Title}\n\n";
        int start = page.IndexOf(begin, StringComparison.Ordinal), end = page.IndexOf(End(section), StringComparison.Ordinal);
        return start >= 0 && end > start ? page[(start + begin.Length)..end] : null;
    }

    private static string Begin(AcceptanceSection section) => $"<!-- begin: {section.Name} -->";

    private static string End(AcceptanceSection section) => $"<!-- end: {section.Name} -->";
}
