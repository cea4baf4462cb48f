using System.Diagnostics;

namespace GradCamSharp.Web.Tests.Page;

/// <summary>The pages' scripts without a browser: their types, and the parts that are arithmetic, in node.</summary>
public sealed class ScriptTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    private static string Folder => Path.Combine(SharedData.RepositoryRoot(), "tests", "page");

    [Fact]
    public async Task Types_OfAllScripts_AreRight()
    {
        string compiler = Path.Combine(Folder, "node_modules", "typescript", "bin", "tsc");
        if (!File.Exists(compiler))
            Lacking("This test needs the packages of tests/page: run 'npm ci' there.");
        var (code, output) = await Node(compiler, "--project", Folder);
        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task Parts_WithoutADocument_PassTheirTests()
    {
        var (code, output) = await Node(["--test", .. Directory.EnumerateFiles(Folder, "*.test.js").Order(StringComparer.Ordinal)]);
        Assert.True(code == 0, output);
    }

    private static async Task<(int Code, string Output)> Node(params string[] arguments)
    {
        string program = OperatingSystem.IsWindows() ? "node.exe" : "node";
        string? node = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists);
        if (node is null)
            Lacking("This test needs node, which is not installed.");
        var start = new ProcessStartInfo(node!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var token = TestContext.Current.CancellationToken;
        var errors = process.StandardError.ReadToEndAsync(token);
        string output = await process.StandardOutput.ReadToEndAsync(token).WaitAsync(Timeout, token);
        await process.WaitForExitAsync(token).WaitAsync(Timeout, token);
        return (process.ExitCode, output + await errors);
    }

    /// <summary>Skips the test; on CI it fails.</summary>
    private static void Lacking(string why)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(why);
        Assert.Skip(why);
    }
}
