using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace GradCamSharp.Packages.Tests;

/// <summary>What the READMEs tell a newcomer to do, done: from the packed files, in an empty home.</summary>
public partial class ReadmeTests(PackedFeed feed)
{
    private const string Marker = "<!-- run by tests/GradCamSharp.Packages.Tests -->";

    private readonly Sandbox sandbox = feed.Sandbox;

    [Fact]
    public async Task Readme_InstallAndLibrary_DoWhatTheySay()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The lines are run without a shell, in a home that HOME names.");
        string readme = Read("README.md");
        var blocks = Commands().Matches(readme).Select(m => m.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToList();
        Assert.Equal(2, blocks.Count);

        // The tool. The packages are made already.
        Assert.Equal("dotnet pack", blocks[0][0]);
        string said = "";
        foreach (string line in blocks[0][1..])
            said = await sandbox.RunLine(sandbox.Checkout, line);
        Assert.Contains("gradcam++", said, StringComparison.Ordinal);
        AssertPng(Assert.Single(Directory.EnumerateFiles(Path.Combine(sandbox.Checkout, "explanations"), "umbrellas.*.overlay.png")));
        string sample = Path.Combine(sandbox.Checkout, "samples", "umbrellas.jpg");
        using var json = JsonDocument.Parse(await sandbox.Run(sandbox.Work, ["gradcam", "explain", sample, "--json"]));
        Assert.Equal("umbrella", json.RootElement.GetProperty("results")[0].GetProperty("predictions")[0].GetProperty("label").GetString());

        // The library, with the code as it stands in the README.
        foreach (string line in blocks[1])
            await sandbox.RunLine(sandbox.Work, line);
        string project = Path.Combine(sandbox.Work, "Explain");
        File.WriteAllText(Path.Combine(project, "Program.cs"), Snippets(readme).First());
        CopyInputs(sandbox.Work);
        said = await sandbox.Run(sandbox.Work, ["dotnet", "run", "--project", project]);
        Assert.Equal(6, said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("Grad-CAM++, umbrella: ", said, StringComparison.Ordinal);
        Assert.Equal(6, Directory.EnumerateFiles(sandbox.Work, "grad*.png").Select(AssertPng).Count());
        // It was the packed library, not another one.
        Assert.True(Directory.Exists(Path.Combine(sandbox.Home, ".nuget", "packages", "gradcamsharp")));
    }

    [Fact]
    public async Task PackageReadmes_Code_DoesWhatItSays()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The lines are run without a shell, in a home that HOME names.");
        // One program for all of them, one file each, so that it is built once.
        string folder = Directory.CreateDirectory(Path.Combine(sandbox.Work, "Snippets")).FullName;
        var snippets = new List<string>();
        var references = new List<string>();
        foreach (string id in PackedFeed.Ids.Where(i => i != "gradcam"))
        {
            snippets.AddRange(Snippets(Read($"src/{id}/README.md")));
            references.Add($"<PackageReference Include=\"{id}\" Version=\"*\" />");
        }

        Assert.Equal(PackedFeed.Ids.Length - 1, snippets.Count);
        snippets.Add(Notebook());
        // The applications of the docs, with the namespaces that a project of the web is given; here they start no server.
        snippets.AddRange(((string[])["docs/library.md", "docs/tutorials/heat-maps-in-a-service.md"]).Select(page =>
            "using Microsoft.AspNetCore.Builder;\nusing Microsoft.AspNetCore.Http;\nusing Microsoft.Extensions.DependencyInjection;\n" +
            Snippets(Read(page)).Single().Replace("app.Run();", "", StringComparison.Ordinal)));
        for (int i = 0; i < snippets.Count; i++)
        {
            var lines = snippets[i].Split('\n').ToLookup(IsUsing);
            string usings = string.Join('\n', lines[true]), code = string.Join('\n', lines[false]);
            File.WriteAllText(
                Path.Combine(folder, $"Snippet{i}.cs"),
                $"{usings}\nstatic class Snippet{i}\n{{\npublic static void Run()\n{{\n{code}\n}}\n}}\n");
        }

        File.WriteAllLines(Path.Combine(folder, "Program.cs"), snippets.Select((_, i) => $"Snippet{i}.Run();"));
        const string language =
            "<TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable>";
        string source = $"<RestoreAdditionalProjectSources>{sandbox.Feed}</RestoreAdditionalProjectSources>";
        File.WriteAllText(Path.Combine(folder, "Snippets.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>{language}
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>{source}
              </PropertyGroup>
              <ItemGroup><FrameworkReference Include="Microsoft.AspNetCore.App" />{string.Concat(references)}</ItemGroup>
            </Project>
            """);
        CopyInputs(folder);
        string said = await sandbox.Run(folder, ["dotnet", "run"]);
        Assert.Contains("umbrella, ", said, StringComparison.Ordinal);
        Assert.Contains("2 4 6", said, StringComparison.Ordinal);
        Assert.Contains("10 pictures of ", said, StringComparison.Ordinal);
        Assert.Contains("Audited: 0 findings", said, StringComparison.Ordinal);
        Assert.Contains("umbrella of ", said, StringComparison.Ordinal);
        Assert.Contains("Picture PictureExplanation Explanation PictureExplanation HeatMap", said, StringComparison.Ordinal);
        AssertPng(Path.Combine(folder, "overlay.png"));
    }

    /// <summary>The notebook's cells as one program: what a cell ends with is shown, here by the name of its type.</summary>
    private static string Notebook()
    {
        using var notebook = JsonDocument.Parse(Read("examples/notebook/explain.ipynb"));
        var code = new StringBuilder("var shown = new List<string>();\n");
        var cells = notebook.RootElement.GetProperty("cells").EnumerateArray();
        foreach (var cell in cells.Where(c => c.GetProperty("cell_type").GetString() == "code"))
        {
            var source = cell.GetProperty("source").EnumerateArray();
            string[] lines = [.. source.Select(l => l.GetString()!.TrimEnd()).Where(l => !l.StartsWith('#'))];
            foreach (string line in lines)
                code.Append(line.Length > 0 && line[^1] != ';' ? $"shown.Add(({line}).GetType().Name);" : line).Append('\n');
        }

        return code.Append("Console.WriteLine(string.Join(' ', shown));")
            .Replace("../../src/GradCamSharp.Cli/Models/scenes-vgg.onnx", "model.onnx")
            .Replace("../../samples/umbrellas.jpg", "photo.jpg").ToString();
    }

    private static void CopyInputs(string folder)
    {
        string repository = SharedData.RepositoryRoot();
        File.Copy(Path.Combine(repository, "src/GradCamSharp.Cli/Models/scenes-vgg.onnx"), Path.Combine(folder, "model.onnx"));
        File.Copy(Path.Combine(repository, "samples/umbrellas.jpg"), Path.Combine(folder, "photo.jpg"));
    }

    private static string AssertPng(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        Assert.True(file.Length > 1000 && file.AsSpan(1, 3).SequenceEqual("PNG"u8), $"{path} is no picture.");
        return path;
    }

    private static bool IsUsing(string line) =>
        line.StartsWith("using ", StringComparison.Ordinal) && !line.Contains('=') && !line.Contains('(');

    private static IEnumerable<string> Snippets(string readme) => Code().Matches(readme).Select(m => m.Groups[1].Value);

    private static string Read(string path) => File.ReadAllText(Path.Combine(SharedData.RepositoryRoot(), path)).ReplaceLineEndings("\n");

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(Marker + "\n\n```\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Commands();
}
