using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace GradCamSharp.Cli.Tests;

/// <summary>The tutorials' command lines do what the tutorials show, and README's first commands explain.</summary>
public sealed partial class TutorialTests : IDisposable
{
    // What stands in a tutorial for the repository's pictures and for a folder of the reader's.
    private const string Samples = "samples/", Own = "my/", Prompt = "$ gradcam ";

    private readonly string folder = Directory.CreateTempSubdirectory("gradcam-tutorial-").FullName;

    public static TheoryData<string> All =>
        [.. Directory.EnumerateFiles(Pages, "*.md").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    private static string Pages => Path.Combine(SharedData.RepositoryRoot(), "docs", "tutorials");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(All))]
    public void Tutorial_EachLine_PrintsWhatTheTutorialShows(string page)
    {
        string path = Path.Combine(Pages, page), text = File.ReadAllText(path).ReplaceLineEndings("\n");
        int runs = 0;
        string current = Blocks().Replace(text, block =>
        {
            runs++;
            return $"```\n{Prompt}{block.Groups["line"].Value}\n{Printed(block.Groups["line"].Value)}```\n";
        });
        Assert.InRange(runs, 3, 20);
        if (Environment.GetEnvironmentVariable("GRADCAM_UPDATE_DOCS") == "1")
            File.WriteAllText(path, current);
        // Another processor may round otherwise: words are compared to the letter, numbers nearly, columns whatever their width.
        Assert.Equal(WordsOf(current), WordsOf(File.ReadAllText(path).ReplaceLineEndings("\n")));
        Assert.All(ValuesOf(current).Zip(ValuesOf(File.ReadAllText(path))), v => Assert.Equal(v.Second, v.First, Slack(v.Second)));
    }

    [Fact]
    public void Readme_FirstCommandOfEachTask_DrawsAnOverlay()
    {
        var commands = FirstCommands().Matches(File.ReadAllText(Path.Combine(SharedData.RepositoryRoot(), "README.md")));
        Assert.InRange(commands.Count, 5, 12);
        Assert.All(commands, c => Assert.Contains(".overlay.png", Printed($"{c.Value} --output {Own}first"), StringComparison.Ordinal));
    }

    private string Printed(string line)
    {
        string[] arguments =
        [
            .. Arguments().Matches(line).Select(m => m.Value.Trim('"')).Select(a =>
                a.Contains(Samples) ? a.Replace(Samples, Path.Combine(SharedData.RepositoryRoot(), Samples))
                : a.StartsWith(Own, StringComparison.Ordinal) ? Path.Combine(folder, a[Own.Length..]) : a),
        ];
        var result = CommandLine.RunTool(arguments);
        Assert.True(result.ExitCode == 0, $"{line}: {result.Errors}");
        // How long it took is another matter on every machine.
        string untimed = Times().Replace(result.Output.ReplaceLineEndings("\n"), ", 12 s\n");
        return new StringBuilder(untimed).Replace(Path.Combine(SharedData.RepositoryRoot(), Samples), Samples)
            .Replace(folder + Path.DirectorySeparatorChar, Own).Replace(Path.DirectorySeparatorChar, '/').ToString();
    }

    private static string WordsOf(string text) => Columns().Replace(Numbers().Replace(text, "#"), " ");

    private static IEnumerable<double> ValuesOf(string text) =>
        Numbers().Matches(text).Select(m => double.Parse(m.Value, NumberStyles.Float, CultureInfo.InvariantCulture));

    private static double Slack(double value) => 2 + (0.05 * Math.Abs(value));

    [GeneratedRegex(@"```\n\$ gradcam (?<line>[^\n]*)\n[^`]*```\n")]
    private static partial Regex Blocks();

    [GeneratedRegex(@"(?<=\| `\./gradcam )explain samples/[^`]*(?=` \|)")]
    private static partial Regex FirstCommands();

    [GeneratedRegex(" +")]
    private static partial Regex Columns();

    [GeneratedRegex(@", ([0-9]+ min )?[0-9]+ s\n")]
    private static partial Regex Times();

    [GeneratedRegex(@"""[^""]*""|\S+")]
    private static partial Regex Arguments();

    [GeneratedRegex(@"-?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?")]
    private static partial Regex Numbers();
}
