using System.Text.Json;
using System.Xml.Linq;
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

    [Theory]
    [InlineData("--size", "10", "--size takes a number from 64 to 2048, not 10.")]
    [InlineData("--count", "0", "--count takes a number from 1, not 0.")]
    [InlineData("--max", "6", "--max takes a number from 1 to 5, not 6.")]
    [InlineData("--max", "1", "--min takes no larger number than --max.")]
    [InlineData("--single", "1.5", "--single takes a share from 0 to 1.")]
    public void Scenes_NumberOutOfRange_IsWrongUsageInTheUsersTerms(string option, string value, string message)
    {
        var result = CommandLine.Run(ScenesCommand.Create(), folder, option, value);
        Assert.Equal(2, result.ExitCode);
        Assert.Equal(message, result.Errors.TrimEnd());
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    [Fact]
    public void Scenes_Plant_DrawsAllClassesOneObjectAPictureAndNamesTheMarkedOnes()
    {
        var result = CommandLine.Run(ScenesCommand.Create(), folder, "--count", "24", "--size", "64",
            "--plant", "tag", "--class", "key", "--share", "0.5", "--paint-over", "1");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal($"24 scenes in {folder}; plant.json names the marked ones", result.Output.TrimEnd());
        string[] classes =
        [
            .. Directory.GetFiles(Path.Combine(folder, "Annotations"))
                .Select(f => XElement.Load(f).Elements("object").Single().Element("name")!.Value),
        ];
        Assert.Equal(12, classes.Distinct().Count());
        using var plant = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "plant.json")));
        Assert.Equal("key", plant.RootElement.GetProperty("class").GetString());
        Assert.Single(plant.RootElement.GetProperty("marked").EnumerateArray());
        Assert.Single(plant.RootElement.GetProperty("painted_over").EnumerateArray());
    }

    [Theory]
    [InlineData("There is no mark 'tagg'. Did you mean 'tag'?", "--plant", "tagg")]
    [InlineData("--plant marks one class", "--plant", "tag", "--class", "key", "--class", "mug")]
    [InlineData("--share says how a mark is planted. Give --plant KIND with it.", "--share", "0.2")]
    [InlineData("--paint-over takes a share from 0 to 1.", "--plant", "tag", "--paint-over", "2")]
    public void Scenes_PlantThatMakesNoSense_IsWrongUsage(string message, params string[] options)
    {
        var result = CommandLine.Run(ScenesCommand.Create(), [folder, .. options]);
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith(message, result.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
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

    [Theory]
    [InlineData("--methods", "nope", "There is no method 'nope'.")]
    [InlineData("--methods", "gradcam,saliency", "'saliency'")]
    [InlineData("--count", "0", "--count takes a number from 1 to 1000000, not 0.")]
    [InlineData("--model", "nothing", "There is no model 'nothing'")]
    public void EvaluateScenes_NonsenseOption_IsWrongUsage(string option, string value, string message)
    {
        var result = CommandLine.Run(EvaluateCommand.Create(), "scenes", option, value);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void EvaluateScenes_Json_HasTheFiguresOfEachMethod()
    {
        var result = CommandLine.Run(
            EvaluateCommand.Create(), "scenes", "--model", "scenes-resnet", "--count", "2", "--methods", "gradcam++", "--json");
        Assert.True(result.ExitCode == 0, result.Errors);
        var report = result.Json.GetProperty("scenes-resnet");
        Assert.Equal(2, report.GetProperty("singles").GetInt32());
        Assert.InRange(report.GetProperty("scores").GetProperty("gradcam++").GetProperty("loc25").GetDouble(), 0.01, 1);
    }
}
