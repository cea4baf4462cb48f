using System.Text.Json;
using GradCamSharp.Cli.Commands;
using GradCamSharp.Scenes;

namespace GradCamSharp.Cli.Tests.Commands;

public sealed class EvaluateCommandTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("gradcam-evaluate-").FullName;

    public EvaluateCommandTests() =>
        SceneDataSet.Write(Scenes, new SceneOptions { Count = 10, Seed = 3, Size = 128 },
        cancellationToken: TestContext.Current.CancellationToken);

    private string Scenes => Path.Combine(root, "scenes");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void Localization_Detector_MeasuresTheMapOfEveryObject()
    {
        var result = Run(
            "localization", Scenes, "--model", "scenes-detector", "--image-set", "trainval", "--methods", "hirescam", "--json");
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal("detect", result.Json.GetProperty("task").GetString());
        Assert.True(result.Json.GetProperty("found").GetInt32() > 0);
        Assert.InRange(result.Json.GetProperty("scores").GetProperty("hirescam").GetProperty("own").GetDouble(), 50, 100);
        result = Run("localization", Scenes, "--model", "scenes-detector", "--delta", "0");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--delta is for classifiers", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Faithfulness_Json_HasTheInterfacesKeys()
    {
        var result = Run("faithfulness", Scenes, "--model", "scenes-resnet", "--image-set", "trainval", "--methods", "gradcam++,gradcam",
            "--output", Folder("run"), "--json");
        Assert.Equal(0, result.ExitCode);
        var json = result.Json;
        Assert.Equal(["pictures", "errors", "methods", "wins"], json.EnumerateObject().Select(p => p.Name));
        Assert.Equal((8, 0), (json.GetProperty("pictures").GetInt32(), json.GetProperty("errors").GetInt32()));
        Assert.Equal(["gradcam++", "gradcam"], json.GetProperty("methods").EnumerateObject().Select(p => p.Name));
        Assert.InRange(json.GetProperty("methods").GetProperty("gradcam++").GetProperty("average_drop").GetDouble(), 0.001, 100);
        var win = Assert.Single(json.GetProperty("wins").EnumerateArray());
        Assert.Equal(100, win.GetProperty("a_wins").GetDouble() + win.GetProperty("b_wins").GetDouble() +
            win.GetProperty("ties").GetDouble(), 1e-9);
        Assert.Equal(17, File.ReadLines(Path.Combine(Folder("run"), "records.csv")).Count());
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder("run"), "manifest.json")));
        Assert.StartsWith("gradcam evaluate faithfulness ", Command(manifest.RootElement), StringComparison.Ordinal);

        var again = Run("summary", Folder("run"), "--json");
        Assert.Equal(result.Output, again.Output);
    }

    [Theory]
    [InlineData("faithfulness", "road,gini", "road", 3)]
    [InlineData("localization", "mass", "mass", 3)]
    [InlineData("sanity", "random-logit", "random_logit", 3)]
    public void Metrics_OfTrust_HaveTheBaselinesBesideThem(string command, string metrics, string figure, int methods)
    {
        var result = Run(command, Scenes, "--model", "scenes-resnet", "--image-set", "trainval", "--methods", "gradcam", "--metrics",
            metrics, "--limit", "2", "--output", Folder("run"), "--json");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("PASSES A PICTURE", result.Errors);
        var own = result.Json.GetProperty("methods").EnumerateObject().ToList();
        Assert.Equal(["gradcam", "centre", "random"], own.Select(p => p.Name));
        Assert.Equal(methods, own.Count(p => p.Value.GetProperty("figures").TryGetProperty(figure, out _)));
    }

    [Theory]
    [InlineData("faithfulness", "infidelity", "no unit")]
    [InlineData("faithfulness", "mprt", "evaluate sanity --metrics mprt")]
    [InlineData("faithfulness", "road,insertion", "two commands")]
    [InlineData("sanity", "nonsense", "There is no measure 'nonsense'")]
    public void Metrics_OfNoUse_AreRefusedWithTheReason(string command, string metrics, string reason)
    {
        var result = Run(command, Scenes, "--model", "scenes-resnet", "--metrics", metrics);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(reason, result.Errors);
    }

    [Fact]
    public void Budget_OfATime_ChoosesANumberOfPicturesAndKeepsIt()
    {
        string[] command = ["sanity", Scenes, "--model", "scenes-resnet", "--image-set", "trainval", "--methods", "gradcam", "--metrics",
            "random-logit", "--budget", "1s", "--output", Folder("run"), "--json"];
        var first = Run(command);
        Assert.Equal(0, first.ExitCode);
        Assert.InRange(first.Json.GetProperty("pictures").GetInt32(), 1, 8);
        Assert.Equal(first.Output, Run(command).Output);
        Assert.Equal(2, Run("sanity", Scenes, "--budget", "soon").ExitCode);
    }

    [Fact]
    public void Localization_Json_HasTheInterfacesKeys()
    {
        var result = Run("localization", Scenes, "--model", "scenes-resnet", "--image-set", "trainval", "--delta", "0,0.25,0.5", "--output",
            Folder("run"), "--json");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["pictures", "pairs", "methods"], result.Json.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["gradcam++", "gradcam", "centre"], result.Json.GetProperty("methods").EnumerateObject().Select(p => p.Name));
        Assert.Equal(["0", "0.25", "0.5"],
            result.Json.GetProperty("methods").GetProperty("centre").GetProperty("loc").EnumerateObject().Select(p => p.Name));
        Assert.InRange(result.Json.GetProperty("methods").GetProperty("gradcam++").GetProperty("pointing").GetDouble(), 10, 100);
    }

    [Fact]
    public void Faithfulness_BadPicture_IsReportedAndTheOthersGoOn()
    {
        File.WriteAllText(Path.Combine(Scenes, "JPEGImages", "0003_000000.jpg"), "no picture");
        var result = Run("faithfulness", Path.Combine(Scenes, "JPEGImages"), "--methods", "gradcam", "--output", Folder("run"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("0003_000000.jpg", result.Errors, StringComparison.Ordinal);
        Assert.Contains("9 pictures, 9 classes explained, 1 error", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Faithfulness_OtherOptionsIntoTheSameFolder_FailNamingThem()
    {
        Assert.Equal(0, Run("faithfulness", Scenes, "--limit", "1", "--output", Folder("run")).ExitCode);
        var result = Run("faithfulness", Scenes, "--limit", "1", "--methods", "gradcam", "--output", Folder("run"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("methods is", result.Errors, StringComparison.Ordinal);
        result = Run("faithfulness", Scenes, "--limit", "1", "--model", "scenes-resnet", "--output", Folder("run"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("model.sha256 is", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Merge_Shards_PrintsOneRunsTable()
    {
        string[] common = ["faithfulness", Scenes, "--image-set", "trainval", "--methods", "gradcam", "--json"];
        var whole = Run([.. common, "--output", Folder("whole")]);
        Assert.Equal(0, Run([.. common, "--output", Folder("one"), "--shard", "1/2"]).ExitCode);
        Assert.Contains("missing: 2/2", Run("merge", Folder("one")).Errors, StringComparison.Ordinal);
        Assert.Equal(0, Run([.. common, "--output", Folder("two"), "--shard", "2/2"]).ExitCode);
        var merged = Run("merge", Folder("two"), Folder("one"), "-o", Folder("merged"), "--format", "parquet", "--json");
        Assert.Equal(0, merged.ExitCode);
        Assert.Equal(0, Run([.. common, "--output", Folder("whole"), "--format", "parquet"]).ExitCode);
        Assert.Equal(File.ReadAllBytes(Path.Combine(Folder("whole"), "records.parquet")),
            File.ReadAllBytes(Path.Combine(Folder("merged"), "records.parquet")));
        Assert.Equal(2, Run("merge", Folder("two"), Folder("one"), "--format", "parquet").ExitCode);
        Assert.Equal(whole.Output, merged.Output);
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder("merged"), "manifest.json")));
        Assert.StartsWith("gradcam evaluate merge ", Command(manifest.RootElement), StringComparison.Ordinal);
        var parts = manifest.RootElement.GetProperty("parts").EnumerateArray().ToList();
        Assert.Equal(["1/2", "2/2"], parts.Select(part => part.GetProperty("shard").GetString()));
        Assert.All(parts, part => Assert.StartsWith("gradcam evaluate faithfulness ", Command(part), StringComparison.Ordinal));
        Assert.Equal(File.ReadAllBytes(Path.Combine(Folder("whole"), "records.csv")),
            File.ReadAllBytes(Path.Combine(Folder("merged"), "records.csv")));
    }

    [Theory]
    [InlineData("--methods", "gradcamm")]
    [InlineData("--shard", "0/4")]
    [InlineData("--mask-space", "black")]
    [InlineData("--class", "dog")]
    [InlineData("--format", "xml")]
    [InlineData("--batch", "0")]
    [InlineData("--metrics", "sharpness")]
    [InlineData("--compare", "gradcam++,cam")]
    [InlineData("--compare", "gradcam++,centre")]
    public void Faithfulness_NonsenseOption_IsWrongUsage(string option, string value)
    {
        var result = Run("faithfulness", Scenes, option, value, "--output", Folder("run"));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(value.Split(',')[^1], result.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Folder("run")));
    }

    [Fact]
    public void Faithfulness_FoldersThatAreNoClassesOfTheModel_AreCountedAndNothingElseIsSaid()
    {
        string data = Path.Combine(root, "classes"), picture = Directory.EnumerateFiles(Path.Combine(Scenes, "JPEGImages")).Order().First();
        foreach (string name in (string[])["unheard of", "mug"])
            File.Copy(picture, Path.Combine(Directory.CreateDirectory(Path.Combine(data, name)).FullName, "a.jpg"));
        var result = Run("faithfulness", data, "--class", "truth", "--methods", "gradcam", "--output", Folder("run"));
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("2 pictures, 1 class explained, 0 errors", result.Output, StringComparison.Ordinal);
        Assert.Contains("(1 more class, none of the model's, does not count)", result.Output, StringComparison.Ordinal);
        Directory.Delete(Path.Combine(data, "mug"), recursive: true);
        result = Run("faithfulness", data, "--class", "truth", "--methods", "gradcam", "--output", Folder("none"));
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Nothing was measured", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("gradcam", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Faithfulness_OutputAmongThePictures_GoesOnWithTheSamePictures()
    {
        string data = Path.Combine(Scenes, "JPEGImages");
        string[] command = ["faithfulness", data, "--output", Path.Combine(data, "run"), "--report", "--figures", "2"];
        var first = Run(command);
        Assert.Equal(0, first.ExitCode);
        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(data, "run", "figures"), "*.png"));
        var second = Run(command);
        Assert.Equal((0, first.Output), (second.ExitCode, second.Output));
    }

    [Fact]
    public void Faithfulness_MethodThatDoesNotApply_FailsAndLeavesNoFolder()
    {
        string[] command = ["faithfulness", Scenes, "--model", "scenes-vgg", "--limit", "1", "--output", Folder("run"), "--methods"];
        var result = Run([.. command, "cam"]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("CAM", result.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Folder("run")));
        Assert.Equal(0, Run([.. command, "gradcam"]).ExitCode);
    }

    [Theory]
    [InlineData("--limit", "0", "--limit takes a number from 1, not 0.")]
    [InlineData("--batch", "2000", "--batch takes a number from 1 to 1024, not 2000.")]
    [InlineData("--limit", "some", "Cannot parse argument 'some' for option '--limit', which takes a number.")]
    [InlineData("--seed", "1.5", "Cannot parse argument '1.5' for option '--seed', which takes a number.")]
    public void Faithfulness_NoNumberOrOneOutOfRange_IsSaidInTheUsersTerms(string option, string value, string message)
    {
        var result = Run("faithfulness", Scenes, option, value, "--output", Folder("run"));
        Assert.Equal(2, result.ExitCode);
        Assert.Equal(message, result.Errors.Split(['\r', '\n'])[0]);
    }

    [Fact]
    public void Faithfulness_UnknownOption_NamesTheVerbsWhoseHelpExplainsThem() =>
        Assert.Contains(
            "Try: gradcam evaluate faithfulness --help",
            Run("faithfulness", Scenes, "--colour", "red").Errors, StringComparison.Ordinal);

    [Fact]
    public void Summary_RunThatWasStopped_SaysHowMuchIsThereAndHowItGoesOn()
    {
        Assert.Equal(0, Run("faithfulness", Scenes, "--limit", "2", "--methods", "gradcam", "--output", Folder("run")).ExitCode);
        Assert.Empty(Run("summary", Folder("run")).Errors);
        string records = Path.Combine(Folder("run"), "records.csv");
        File.WriteAllLines(records, File.ReadAllLines(records)[..2]);
        var result = Run("summary", Folder("run"));
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("The run is not finished: 1 of 2 pictures are there. It goes on with: gradcam evaluate faithfulness",
            result.Errors, StringComparison.Ordinal);
        Assert.Contains("1 picture, 1 class explained, 0 errors", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Localization_MappingWithALineThatIsNoClassOfTheModel_SaysWhich()
    {
        string mapping = Folder("mapping.txt");
        File.WriteAllText(mapping, "[mug]\nmug\nunheard of\n");
        var result = Run("localization", Scenes, "--limit", "1", "--methods", "gradcam", "--mapping", mapping, "--output", Folder("run"));
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("mapping.txt: 1 line not among the model's classes, and left out: 'unheard of'", result.Errors,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Localization_FolderOfPictures_FailsForWantOfBoxes()
    {
        var result = Run("localization", Path.Combine(Scenes, "JPEGImages"), "--output", Folder("run"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("no boxes", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Localization_FolderOfWhichAListIsRead_SaysWhich()
    {
        var result = Run("localization", Scenes, "--limit", "1", "--methods", "gradcam", "--output", Folder("run"));
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("1 picture (voc; the list val, which has 2 of 10: --image-set chooses another)", result.Errors,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Faithfulness_UnknownMetric_IsWrongUsage()
    {
        var result = Run("faithfulness", Scenes, "--metrics", "insertion,sharpness", "--output", Folder("run"));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("There is no measure 'sharpness'", result.Errors, StringComparison.Ordinal);
    }

    private static string? Command(JsonElement manifestOrPart) => manifestOrPart.GetProperty("command").GetString();

    private string Folder(string name) => Path.Combine(root, name);

    private static CommandResult Run(params string[] arguments) => CommandLine.Run(EvaluateCommand.Create(), arguments);
}
