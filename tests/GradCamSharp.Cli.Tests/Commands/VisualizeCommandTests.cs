using GradCamSharp.Imaging;

namespace GradCamSharp.Cli.Tests.Commands;

/// <summary>gradcam visualize and gradcam neurons, by the networks that ship inside.</summary>
public sealed class VisualizeCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gradcam-visualize-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Visualize_OfAClass_WritesThePictureAndItsGrowth()
    {
        string[] arguments = ["visualize", "scenes-vgg", "--class", "umbrella", "--steps", "6", "-o", folder, "--json"];
        var result = CommandLine.RunTool(arguments);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("umbrella", result.Json.GetProperty("label").GetString());
        Assert.Equal(7, result.Json.GetProperty("scores").GetArrayLength());
        string picture = result.Json.GetProperty("files").GetProperty("picture").GetString()!;
        string growth = result.Json.GetProperty("files").GetProperty("growth").GetString()!;
        Assert.True(PictureDecoder.Decode(picture).Width > 32);
        byte[] first = File.ReadAllBytes(growth);
        Assert.Equal("RIFF"u8.ToArray(), first[..4]);
        Assert.Equal("WEBPVP8X"u8.ToArray(), first[8..16]);
        CommandLine.RunTool(arguments);
        Assert.Equal(first, File.ReadAllBytes(growth));
    }

    [Fact]
    public void Visualize_OfAChannel_SaysHowItsMeanGrew()
    {
        var result = CommandLine.RunTool("visualize", "scenes-resnet", "--channel", "3", "--steps", "4", "-o", folder);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("channel 3 of", result.Output, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFiles(folder, "scenes-resnet.channel3.png"));
    }

    [Theory]
    [InlineData("--class C, or --channel K")]
    [InlineData("--class C, or --channel K", "--class", "umbrella", "--channel", "1")]
    [InlineData("there is no channel 99999", "--channel", "99999")]
    [InlineData("one class", "--class", "top1")]
    [InlineData("--steps takes", "--class", "umbrella", "--steps", "0")]
    [InlineData("decay", "--class", "umbrella", "--decay", "3")]
    public void Visualize_OfWhatIsWrong_SaysWhatToDo(string said, params string[] more)
    {
        var result = CommandLine.RunTool(["visualize", "scenes-vgg", "-o", folder, .. more]);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(said, result.Errors, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    [Fact]
    public void Neurons_OfASample_ListsChannelsAndDrawsThem()
    {
        string sample = Path.Combine(SharedData.RepositoryRoot(), "samples", "umbrellas.jpg");
        var result = CommandLine.RunTool("neurons", sample, "--count", "3", "-o", folder, "--json");
        Assert.Equal(0, result.ExitCode);
        var neurons = result.Json.GetProperty("neurons").EnumerateArray().ToList();
        Assert.Equal(3, neurons.Count);
        Assert.True(neurons[0].GetProperty("contribution").GetDouble() >= neurons[1].GetProperty("contribution").GetDouble());
        Assert.Equal(4, neurons[0].GetProperty("patch").GetArrayLength());
        Assert.True(PictureDecoder.Decode(result.Json.GetProperty("files").GetProperty("sheet").GetString()!).Width > 600);
        var table = CommandLine.RunTool("neurons", sample, "--count", "3", "-o", folder);
        Assert.Contains("CHANNEL", table.Output, StringComparison.Ordinal);
    }
}
