using System.Text;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Output;
using GradCamSharp.Targets;

namespace GradCamSharp.Tests;

/// <summary>The README says what is: its code compiles here, its table of methods is made from the list of methods.</summary>
public class ReadmeTests
{
    private const string TableStart = "<!-- methods: generated, see tests/GradCamSharp.Tests/ReadmeTests.cs -->";
    private const string TableEnd = "<!-- end of methods -->";

    [Fact]
    public void LibrarySample_InTheReadme_IsTheCodeThatIsCompiledHere()
    {
        string readme = Read("README.md");
        string sample = Between(readme, "```csharp\n", "```");
        string compiled = Between(Read("tests/GradCamSharp.Tests/ReadmeTests.cs"), "// <sample>\n", "        // </sample>");
        Assert.Equal(Unindent(compiled), Unindent(sample));
    }

    [Fact]
    public void MethodsTable_InTheReadme_IsCurrent()
    {
        string readme = Read("README.md");
        var table = new StringBuilder("\n| method | map | what it shows |\n|---|---|---|\n");
        foreach (var method in CamMethods.All)
            table.Append('|').Append(" `").Append(method.Name).Append("` | ").Append(method.Equation.Replace("|", "\\|", StringComparison.Ordinal)).Append(" | ").Append(method.Summary).Append(" |\n");
        string current = readme[..(readme.IndexOf(TableStart, StringComparison.Ordinal) + TableStart.Length)] + "\n" + table + "\n" + readme[readme.IndexOf(TableEnd, StringComparison.Ordinal)..];
        if (Environment.GetEnvironmentVariable("GRADCAM_UPDATE_DOCS") == "1")
            File.WriteAllText(InRepository("README.md"), current);
        Assert.Equal(current, Read("README.md"));
    }

    /// <summary>Compiled, not run: it reads files that only a user has.</summary>
    internal static void Sample()
    {
        // <sample>
        using var explainer = PictureExplainer.Load("model.onnx");
        var picture = PictureDecoder.Decode("photo.jpg");
        var result = explainer.Explain(picture, CamMethods.Parse("gradcam++,gradcam"), ClassRequest.Top(3));
        foreach (var explanation in result.Explanations)
        {
            Console.WriteLine($"{explanation.Method.Title}, {explanation.Label}: {explanation.HeatMap.LargestPart()}");
            var overlay = Rendering.Overlay(picture, explanation.HeatMap);
            AtomicFile.Write($"{explanation.Method.Name}.{explanation.Class}.png", stream => PictureEncoder.WritePng(overlay, stream));
        }

        // </sample>
    }

    private static string Unindent(string code) => string.Join('\n', code.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0));

    private static string Between(string text, string start, string end)
    {
        int from = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    private static string Read(string path) => File.ReadAllText(InRepository(path)).ReplaceLineEndings("\n");

    private static string InRepository(string path) => Path.Combine(SharedData.RepositoryRoot(), path);
}
