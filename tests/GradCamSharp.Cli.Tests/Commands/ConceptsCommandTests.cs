using GradCamSharp.Cli.Commands;
using GradCamSharp.Imaging;
using GradCamSharp.Output;

namespace GradCamSharp.Cli.Tests.Commands;

public sealed class ConceptsCommandTests : IDisposable
{
    private static readonly string Sample = Path.Combine(SharedData.RepositoryRoot(), "samples/umbrellas.jpg");

    private readonly string folder = Directory.CreateTempSubdirectory("gradcam-concepts-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Concepts_Sample_ShowsChannelsTheirMapsAndWhatExcitesThem()
    {
        string[] arguments =
        [
            Sample, "--class", "umbrella", "--count", "3", "--reference", Path.GetDirectoryName(Sample)!, "--patches", "2", "--save",
            "sheet,raw", "-o", folder,
        ];
        var json = CommandLine.Run(ConceptsCommand.Create(), [.. arguments, "--json"]).Json;
        Assert.Equal("umbrella", json.GetProperty("label").GetString());
        var channels = json.GetProperty("channels").EnumerateArray().ToList();
        Assert.Equal(3, channels.Count);
        double[] shares = [.. channels.Select(c => c.GetProperty("share").GetDouble())];
        Assert.Equal(shares.OrderDescending(), shares);
        Assert.InRange(shares[0], 0.01, 1);
        Assert.All(channels, c => Assert.InRange(c.GetProperty("references").GetArrayLength(), 1, 2));

        string sheet = Path.Combine(folder, "umbrellas.concepts.png");
        Assert.Equal(sheet, json.GetProperty("files").GetProperty("sheet").GetString());
        Assert.True(PictureDecoder.Decode(sheet).Height > 4 * 160);
        Assert.Equal(3, Npy.Read<float>(Path.Combine(folder, "umbrellas.concepts.npy")).Shape[0]);

        // Again, from the index of the search: the same bytes, and the same in words.
        byte[] first = File.ReadAllBytes(sheet);
        var again = CommandLine.Run(ConceptsCommand.Create(), arguments);
        Assert.Equal(first, File.ReadAllBytes(sheet));
        Assert.Contains("umbrella, class", again.Output, StringComparison.Ordinal);
        Assert.Contains(".jpg [", again.Output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^CHANNEL +RELEVANCE +SHARE +EXCITED MOST BY$", again.Output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Concepts_ByRulesOfRelevance_SaysWhichAndSharesOtherwise()
    {
        string[] arguments = [Sample, "--class", "umbrella", "--count", "2", "--save", "raw", "-o", folder, "--json"];
        var gradient = CommandLine.Run(ConceptsCommand.Create(), arguments).Json;
        var relevance = CommandLine.Run(ConceptsCommand.Create(), [.. arguments, "--method", "LRP-zplus"]).Json;
        Assert.Equal("gradient", gradient.GetProperty("method").GetString());
        Assert.Equal("lrp-zplus", relevance.GetProperty("method").GetString());
        Assert.Equal(2, Npy.Read<float>(Path.Combine(folder, "umbrellas.concepts.npy")).Shape[0]);
        Assert.NotEqual(
            gradient.GetProperty("channels")[0].GetProperty("share").GetDouble(),
            relevance.GetProperty("channels")[0].GetProperty("share").GetDouble());
    }

    [Theory]
    [InlineData(2, "is one picture", "samples")]
    [InlineData(2, "Did you mean 'lrp-gamma'", "samples/umbrellas.jpg", "--method", "lrp-gama")]
    [InlineData(2, "--channel takes a comma list", "samples/umbrellas.jpg", "--channel", "3,x")]
    [InlineData(1, "there is no channel 4000", "samples/umbrellas.jpg", "--channel", "4000")]
    [InlineData(2, "--save takes a comma list of sheet and raw", "samples/umbrellas.jpg", "--save", "overlay")]
    [InlineData(2, "names one class here", "samples/umbrellas.jpg", "--class", "top3")]
    [InlineData(2, "is no folder", "samples/umbrellas.jpg", "--reference", "nowhere")]
    [InlineData(2, "There are no pictures in", "samples/umbrellas.jpg", "--reference", "src")]
    public void Concepts_WhatCannotBe_SaysWhy(int exitCode, string words, string picture, params string[] more)
    {
        string root = SharedData.RepositoryRoot();
        string[] options = [.. more.Select(m => m is "src" ? Path.Combine(root, "src/OnnxGrad/Passes") : m)];
        var result = CommandLine.Run(ConceptsCommand.Create(), [Path.Combine(root, picture), .. options, "-o", folder]);
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(words, result.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }
}
