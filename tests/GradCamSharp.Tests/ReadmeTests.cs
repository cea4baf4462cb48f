using System.Text;
using GradCamSharp.Methods;

namespace GradCamSharp.Tests;

/// <summary>The README's table of methods is made from the list of methods. (Its code is run by GradCamSharp.Packages.Tests.)</summary>
public class ReadmeTests
{
    private const string TableStart = "<!-- methods: generated, see tests/GradCamSharp.Tests/ReadmeTests.cs -->";
    private const string TableEnd = "<!-- end of methods -->";

    [Fact]
    public void MethodsTable_InTheReadme_IsCurrent()
    {
        string readme = Read("README.md");
        var table = new StringBuilder("\n| method | map | what it shows |\n|---|---|---|\n");
        foreach (var method in CamMethods.All)
        {
            string equation = method.Equation.Replace("|", "\\|", StringComparison.Ordinal);
            table.Append("| `").Append(method.Name).Append("` | ").Append(equation).Append(" | ").Append(method.Summary).Append(" |\n");
        }

        int start = readme.IndexOf(TableStart, StringComparison.Ordinal) + TableStart.Length;
        string current = readme[..start] + "\n" + table + "\n" + readme[readme.IndexOf(TableEnd, StringComparison.Ordinal)..];
        if (Environment.GetEnvironmentVariable("GRADCAM_UPDATE_DOCS") == "1")
            File.WriteAllText(InRepository("README.md"), current);
        Assert.Equal(current, Read("README.md"));
    }

    private static string Read(string path) => File.ReadAllText(InRepository(path)).ReplaceLineEndings("\n");

    private static string InRepository(string path) => Path.Combine(SharedData.RepositoryRoot(), path);
}
