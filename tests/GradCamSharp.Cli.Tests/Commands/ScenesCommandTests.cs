using GradCamSharp.Cli.Commands;

namespace GradCamSharp.Cli.Tests.Commands;

public sealed class ScenesCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gradcam-scenes").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Scenes_Two_AreDrawnAndCounted()
    {
        var result = CommandLine.Run(ScenesCommand.Create(), folder, "--count", "2", "--size", "64");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal($"2 scenes in {folder}", result.Output.TrimEnd());
        Assert.Equal(2, Directory.GetFiles(Path.Combine(folder, "JPEGImages")).Length);
    }

    [Fact]
    public void Scenes_SizeOutOfRange_IsWrongUsage()
    {
        var result = CommandLine.Run(ScenesCommand.Create(), folder, "--count", "2", "--size", "10");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("'64'", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Scenes_FolderIsAFile_FailsAndNamesIt()
    {
        string file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");
        var result = CommandLine.Run(ScenesCommand.Create(), file, "--count", "2", "--size", "64");
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith($"The scenes could not be written to '{file}': ", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void EvaluateScenes_UnknownMethod_IsWrongUsage()
    {
        var result = CommandLine.Run(EvaluateCommand.Create(), "scenes", "--methods", "nope");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("'nope'", result.Errors, StringComparison.Ordinal);
    }
}
