using System.Text.RegularExpressions;
using GradCamSharp.Cli.Commands;
using GradCamSharp.Imaging;
using GradCamSharp.Scenes;

namespace GradCamSharp.Cli.Tests.Commands;

public sealed partial class EvaluateReportTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("gradcam-report-").FullName;

    public EvaluateReportTests() => SceneDataSet.Write(
        Scenes, new SceneOptions { Count = 6, Seed = 4, Size = 128 }, cancellationToken: TestContext.Current.CancellationToken);

    private string Scenes => Path.Combine(root, "scenes");

    private string Folder => Path.Combine(root, "run");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData("faithfulness", 5)]
    [InlineData("localization", 5)]
    public void Report_Figures_AreOnOnePageThatLoadsNothingAndBesideItAsPng(string kind, int panels)
    {
        string[] run = [kind, Scenes, "--model", "scenes-vgg", "--image-set", "trainval", "--output", Folder, "--report", "--figures", "2"];
        var result = Run(run);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains($"report: {Path.Combine(Folder, "report.html")}", result.Errors, StringComparison.Ordinal);
        string page = File.ReadAllText(Path.Combine(Folder, "report.html"));
        Assert.Equal(2, Figure().Count(page));
        // Whatever a browser would fetch is in the page itself.
        Assert.All(Loaded().Matches(page).Select(m => m.Groups[1].Value), source =>
            Assert.StartsWith("data:image/png;base64,", source, StringComparison.Ordinal));
        Assert.Equal(2 * panels, Loaded().Count(page));
        foreach (string outside in (string[])["http:", "https:", "<script", "<link", "<iframe", "url(", "@import"])
            Assert.DoesNotContain(outside, page, StringComparison.OrdinalIgnoreCase);
        var figures = Files();
        Assert.Equal(3, figures.Count);
        foreach (string figure in figures.Keys.Where(name => name.EndsWith(".png", StringComparison.Ordinal)))
        {
            var picture = PictureDecoder.Decode(Path.Combine(Folder, figure));
            Assert.True(picture.Width > (panels - 1) * picture.Height / 2, $"{figure} is {picture.Size}");
        }

        Assert.Equal(0, Run(run).ExitCode);
        Assert.Equal(figures, Files());
        Assert.Equal(0, Run("report", Folder, "--figures", "2").ExitCode);
        Assert.Equal(figures, Files());
        Assert.Equal(0, Run("report", Folder, "--figures", "1").ExitCode);
        Assert.Equal(2, Files().Count);
    }

    [Fact]
    public void Report_AnotherModel_IsRefusedAndThePageStays()
    {
        string[] run = ["faithfulness", Scenes, "--model", "scenes-vgg", "--limit", "1", "--output", Folder, "--report", "--figures", "1"];
        Assert.Equal(0, Run(run).ExitCode);
        var before = Files();
        var result = Run("report", Folder, "--model", "scenes-resnet");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("its file is another one", result.Errors, StringComparison.Ordinal);
        Assert.Equal(before, Files());
    }

    [Theory]
    [InlineData("--figures", "-1")]
    [InlineData("--figures", "many")]
    [InlineData("--compare", "gradcam")]
    [InlineData("--compare", "gradcam,cam")]
    public void Report_NonsenseOption_IsWrongUsage(string option, string value)
    {
        Assert.Equal(0, Run("faithfulness", Scenes, "--limit", "1", "--output", Folder).ExitCode);
        Assert.Equal(2, Run("report", Folder, option, value).ExitCode);
        Assert.False(File.Exists(Path.Combine(Folder, "report.html")));
    }

    // The page and the figures, by name, with their bytes.
    private SortedDictionary<string, string> Files() => new(
        ((string[])[Path.Combine(Folder, "report.html"), .. Directory.EnumerateFiles(Path.Combine(Folder, "figures"))])
            .ToDictionary(
                f => Path.GetRelativePath(Folder, f),
                f => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f)))),
        StringComparer.Ordinal);

    private static CommandResult Run(params string[] arguments) => CommandLine.Run(EvaluateCommand.Create(), arguments);

    [GeneratedRegex("<figure>")]
    private static partial Regex Figure();

    [GeneratedRegex("(?:src|srcset|href|poster|data)=\"([^\"]*)\"")]
    private static partial Regex Loaded();
}
