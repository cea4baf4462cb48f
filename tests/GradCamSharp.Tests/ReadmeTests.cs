using System.Text;
using GradCamSharp.Methods;

namespace GradCamSharp.Tests;

/// <summary>The table of methods is made from the list of methods.</summary>
public class ReadmeTests
{
    private const string Page = "docs/methods.md";
    private const string TableStart = "<!-- methods: generated, see tests/GradCamSharp.Tests/ReadmeTests.cs -->";
    private const string TableEnd = "<!-- end of methods -->";

    [Fact]
    public void MethodsTable_InTheDocs_IsCurrent()
    {
        string page = Read(Page);
        var table = new StringBuilder("\n| method | map | what it shows |\n|---|---|---|\n");
        foreach (var method in CamMethods.All)
        {
            string equation = method.Equation.Replace("|", "\\|", StringComparison.Ordinal);
            table.Append("| `").Append(method.Name).Append("` | ").Append(equation).Append(" | ").Append(method.Summary).Append(" |\n");
        }

        int start = page.IndexOf(TableStart, StringComparison.Ordinal) + TableStart.Length;
        string current = page[..start] + "\n" + table + "\n" + page[page.IndexOf(TableEnd, StringComparison.Ordinal)..];
        if (Environment.GetEnvironmentVariable("GRADCAM_UPDATE_DOCS") == "1")
            File.WriteAllText(InRepository(Page), current);
        Assert.Equal(current, Read(Page));
    }

    private static string Read(string path) => File.ReadAllText(InRepository(path)).ReplaceLineEndings("\n");

    private static string InRepository(string path) => Path.Combine(SharedData.RepositoryRoot(), path);
}
