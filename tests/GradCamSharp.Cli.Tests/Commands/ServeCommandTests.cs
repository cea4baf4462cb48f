using GradCamSharp.Cli.Commands;

namespace GradCamSharp.Cli.Tests.Commands;

public sealed class ServeCommandTests
{
    [Theory]
    [InlineData("--model scenes-vgg --model scenes-vgg", "--model NAME=PATH")]
    [InlineData("--model nothing.onnx", "scenes-vgg, scenes-detector")]
    [InlineData("--model name=", "NAME=FILE")]
    [InlineData("--host nowhere", "localhost")]
    [InlineData("--port 70000", "1 to 65535")]
    [InlineData("--token short", "at least 8")]
    [InlineData("--max-megabytes 0", "1 to 1024, not 0")]
    [InlineData("--layer anything", "Name the one by --model")]
    [InlineData("--model scenes-vgg --labels .", "Name a file in it")]
    [InlineData("--picture-memory 10", "at least 147 MiB")]
    [InlineData("--device tpu", "cpu, cuda, directml, coreml")]
    public void Serve_OptionThatMakesNoSense_IsWrongUsageAndSaysWhatDoes(string options, string remedy)
    {
        var result = CommandLine.Run(ServeCommand.Create(), options.Split(' '));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(remedy, result.Errors, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }
}
