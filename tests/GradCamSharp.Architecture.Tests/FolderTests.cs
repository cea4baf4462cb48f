using System.Text;

namespace GradCamSharp.Architecture.Tests;

/// <summary>Arrows between the folders of a project go one way, and docs/architecture.md shows them.</summary>
public class FolderTests
{
    private const string Start = "<!-- arrows: GRADCAM_UPDATE_DOCS=1 dotnet test writes this part -->";

    public static TheoryData<string> Projects => [.. ProjectSources.All];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_OfAProject_DoNotUseEachOther(string project)
    {
        var sources = ProjectSources.Load(project);
        Assert.True(sources.Errors.Count == 0, string.Join('\n', sources.Errors));

        var arrows = sources.Arrows();

        var cycles = Cycles.Find(arrows);
        Assert.True(
            cycles.Count == 0,
            string.Join('\n', cycles.Select(group => $"In a cycle: {string.Join(", ", group)}\n" + string.Join('\n', arrows
                .Where(a => group.Contains(a.From) && group.Contains(a.To)).Select(a => $"  {a.From} -> {a.To}: {a.Example}")))));
    }

    [Fact]
    public void Find_ArrowsInACircle_AreOneGroup()
    {
        Arrow[] arrows = [new("a", "b", ""), new("b", "c", ""), new("c", "a", ""), new("a", "d", "")];

        Assert.Equal(["a", "b", "c"], Assert.Single(Cycles.Find(arrows)));
        Assert.Empty(Cycles.Find(arrows[1..]));
    }

    [Fact]
    public void ArchitecturePage_Arrows_AreCurrent()
    {
        var page = new StringBuilder();
        foreach (string project in ProjectSources.All)
        {
            page.Append("\n### ").Append(project).Append("\n\n```mermaid\nflowchart TD\n");
            foreach (var arrow in ProjectSources.Load(project).Arrows())
                page.Append($"    {Box(arrow.From)} --> {Box(arrow.To)}\n");
            page.Append("```\n");
        }

        string file = Path.Combine(SharedData.RepositoryRoot(), "docs", "architecture.md");
        string text = File.ReadAllText(file).ReplaceLineEndings("\n");
        int start = text.IndexOf(Start, StringComparison.Ordinal);
        Assert.True(start >= 0, $"docs/architecture.md lacks the line '{Start}'.");
        string current = text[..(start + Start.Length)] + "\n" + page;
        if (Environment.GetEnvironmentVariable("GRADCAM_UPDATE_DOCS") == "1")
            File.WriteAllText(file, current);

        Assert.True(text == current || File.ReadAllText(file) == current,
            "docs/architecture.md does not show the arrows as they are. GRADCAM_UPDATE_DOCS=1 dotnet test writes them.");
    }

    private static string Box(string folder) => $"{folder.Replace('/', '_')}[\"{folder}\"]";
}
