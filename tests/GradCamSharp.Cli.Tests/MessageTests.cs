using System.CommandLine;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Commands;
using GradCamSharp.Output;

namespace GradCamSharp.Cli.Tests;

public sealed class MessageTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gradcam-messages").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Run_ArgumentException_IsSaidWithoutItsParameter()
    {
        Assert.Equal("Classes are few.", Failing(() => throw new ArgumentException("Classes are few.", "Classes")));
        Assert.Equal("Too many.", Failing(() => throw new ArgumentOutOfRangeException("count", 5, "Too many.")));
    }

    [Fact]
    public void Run_FolderThatMayNotBeWritten_IsNamedAndNotTheHalfWrittenFile()
    {
        string file = Path.Combine(folder, "a.png");
        string? beside = null;
        AtomicFile.Write(file, stream => beside = ((FileStream)stream).Name);
        string errors = Failing(() => throw new UnauthorizedAccessException($"Access to the path '{beside}' is denied."));
        Assert.Equal($"The folder '{folder}' cannot be written to. Name another, or change who may write there.", errors);
        Assert.Equal($"No space left on device : '{file}'", Failing(() => throw new IOException($"No space left on device : '{beside}'")));
    }

    [Fact]
    public void Explain_DeviceThatIsNotInstalled_IsSaidInPlainWords()
    {
        string picture = Path.Combine(SharedData.RepositoryRoot(), "samples", "umbrellas.jpg");
        string device = OperatingSystem.IsWindows() ? "cuda" : "directml";
        var result = CommandLine.RunTool("explain", picture, "--device", device, "--output", folder);
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith(
            $"This installation cannot run on '{device}': its ONNX Runtime was made without that device. Use --device cpu", result.Errors,
            StringComparison.Ordinal);
        Assert.DoesNotContain("entry point", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("explain")]
    [InlineData("serve")]
    [InlineData("evaluate", "faithfulness")]
    public void Device_List_SaysWhatCanBeUsedAndWhyTheOthersCannot(params string[] verbs)
    {
        var result = CommandLine.RunTool([.. verbs, "--device", "list"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        string[] lines = result.Output.TrimEnd().ReplaceLineEndings("\n").Split('\n');
        Assert.Equal(["cpu", "cuda", "directml", "coreml"], lines.Select(l => l.Split(' ')[0]));
        Assert.Equal("cpu       can be used", lines[0]);
        string foreign = OperatingSystem.IsMacOS() ? "directml" : "coreml";
        Assert.Matches($"{foreign} +This installation cannot run on '{foreign}': .+ It needs ", lines.Single(l => l.StartsWith(foreign)));
    }

    /// <summary>What a message advises can be typed as it stands, whoever wrote the message: the tool or its library.</summary>
    [Fact]
    public void Advice_ToolCalledByTheScript_NamesTheScript()
    {
        const string Script = "./gradcam";
        Assert.Contains("./gradcam models pull NAME fetches one", CommandLine.RunToolAs(Script, "models").Output, StringComparison.Ordinal);
        Assert.Contains("Try: ./gradcam layers --help", CommandLine.RunToolAs(Script, "layers", "--x").Errors, StringComparison.Ordinal);
        var unknown = CommandLine.RunToolAs(Script, "layers", SharedData.Path("models/mnist/model.onnx"), "--layer", "ReLU31_Output_0");
        Assert.Contains("; ./gradcam layers lists them all.", unknown.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("explain X --method gradcm", "There is no method 'gradcm'. Did you mean 'gradcam'?")]
    [InlineData("explain X --method guided", "Did you mean 'guided-ig'?")]
    [InlineData("export -o X --method salency", "There is no method 'salency'. Did you mean 'saliency'?")]
    [InlineData("evaluate faithfulness X --methods gradcm", "There is no method 'gradcm'. Did you mean 'gradcam'?")]
    [InlineData("evaluate localization X --methods centr", "There is no method 'centr'. Did you mean 'centre'?")]
    [InlineData("evaluate scenes --methods gradcm", "There is no method 'gradcm'. Did you mean 'gradcam'?")]
    [InlineData("study create X --images X --methods gradcm,cam", "There is no method 'gradcm'. Did you mean 'gradcam'?")]
    [InlineData("scenes X --class teap", "There is no class 'teap'. Did you mean 'teapot'?")]
    [InlineData("layers resnet5", "There is no model 'resnet5'. Did you mean 'resnet50'?")]
    [InlineData("models pull resnet5", "There is no model 'resnet5' to fetch. Did you mean 'resnet50'?")]
    public void Tool_MistypedName_IsWrongUsageAndNamesTheOneThatIsMeant(string arguments, string message)
    {
        string absent = Path.Combine(folder, "absent");
        var result = CommandLine.RunTool([.. arguments.Split(' ').Select(a => a == "X" ? absent : a)]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
        Assert.False(Path.Exists(absent));
    }

    [Fact]
    public void Model_FolderWithModelOnnx_IsThatFile()
    {
        string path = SharedData.Path("models/mnist/model.onnx");
        var expected = CommandLine.Run(LayersCommand.Create(), path);
        Assert.Equal(expected, CommandLine.Run(LayersCommand.Create(), Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void Model_FolderWithoutModelOnnx_NamesTheModelsThatLieThere()
    {
        var none = CommandLine.Run(LayersCommand.Create(), folder);
        Assert.Equal(2, none.ExitCode);
        Assert.Contains($"'{folder}' is a folder, and no .onnx file lies in it.", none.Errors, StringComparison.Ordinal);
        string[] models = [Path.Combine(folder, "a.onnx"), Path.Combine(folder, "b.onnx")];
        Assert.All(models, m => File.WriteAllText(m, ""));
        var several = CommandLine.Run(LayersCommand.Create(), folder);
        Assert.Equal(2, several.ExitCode);
        Assert.Contains(
            $"without a model.onnx. Name one of its models: {models[0]}, {models[1]}", several.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--labels")]
    [InlineData("--preprocess")]
    public void Option_FileThatIsAFolder_IsSaidToBeOne(string option)
    {
        var result = CommandLine.Run(LayersCommand.Create(), ModelOptions.ShippedModel, option, folder);
        Assert.Equal(2, result.ExitCode);
        Assert.Equal($"{option} '{folder}' is a folder. Name a file in it.", result.Errors.TrimEnd());
    }

    private static string Failing(Func<int> run)
    {
        var command = new Command("fail", "Fails.");
        command.SetRun((_, _) => run());
        var result = CommandLine.Run(command);
        Assert.Equal(1, result.ExitCode);
        return result.Errors.TrimEnd();
    }
}
