using System.Globalization;

namespace GradCamSharp.Tests;

/// <summary>What .editorconfig asks of the source and dotnet format does not check.</summary>
public class SourceTests
{
    private const string Setting = "max_line_length = ";

    // What builds and package managers leave in a checkout.
    private static readonly string[] Made = ["artifacts", "bin", "obj", "node_modules"];

    [Fact]
    public void Lines_OfCSharp_KeepToTheLimitOfEditorconfig()
    {
        string root = SharedData.RepositoryRoot();
        string setting = File.ReadLines(Path.Combine(root, ".editorconfig")).Single(l => l.StartsWith(Setting, StringComparison.Ordinal));
        int limit = int.Parse(setting.AsSpan(Setting.Length), CultureInfo.InvariantCulture);
        string[] sources = [.. Sources(root)];
        Assert.True(sources.Length > 100, $"Only {sources.Length} sources were found below {root}.");
        string[] tooLong =
        [
            .. from source in sources
               from line in File.ReadLines(source).Index()
               where line.Item.Length > limit
               select FormattableString.Invariant($"{Path.GetRelativePath(root, source)}:{line.Index + 1}: {line.Item.Length} columns"),
        ];
        Assert.True(tooLong.Length == 0, $"Lines of more than {limit} columns:\n{string.Join('\n', tooLong)}");
    }

    [Fact]
    public void CiRun_OnAnyMachine_SaysThatItIsCi() => Assert.Contains(
        File.ReadLines(Path.Combine(SharedData.RepositoryRoot(), ".ci", "run")),
        line => line.StartsWith("export CI=true", StringComparison.Ordinal));

    private static IEnumerable<string> Sources(string folder) => Directory.EnumerateFiles(folder, "*.cs").Concat(
        Directory.EnumerateDirectories(folder)
            .Where(below => Path.GetFileName(below) is var name && name[0] != '.' && !Made.Contains(name))
            .SelectMany(Sources));
}
