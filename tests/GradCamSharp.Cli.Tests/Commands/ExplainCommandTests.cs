using System.Security.Cryptography;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Commands;
using GradCamSharp.Output;

namespace GradCamSharp.Cli.Tests.Commands;

public sealed class ExplainCommandTests : IDisposable
{
    private static readonly string Samples = Path.Combine(SharedData.RepositoryRoot(), "samples");
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // The files and what is said of them, in the same order: two of one name, one that is no picture.
    [Fact]
    public void Explain_SeveralAtATime_WritesWhatOneAfterTheOtherDoes()
    {
        string pictures = Path.Combine(folder, "pictures"), below = Directory.CreateDirectory(Path.Combine(pictures, "below")).FullName;
        File.Copy(Sample("umbrellas.jpg"), Path.Combine(pictures, "a.jpg"));
        File.Copy(Sample("teapots-and-clock.jpg"), Path.Combine(below, "a.jpg"));
        File.WriteAllText(Path.Combine(pictures, "b.jpg"), "no picture");
        for (int i = 0; i < 4; i++)
            File.Copy(Sample(i % 2 == 0 ? "birds-and-fish.jpg" : "umbrellas.jpg"), Path.Combine(pictures, $"c{i}.jpg"));
        var (one, several) = (Explained("1"), Explained("3"));
        Assert.Equal(1, several.Result.ExitCode);
        Assert.Contains("6 explained, 1 failed", several.Result.Output, StringComparison.Ordinal);
        Assert.Equal(one.Result, several.Result);
        Assert.Equal(one.Files.Keys, several.Files.Keys);
        Assert.All(one.Files, file => Assert.Equal(file.Value, several.Files[file.Key]));

        (CommandResult Result, SortedDictionary<string, string> Files) Explained(string threads)
        {
            string output = Path.Combine(folder, threads);
            var result = CommandLine.RunTool(
                "explain", pictures, "--threads", threads, "--save", "overlay,strip,raw,report", "--output", output);
            var files = Directory.EnumerateFiles(output).ToDictionary(
                f => Path.GetFileName(f), f => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f))));
            // How fast it goes is said where it takes long.
            var said = result.Errors.Split('\n').Where(line => !line.Contains(" explained, ", StringComparison.Ordinal));
            return (
                new CommandResult(result.ExitCode, result.Output.Replace(output, "", StringComparison.Ordinal), string.Join('\n', said)),
                new(files, StringComparer.Ordinal));
        }
    }

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

    [Fact]
    public void Explain_OwnPictureWithoutAModel_SaysOnceWhatTheShippedModelKnows()
    {
        string[] photos = [Path.Combine(folder, "a.jpg"), Path.Combine(folder, "b.jpg")];
        // Another file of the same picture: what a decoder does not read is added at the end.
        Assert.All(photos, p => File.WriteAllBytes(p, [.. File.ReadAllBytes(Sample("umbrellas.jpg")), 0]));
        var result = Run([.. photos, "--json"]);
        Assert.Equal(0, result.ExitCode);
        string advice = Assert.Single(
            result.Errors.ReplaceLineEndings("\n").Split('\n'), l => l.StartsWith("No --model", StringComparison.Ordinal));
        Assert.Contains("scenes-vgg, which ships inside, knows 12 drawn objects and no photos", advice, StringComparison.Ordinal);
        Assert.Contains("gradcam models lists the names", advice, StringComparison.Ordinal);
        Assert.Equal(2, result.Json.GetProperty("results").GetArrayLength());
        Assert.DoesNotContain("No --model", Run(photos[0], "--model", ModelOptions.ShippedModel).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_SamplesAndDrawnScenes_AreWhatTheShippedModelKnows()
    {
        string scenes = Path.Combine(folder, "scenes");
        Assert.Equal(0, CommandLine.Run(ScenesCommand.Create(), scenes, "--count", "1", "--size", "64").ExitCode);
        var result = Run(Samples, Path.Combine(scenes, "JPEGImages"));
        Assert.Contains("5 explained, 0 failed", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("No --model", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("explanations")]
    public void Explain_FolderTwice_DoesNotExplainItsOwnExplanations(string output)
    {
        File.Copy(Sample("umbrellas.jpg"), Path.Combine(folder, "a.jpg"));
        File.Copy(Sample("umbrellas.jpg"), Path.Combine(folder, "own.strip.png"));
        string[] arguments = [folder, "--save", "overlay,heatmap,masked,strip", "-o", Path.Combine(folder, output)];
        var first = CommandLine.Run(ExplainCommand.Create(), arguments);
        var second = CommandLine.Run(ExplainCommand.Create(), arguments);
        Assert.Equal(0, second.ExitCode);
        Assert.EndsWith("2 explained, 0 failed", second.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(first.Output, second.Output);
        Assert.Contains($"{folder}: left out 8 pictures that an earlier run wrote.", second.Errors, StringComparison.Ordinal);
    }

    private static string Sample(string name) => Path.Combine(Samples, name);

    private string[] Files() => [.. Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    private CommandResult Run(params string[] arguments) =>
        CommandLine.Run(ExplainCommand.Create(), [.. arguments, "--output", folder]);
}
