using GradCamSharp.Cli.Commands;

namespace GradCamSharp.Cli.Tests.Commands;

public sealed class LayersCommandTests
{
    [Fact]
    public void Layers_Mnist_ListsThemAndSaysWhichIsTheDefaultAndWhy()
    {
        var result = CommandLine.Run(LayersCommand.Create(), SharedData.Path("models/mnist/model.onnx"));
        Assert.Equal(0, result.ExitCode);
        string[] lines = result.Output.ReplaceLineEndings("\n").Split('\n');
        Assert.Matches("^   LAYER +OPERATOR +SHAPE +MAP +LAYOUT$", lines[0]);
        Assert.Contains(lines, l => System.Text.RegularExpressions.Regex.IsMatch(
            l, @"^\*  ReLU114_Output_0 +Relu +\[1, 16, 14, 14\] +14 x 14 +nchw$"));
        Assert.Contains("* ReLU114_Output_0: the last layer of features", result.Output, StringComparison.Ordinal);
        Assert.Contains("scores: Plus214_Output_0, 10 classes", result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Errors);
    }

    [Fact]
    public void Layers_Json_HasNamesShapesAndTheDefault()
    {
        var json = CommandLine.Run(LayersCommand.Create(), SharedData.Path("models/mnist/model.onnx"), "--json").Json;
        Assert.Equal("ReLU114_Output_0", json.GetProperty("layer").GetProperty("name").GetString());
        var last = json.GetProperty("layers").EnumerateArray().Last();
        Assert.Equal("Relu", last.GetProperty("operator").GetString());
        Assert.Equal([1, 16, 14, 14], last.GetProperty("shape").EnumerateArray().Select(l => l.GetInt64()));
        Assert.True(last.GetProperty("default").GetBoolean());
        Assert.Single(json.GetProperty("layers").EnumerateArray(), l => l.GetProperty("default").GetBoolean());
    }

    [Fact]
    public void Layers_OpenHeightAndWidth_AreThoseOfThePreprocessing()
    {
        using var open = new OpenInput();
        var expected = CommandLine.Run(LayersCommand.Create(), OpenInput.Closed, "--json").Json.GetProperty("layers");
        var actual = CommandLine.Run(LayersCommand.Create(), open.Path, "--json").Json.GetProperty("layers");
        Assert.Equal(expected.GetRawText(), actual.GetRawText());
    }

    [Fact]
    public void Layers_NamedLayer_IsTheOneMarked()
    {
        var result = CommandLine.Run(LayersCommand.Create(), SharedData.Path("models/mnist/model.onnx"), "--layer", "ReLU32_Output_0");
        Assert.Contains("* ReLU32_Output_0: named by the user", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_UnknownLayer_FailsWithTheNearestName()
    {
        var result = CommandLine.Run(LayersCommand.Create(), SharedData.Path("models/mnist/model.onnx"), "--layer", "ReLU31_Output_0");
        Assert.Equal(1, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains("'ReLU32_Output_0'", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_AbsentFile_IsWrongUsage()
    {
        var result = CommandLine.Run(LayersCommand.Create(), "absent.onnx");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("absent.onnx", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_TextFile_FailsWithoutAStackTrace()
    {
        var result = CommandLine.Run(LayersCommand.Create(), Path.Combine(SharedData.RepositoryRoot(), "LICENSE"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("LICENSE", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
    }
}
