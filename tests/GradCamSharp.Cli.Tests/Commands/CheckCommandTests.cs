using GradCamSharp.Cli.Commands;

namespace GradCamSharp.Cli.Tests.Commands;

public sealed class CheckCommandTests
{
    [Fact]
    public void Check_Mnist_SaysOkAndTheError()
    {
        var result = CommandLine.Run(CheckCommand.Create(), SharedData.Path("models/mnist/model.onnx"));
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("model.onnx: ok", result.Output, StringComparison.Ordinal);
        Assert.Contains("operators  Add 1, MatMul 1, MaxPool 1, Reshape 1", result.Output, StringComparison.Ordinal);
        Assert.Matches("gradient   relative error [0-9.]+e-[0-9]+, at most 3.0e-2 passes", result.Output);
    }

    [Fact]
    public void Check_Json_HasTheFixedMembers()
    {
        string model = SharedData.Path("models/mnist/model.onnx");
        var json = CommandLine.Run(CheckCommand.Create(), model, "--json", "--layer", "ReLU32_Output_0").Json;
        Assert.True(json.GetProperty("ok").GetBoolean());
        Assert.Equal(1, json.GetProperty("operators").GetProperty("Conv").GetInt32());
        Assert.Equal(0, json.GetProperty("missing").GetArrayLength());
        Assert.InRange(json.GetProperty("max_relative_error").GetDouble(), 1e-12, 3e-2);
        Assert.Equal("ReLU32_Output_0", json.GetProperty("layer").GetProperty("name").GetString());
    }

    [Fact]
    public void Check_AllLayers_ChecksEachOfThem()
    {
        string model = SharedData.Path("models/mnist/model.onnx");
        var json = CommandLine.Run(CheckCommand.Create(), model, "--json", "--all-layers").Json;
        Assert.True(json.GetProperty("ok").GetBoolean());
        Assert.Equal(6, json.GetProperty("layers").GetArrayLength());
        var table = CommandLine.Run(CheckCommand.Create(), model, "--all-layers");
        Assert.Contains("6 of 6 layers ok", table.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_AllLayers_SaysFirstHowManyAndHowLong()
    {
        var result = CommandLine.RunTool("check", SharedData.Path("models/mnist/model.onnx"), "--all-layers");
        Assert.Matches(
            @"^model\.onnx: 6 layers to check, about \d+ s or more\. Ctrl-C stops and prints what is done\.\r?\n" +
            @"At most about \d+ s, by the time that the first has taken\.", result.Errors);
    }

    [Fact]
    public void Check_AllLayersCancelledBeforeTheFirst_SaysThatNoneIsChecked()
    {
        var result = CommandLine.RunToolUntil("6 layers to check", "check", SharedData.Path("models/mnist/model.onnx"), "--all-layers");
        Assert.Equal(130, result.ExitCode);
        Assert.EndsWith("Cancelled.", result.Errors.TrimEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain("At most", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_AllLayersCancelled_PrintsWhatIsDone()
    {
        string[] command = ["check", SharedData.Path("models/mnist/model.onnx"), "--all-layers"];
        var result = CommandLine.RunToolUntil("At most about", command);
        Assert.Equal(130, result.ExitCode);
        Assert.Contains("model.onnx: 1 of 1 layers ok, 5 more layers not checked", result.Output, StringComparison.Ordinal);
        var json = CommandLine.RunToolUntil("At most about", [.. command, "--json"]).Json;
        Assert.False(json.GetProperty("ok").GetBoolean());
        Assert.Equal(5, json.GetProperty("unchecked").GetInt32());
        Assert.Equal(1, json.GetProperty("layers").GetArrayLength());
    }

    [Fact]
    public void Check_OpenHeightAndWidth_AreThoseOfThePreprocessing()
    {
        using var open = new OpenInput();
        var json = CommandLine.Run(CheckCommand.Create(), open.Path, "--json").Json;
        Assert.Equal([-1, 128, 10, 10], json.GetProperty("layer").GetProperty("shape").EnumerateArray().Select(l => l.GetInt64()));
        var table = CommandLine.Run(CheckCommand.Create(), open.Path);
        Assert.StartsWith("model.onnx: ok", table.Output, StringComparison.Ordinal);
    }
}
