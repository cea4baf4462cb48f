using System.Text.RegularExpressions;
using GradCamSharp.Scenes;
using OnnxGrad;

namespace GradCamSharp.Cli.Tests.Commands;

public sealed partial class CompareCommandTests : IDisposable
{
    private static readonly string Model = Path.Combine(AppContext.BaseDirectory, "Models", "scenes-resnet.onnx");

    private readonly string root = Directory.CreateTempSubdirectory("gradcam-cli-compare-").FullName;

    public CompareCommandTests() => SceneDataSet.Write(Scenes, new SceneOptions { Count = 6, Seed = 3, Size = 128 },
        cancellationToken: TestContext.Current.CancellationToken);

    private string Scenes => Path.Combine(root, "scenes");

    private string Pictures => Path.Combine(Scenes, "JPEGImages");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void Compare_TwoMethods_PrintsTheTableAndAnAnswerAndGoesOn()
    {
        string folder = Path.Combine(root, "run");
        string[] arguments =
            ["compare", "scenes-resnet", Pictures, "--methods", "gradcam,gradcam++", "--count", "3", "--output", folder];
        var result = CommandLine.RunTool([.. arguments, "--report"]);
        Assert.True(result.ExitCode == 0, result.Errors);
        string[] lines = result.Output.Split(Environment.NewLine);
        Assert.Matches(@"^3 pictures, 2 candidates and 2 baselines, layer \S+, seed 1, \d+ (s|min.*)$", lines[0]);
        Assert.Matches("^ {22}faithful {26}specific +sane +steady +cost$", lines[2]);
        Assert.Matches("^ {12}ROAD {18}mu-fidelity {11}to class +\\(random +noise +changes +x plain$", lines[3]);
        Assert.Matches(@"^ +weights\)$", lines[4]);
        Assert.StartsWith("gradcam     ", lines[5], StringComparison.Ordinal);
        Assert.StartsWith("gradcam++   ", lines[6], StringComparison.Ordinal);
        Assert.StartsWith("centre      ", lines[7], StringComparison.Ordinal);
        Assert.Equal("A: nobody is shown to be better (95 %, corrected for all comparisons)", lines[9]);
        Assert.Contains(
            "What this does not say: both maps were explained on predicted classes only", result.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "report.html")));

        var again = CommandLine.RunTool([.. arguments, "--json"]);
        Assert.Contains("3 of 3 pictures are there already", again.Errors, StringComparison.Ordinal);
        Assert.Equal(3, again.Json.GetProperty("pictures").GetInt32());
        var summary = CommandLine.RunTool("evaluate", "summary", folder);
        Assert.Equal(WithoutTime(result.Output), WithoutTime(summary.Output));
    }

    [Fact]
    public void Compare_WriteIntoACopy_IsTheDefaultOfExplainAndExport()
    {
        string model = Path.Combine(root, "model.onnx");
        File.Copy(Model, model);
        long before = new FileInfo(model).Length;
        var entries = OnnxModel.Load(model).Metadata;
        var result = CommandLine.RunTool(
            "compare", model, Pictures, "--methods", "gradcam", "--count", "4", "--output", Path.Combine(root, "run"), "--write", "--json");
        Assert.True(result.ExitCode == 0, result.Errors);
        if (result.Json.GetProperty("recommended").ValueKind == System.Text.Json.JsonValueKind.Null)
        {
            Assert.Contains("Nothing is written into the model", result.Errors, StringComparison.Ordinal);
            return;
        }

        Assert.Contains("gradcam at ", result.Errors, StringComparison.Ordinal);
        var written = OnnxModel.Load(model).Metadata;
        Assert.Equal("gradcam", written["gradcam.default.method"]);
        Assert.All(entries, e => Assert.Equal(e.Value, written[e.Key]));
        Assert.InRange(new FileInfo(model).Length - before, 1, 300);
        string picture = Directory.EnumerateFiles(Pictures).First();
        var explained = CommandLine.RunTool("explain", picture, "--model", model, "--output", Path.Combine(root, "out"), "--json");
        Assert.True(explained.ExitCode == 0, explained.Errors);
        Assert.Contains("method gradcam: the default that the model's metadata names", explained.Errors, StringComparison.Ordinal);
        Assert.Contains("\"the default that the model's metadata names, for gradcam\"", explained.Output, StringComparison.Ordinal);
        var named = CommandLine.RunTool(
            "explain", picture, "--model", model, "--method", "gradcam++", "--output", Path.Combine(root, "out"), "--json");
        Assert.Contains("gradcam++", named.Output, StringComparison.Ordinal);
        var exported = CommandLine.RunTool("export", model, "-o", Path.Combine(root, "explained.onnx"), "--json");
        Assert.True(exported.ExitCode == 0, exported.Errors);
        Assert.Contains("explain_gradcam\"", exported.Output, StringComparison.Ordinal);
        Assert.Contains("the default that the model's metadata names", exported.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no method 'gradcan'", "--methods", "gradcan")]
    [InlineData("There is no measure 'rood'", "--primary", "rood")]
    [InlineData("Give --count or --budget", "--budget", "1m", "--count", "3")]
    [InlineData("--count takes a number from 1", "--count", "0")]
    [InlineData("cannot decide", "--primary", "gini")]
    [InlineData("--write changes the model's file", "--write")]
    public void Compare_WrongUse_SaysWhatToDo(string expected, params string[] arguments)
    {
        var result = CommandLine.RunTool(["compare", "scenes-resnet", Pictures, .. arguments]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Errors, StringComparison.Ordinal);
    }

    // A run that was measured before does not say how long it took.
    private static string WithoutTime(string output) => Time().Replace(output, "seed 1", 1);

    [GeneratedRegex("seed 1(, [^\\r\\n]*)?")]
    private static partial Regex Time();
}
