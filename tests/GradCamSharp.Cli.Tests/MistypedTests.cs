using System.CommandLine;

namespace GradCamSharp.Cli.Tests;

public sealed class MistypedTests : IDisposable
{
    private static readonly string Picture = Path.Combine(SharedData.RepositoryRoot(), "samples", "umbrellas.jpg");
    private readonly string folder = Directory.CreateTempSubdirectory("gradcam-mistyped").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("--modle x", "There is no option '--modle'. Did you mean '--model'?")]
    [InlineData("--modle=x", "There is no option '--modle'. Did you mean '--model'?")]
    [InlineData("-model x", "There is no option '-model'. Did you mean '--model'?")]
    [InlineData("--class --jsn", "There is no option '--jsn'. Did you mean '--json'?")]
    [InlineData("--lay x", "There is no option '--lay'. Did you mean '--layer'?")]
    [InlineData("--quietly", "There is no option '--quietly'.")]
    public void Explain_UnknownOption_IsWrongUsageAndWritesNothing(string options, string message)
    {
        var result = CommandLine.RunTool(["explain", Picture, .. options.Split(' '), "--output", folder]);
        Assert.Equal(2, result.ExitCode);
        Assert.Equal([message, "Try: gradcam explain --help"], Lines(result));
        Assert.Empty(result.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    [Theory]
    [InlineData("explian a.png", "There is no command 'explian'. Did you mean 'explain'?", "gradcam --help")]
    [InlineData("explian --help", "There is no command 'explian'. Did you mean 'explain'?", "gradcam --help")]
    [InlineData("xyzzy", "There is no command 'xyzzy'.", "gradcam --help")]
    [InlineData("models pul resnet50", "There is no command 'models pul'. Did you mean 'models pull'?", "gradcam models --help")]
    [InlineData(
        "evaluate faith DATA", "There is no command 'evaluate faith'. Did you mean 'evaluate faithfulness'?", "gradcam evaluate --help")]
    public void Tool_UnknownCommand_IsWrongUsageAndNamesTheNearest(string arguments, string message, string help)
    {
        var result = CommandLine.RunTool(arguments.Split(' '));
        Assert.Equal(2, result.ExitCode);
        Assert.Equal([message, $"Try: {help}"], Lines(result));
    }

    /// <summary>Every command, its arguments given: none takes an option that does not exist for anything else.</summary>
    [Fact]
    public void Tool_UnknownOptionOfAnyCommand_IsWrongUsage()
    {
        int commands = 0;
        foreach (string[] verbs in Leaves(ToolCommand.Create(), []))
        {
            var result = CommandLine.RunTool([.. verbs, "--jsno", Path.Combine(folder, "x")]);
            Assert.Equal(2, result.ExitCode);
            Assert.StartsWith("There is no option '--jsno'.", result.Errors, StringComparison.Ordinal);
            commands++;
        }

        Assert.InRange(commands, 17, 100);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    [Fact]
    public void Explain_PictureThatBeginsWithADash_IsGivenBehindTwoDashes()
    {
        // The working folder belongs to the whole process: the name alone shows what the parser made of it.
        var result = CommandLine.RunTool("explain", "--output", folder, "--", "-absent.jpg");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("-absent.jpg: there is no such file", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Scenes_NegativeSeed_IsNoOption()
    {
        var result = CommandLine.RunTool("scenes", folder, "--count", "1", "--size", "64", "--seed", "-3");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal($"1 scene in {folder}", result.Output.TrimEnd());
    }

    [Fact]
    public void Output_OfEveryCommand_HasItsShortName()
    {
        var options = Commands(ToolCommand.Create()).SelectMany(c => c.Options).Where(o => o.Name == "--output").ToList();
        Assert.Equal(12, options.Count);
        Assert.All(options, o => Assert.Contains("-o", o.Aliases));
    }

    private static IEnumerable<Command> Commands(Command command) => command.Subcommands.SelectMany(Commands).Prepend(command);

    private static IEnumerable<string[]> Leaves(Command command, string[] verbs) => command.Subcommands.Count == 0 ? [verbs]
        : command.Subcommands.SelectMany(c => Leaves(c, [.. verbs, c.Name]));

    private static string[] Lines(CommandResult result) => result.Errors.TrimEnd().ReplaceLineEndings("\n").Split('\n');
}
