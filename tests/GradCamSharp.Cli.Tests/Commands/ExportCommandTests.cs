using GradCamSharp.Cli.Commands;
using OnnxGrad;

namespace GradCamSharp.Cli.Tests.Commands;

public sealed class ExportCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gradcam-export-").FullName;

    private string Out => Path.Combine(folder, "out.onnx");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Export_Json_NamesWhatWasWritten()
    {
        var result = Run("scenes-resnet", "-o", Out, "--method", "gradcam++,gradcam", "--top", "2", "--json");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(Out, result.Json.GetProperty("path").GetString());
        var outputs = result.Json.GetProperty("outputs");
        Assert.Equal(
            ["probabilities", "explain_classes", "explain_gradcamplusplus", "explain_gradcam"],
            outputs.EnumerateArray().Select(o => o.GetProperty("name").GetString()));
        Assert.Equal([-1, 2, 10, 10], outputs[2].GetProperty("shape").EnumerateArray().Select(l => l.GetInt64()));
        Assert.InRange(result.Json.GetProperty("difference").GetDouble(), 0, 1e-5);
        Assert.Equal(new FileInfo(Out).Length, result.Json.GetProperty("bytes").GetInt64());
        // Labels and preprocessing of the original are still there.
        Assert.Contains("gradcam.labels", OnnxModel.Load(Out).Metadata.Keys);
        Assert.Contains("gradcam.preprocessor", OnnxModel.Load(Out).Metadata.Keys);
    }

    [Fact]
    public void Export_Table_ShowsShapesWithNAndK()
    {
        var result = Run("scenes-resnet", "--output", Out, "--classes", "input");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("input   explain_classes          int64  [N, K]", result.Output, StringComparison.Ordinal);
        Assert.Contains("output  explain_gradcamplusplus  float  [N, K, 10, 10]", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--opset", "17", "18")]
    [InlineData("--top", "0", "--top")]
    [InlineData("--method", "gradcam+++", "gradcam++")]
    [InlineData("--classes", "given", "input")]
    public void Export_WrongOption_IsWrongUsageAndWritesNothing(string option, string value, string said)
    {
        var result = Run("scenes-resnet", "-o", Out, option, value);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(said, result.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public void Export_TopAndClassesInput_ContradictEachOther() =>
        Assert.Equal(2, Run("scenes-resnet", "-o", Out, "--top", "2", "--classes", "input").ExitCode);

    [Fact]
    public void Export_OverTheModel_FailsAndLeavesIt()
    {
        string model = Path.Combine(folder, "model.onnx");
        File.Copy(Path.Combine(SharedData.RepositoryRoot(), "src", "GradCamSharp.Cli", "Models", "scenes-resnet.onnx"), model);
        byte[] before = File.ReadAllBytes(model);
        var result = Run(model, "-o", model);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("another name", result.Errors, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(model));
    }

    [Fact]
    public void Export_Fp16ThatMovesTheMaps_FailsAndNamesTheOption()
    {
        var result = Run("scenes-vgg", "-o", Out, "--fp16", "--method", "guided-gradcam++");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Export without --fp16", result.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public void Export_IntoAFolder_SaysToNameAFile()
    {
        var result = Run("scenes-resnet", "-o", folder);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"'{folder}' is a folder. Name the file", result.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    private static CommandResult Run(params string[] arguments) => CommandLine.Run(ExportCommand.Create(), arguments);
}
