using GradCamSharp.Cli.Commands;
using GradCamSharp.Output;

namespace GradCamSharp.Cli.Tests.Commands;

public sealed class ExplainCommandTests : IDisposable
{
    private static readonly string Samples = Path.Combine(SharedData.RepositoryRoot(), "samples");
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Explain_OnePicture_WritesTheOverlayAndSaysWhereTheEvidenceIs()
    {
        var result = Run(Sample("umbrellas.jpg"));
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("predicted  umbrella", result.Output, StringComparison.Ordinal);
        Assert.Matches(@"gradcam\+\+ +umbrella \(11\): strongest in \d+ x \d+ at \(\d+, \d+\)", result.Output);
        Assert.Equal(["umbrellas.gradcam++.c11.overlay.png"], Files());
    }

    [Fact]
    public void Explain_EveryKindOfFile_IsWrittenUnderItsName()
    {
        var result = Run(
            Sample("umbrellas.jpg"), "--method", "gradcam", "--class", "lamp", "--save", "overlay,heatmap,raw,masked,strip,report");
        Assert.Equal(0, result.ExitCode);
        string[] maps = ["heatmap", "masked", "overlay"];
        Assert.Equal(
            [
                "index.html", .. maps.Select(kind => $"umbrellas.gradcam.c7.{kind}.png"), "umbrellas.gradcam.npy", "umbrellas.strip.png",
            ],
            Files());
        Assert.Equal([1, 1, 10, 10], Npy.Read<float>(Path.Combine(folder, "umbrellas.gradcam.npy")).Shape);
    }

    [Fact]
    public void Explain_FileOfSeveralMethods_IsNamedOnce()
    {
        var result = Run(Sample("umbrellas.jpg"), "--method", "gradcam++,gradcam", "--class", "top2", "--save", "strip,raw");
        string[] lines = result.Output.ReplaceLineEndings("\n").Split('\n');
        string[] named = [.. lines.Where(l => l.StartsWith("    -> ", StringComparison.Ordinal))];
        Assert.Equal(3, named.Length);
        Assert.Equal(named, named.Distinct());
    }

    [Fact]
    public void Explain_BadInputAmongOthers_IsReportedAndTheOthersGoOn()
    {
        string broken = Path.Combine(folder, "broken.jpg");
        File.WriteAllText(broken, "no picture");
        var result = Run(broken, Sample("umbrellas.jpg"), Path.Combine(folder, "missing.jpg"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"  failed: {broken}: not a picture", result.Output, StringComparison.Ordinal);
        Assert.Contains("there is no such file", result.Errors, StringComparison.Ordinal);
        Assert.Contains("1 explained, 2 failed", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_FolderWithoutPictures_IsReported()
    {
        var result = Run(folder);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"{folder}: there are no pictures in this folder", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_EmptyInput_IsWrongUsage()
    {
        var result = Run("");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("An INPUT is empty", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--opacity", "5", "0 to 1")]
    [InlineData("--opacity", "NaN", "0 to 1")]
    [InlineData("--device", "tpu", "cpu, cuda, directml, coreml")]
    [InlineData("--class", "top0", "top1 to top12")]
    [InlineData("--class", "lmp", "'lamp'")]
    [InlineData("--save", "pdf", "overlay, heatmap")]
    [InlineData("--colormap", "pink", "turbo")]
    public void Explain_OptionThatMakesNoSense_IsWrongUsageAndSaysWhatDoes(string option, string value, string remedy)
    {
        var result = Run(Sample("umbrellas.jpg"), option, value);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(remedy, result.Errors, StringComparison.Ordinal);
        Assert.Empty(Files());
    }

    [Fact]
    public void Report_OfTensors_NamesEachItemAndSaysWhatItsMapsHold()
    {
        string tensors = Path.Combine(folder, "two.npy");
        AtomicFile.Write(tensors, stream => Npy.Write(stream, new float[2 * 3 * 160 * 160], [2, 3, 160, 160]));
        Assert.Equal(0, Run(tensors, "--save", "report").ExitCode);
        string page = File.ReadAllText(Path.Combine(folder, "index.html"));
        Assert.Contains("<h2>two.npy [0]</h2>", page, StringComparison.Ordinal);
        Assert.Contains("<h2>two.npy [1]</h2>", page, StringComparison.Ordinal);
        Assert.Contains("[10, 10], from ", page, StringComparison.Ordinal);
    }

    private static string Sample(string name) => Path.Combine(Samples, name);

    private string[] Files() => [.. Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    private CommandResult Run(params string[] arguments) =>
        CommandLine.Run(ExplainCommand.Create(), [.. arguments, "--output", folder]);
}
