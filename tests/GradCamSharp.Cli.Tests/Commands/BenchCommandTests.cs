using GradCamSharp.Cli.Commands;

namespace GradCamSharp.Cli.Tests.Commands;

public sealed class BenchCommandTests
{
    [Fact]
    public void Bench_TwoMethods_PrintsATable()
    {
        var result = CommandLine.Run(
            BenchCommand.Create(), SharedData.Path("models/mnist/model.onnx"),
            "--runs", "2", "--method", "gradcam++,gradcam", "--class", "top2");
        Assert.Equal(0, result.ExitCode);
        string[] lines = result.Output.ReplaceLineEndings("\n").Split('\n');
        Assert.Matches("^ +MEDIAN ms +RATIO$", lines[0]);
        Assert.Matches(@"^plain inference +[0-9]+\.[0-9]{2} +1\.00$", lines[1]);
        Assert.Matches(@"^gradcam\+\+ +[0-9]+\.[0-9]{2} +[0-9]+\.[0-9]{2}$", lines[2]);
        Assert.Contains("peak memory of the process", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Bench_Json_HasTheFixedMembers()
    {
        var json = CommandLine.Run(BenchCommand.Create(), SharedData.Path("models/mnist/model.onnx"), "--runs", "1", "--json").Json;
        Assert.True(json.GetProperty("inference_ms").GetDouble() > 0);
        var method = json.GetProperty("methods").GetProperty("gradcam++");
        Assert.True(method.GetProperty("ms").GetDouble() > 0);
        Assert.True(method.GetProperty("ratio").GetDouble() > 0);
        Assert.True(json.GetProperty("peak_rss_mb").GetDouble() > 0);
    }

    [Theory]
    [InlineData("--runs", "0")]
    [InlineData("--method", "grad-cam")]
    [InlineData("--class", "top11")]
    public void Bench_WrongValue_IsWrongUsage(string option, string value)
    {
        var result = CommandLine.Run(BenchCommand.Create(), SharedData.Path("models/mnist/model.onnx"), option, value);
        Assert.Equal(2, result.ExitCode);
        Assert.NotEmpty(result.Errors);
    }
}
