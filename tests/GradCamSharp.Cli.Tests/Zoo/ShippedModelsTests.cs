using System.Security.Cryptography;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Commands;

namespace GradCamSharp.Cli.Tests.Zoo;

public class ShippedModelsTests
{
    public static TheoryData<string> Names => [.. ModelOptions.Shipped()];

    private static string Root => SharedData.RepositoryRoot();

    [Theory]
    [MemberData(nameof(Names))]
    public void Shipped_Model_IsSmallAndTheOneOfTheDocs(string name)
    {
        byte[] file = File.ReadAllBytes(ModelOptions.Resolve(name, TestContext.Current.CancellationToken));
        Assert.InRange(file.Length, 1, 4_000_000);
        string sum = Convert.ToHexStringLower(SHA256.HashData(file));
        Assert.Contains(
            $"`{name}` | `{sum}` |", File.ReadAllText(Path.Combine(Root, "docs", "scenes.md")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scenes-detector", "detect (YOLO rows (v8 and later))", "box:0")]
    [InlineData("scenes-segmenter", "segment (class scores a pixel)", "class:top1@mask")]
    [InlineData("scenes-vit", "classify (class scores)", "class:top1")]
    [InlineData("scenes-embedding", "embed (one vector a picture)", "similarity:OTHER.jpg")]
    public void Describe_NamedModel_SaysItsTaskAndPreprocessing(string name, string task, string target)
    {
        if (!ModelOptions.IsShipped(name))
            Assert.Skip($"{name} does not ship.");
        var result = CommandLine.Run(DescribeCommand.Create(), name);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains(task, result.Output, StringComparison.Ordinal);
        Assert.Contains(target, result.Output, StringComparison.Ordinal);
        Assert.Contains("160 x 160, RGB 0 to 1, mean 0.5 0.5 0.5", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_DetectorByName_ExplainsTheBestBox()
    {
        string folder = Directory.CreateTempSubdirectory("gradcam-boxes-").FullName;
        string sample = Path.Combine(Root, "samples", "teapots-and-clock.jpg");
        var result = CommandLine.Run(ExplainCommand.Create(), sample, "--model", "scenes-detector", "--output", folder, "--json");
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains("\"clock\"", result.Output, StringComparison.Ordinal);
        Assert.Contains("\"teapot\"", result.Output, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(folder, "teapots-and-clock.hirescam.box0.*.png"));
    }

    [Fact]
    public void Explain_VisionTransformerByName_ShowsWhatItAttendsTo()
    {
        string folder = Directory.CreateTempSubdirectory("gradcam-attention-").FullName;
        string sample = Path.Combine(Root, "samples", "umbrellas.jpg");
        var result = CommandLine.Run(
            ExplainCommand.Create(), sample, "--model", "scenes-vit", "--method", "attention-generic", "--output", folder, "--json");
        Assert.True(result.ExitCode == 0, result.Errors);
        var explained = result.Json.GetProperty("results")[0].GetProperty("explanations")[0];
        Assert.Equal("umbrella", explained.GetProperty("class").GetProperty("label").GetString());
        Assert.Equal([10, 10], explained.GetProperty("shape").EnumerateArray().Select(l => l.GetInt32()));
    }

    [Fact]
    public void Explain_EmbeddingByName_FindsThePictureOfTheSameKindAlike()
    {
        string folder = Directory.CreateTempSubdirectory("gradcam-alike-").FullName, samples = Path.Combine(Root, "samples");
        var result = CommandLine.Run(
            ExplainCommand.Create(), Path.Combine(samples, "teapots-and-clock.jpg"), "--model", "scenes-embedding", "--target",
            $"similarity:{Path.Combine(samples, "teapots-and-clock.jpg")}", "--output", folder);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains("S = 1", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void EvaluateScenes_Detector_HasTheFiguresOfEachMethod()
    {
        var result = CommandLine.Run(
            EvaluateCommand.Create(), "scenes", "--model", "scenes-detector", "--count", "2", "--methods", "hirescam", "--json");
        Assert.True(result.ExitCode == 0, result.Errors);
        var report = result.Json.GetProperty("scenes-detector");
        Assert.Equal("detect", report.GetProperty("task").GetString());
        Assert.InRange(report.GetProperty("scores").GetProperty("hirescam").GetProperty("own").GetDouble(), 30, 100);
    }
}
