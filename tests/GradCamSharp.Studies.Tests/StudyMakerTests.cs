using System.Security.Cryptography;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Scenes;
using GradCamSharp.Studies;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Targets;

namespace GradCamSharp.Studies.Tests;

/// <summary>Scenes, drawn once, and the network that ships inside.</summary>
public sealed class StudyScenes : IDisposable
{
    public StudyScenes()
    {
        string[] classes = ["mug", "clock", "guitar"];
        SceneDataSet.Write(Folder, new SceneOptions { Count = 30, Seed = 11, SingleShare = 1, Size = 96, Classes = classes });
        Explainer = PictureExplainer.Load(ModelPath);
    }

    public static string ModelPath => Path.Combine(SharedData.RepositoryRoot(), "src", "GradCamSharp.Cli", "Models", "scenes-vgg.onnx");

    public string Folder { get; } = Directory.CreateTempSubdirectory().FullName;

    public PictureExplainer Explainer { get; }

    public StudyMaker Maker(StudyOptions options, string methods = "gradcam++,gradcam")
    {
        var data = DataSet.Open(Folder, new DataSetOptions { ImageSet = "trainval" });
        var mapping = ClassMapping.BuiltIn(data, Explainer.Labels, Explainer.Model.ClassCount);
        return new StudyMaker(ModelPath, Explainer, data, mapping, CamMethods.Parse(methods), options);
    }

    public void Dispose()
    {
        Explainer.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}

public sealed class StudyMakerTests(StudyScenes scenes) : IClassFixture<StudyScenes>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static StudyOptions Two => new() { Images = "scenes", ClassCount = 2, PerClass = 3, Seed = 5, Workers = 2 };

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Make_Auto_TakesTheClassesOfTheHighestF1AndPicturesThatShowThem()
    {
        var study = scenes.Maker(Two).Make(folder, null, Token);
        Assert.Equal(2, study.Classes.Count);
        Assert.Equal(study.Classes.Select(c => c.F1).OrderDescending(), study.Classes.Select(c => c.F1));
        Assert.Equal(["0001", "0002", "0003", "0004", "0005", "0006"], study.Pictures.Select(p => p.Id));
        var data = DataSet.Open(scenes.Folder, new DataSetOptions { ImageSet = "trainval" });
        foreach (var picture in study.Pictures)
            Assert.Contains(picture.Class, data.ClassesOf(data.Pictures.Single(p => p.Id == picture.Source)));
        Assert.Equal(6, study.Pictures.Select(p => p.Source).Distinct().Count());
        Assert.Equal([Study.PicturesFolder, Study.FileName], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName)
            .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Make_APicture_IsExplainedAsEquation11Says()
    {
        var study = scenes.Maker(Two with { Classes = ["guitar"], PerClass = 1 }).Make(folder, null, Token);
        var made = Assert.Single(study.Pictures);
        Assert.Equal("guitar", scenes.Explainer.Labels[made.ClassIndex]);
        var data = DataSet.Open(scenes.Folder, new DataSetOptions { ImageSet = "trainval" });
        var picture = PictureDecoder.Decode(data.Pictures.Single(p => p.Id == made.Source).Path);
        var result = scenes.Explainer.Explain(picture, CamMethods.Parse("gradcam++,gradcam"), [ClassRequest.Index(made.ClassIndex)], Token);
        byte[] original = Pixels(made.Original);
        Assert.Equal(result.Prepared.Input.Pixels.ToArray(), original);
        foreach (var (file, explanation) in new[] { made.MapA, made.MapB }.Zip(result.Explanations))
        {
            float[] map = explanation.HeatMap.AtInput.ToArray();
            Assert.Equal(original.Select((v, i) => (byte)Math.Floor((v * map[i / 3]) + 0.5f)), Pixels(file));
        }

        byte[] Pixels(string name) => PictureDecoder.Decode(Path.Combine(folder, Study.PicturesFolder, name)).Pixels.ToArray();
    }

    [Fact]
    public void Make_FileNames_TellNothing()
    {
        var study = scenes.Maker(Two with { Classes = ["mug"] }).Make(folder, null, Token);
        string[] names = [.. study.Pictures.SelectMany(p => (string[])[p.Original, p.MapA, p.MapB])];
        Assert.Equal(9, names.Distinct().Count());
        Assert.All(names, name => Assert.Matches("^[0-9a-f]{24}\\.png$", name));
    }

    [Fact]
    public void Make_Interrupted_IsTakenUpAgainAndComesOutTheSame()
    {
        string whole = Path.Combine(folder, "whole"), broken = Path.Combine(folder, "broken");
        scenes.Maker(Two).Make(whole, null, Token);
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => scenes.Maker(Two).Make(broken, new After(10, cancellation), cancellation.Token));
        Assert.False(File.Exists(Path.Combine(broken, Study.FileName)));
        // The pictures in work are finished.
        string[] kept = File.ReadAllLines(Path.Combine(broken, PredictionJournal.FileName));
        Assert.InRange(kept.Length, 10, 10 + 4);
        Assert.Equal(Enumerable.Range(0, kept.Length).Select(i => $"{i}"), kept.Select(line => line.Split(',')[0]));
        Assert.Throws<InvalidDataException>(() => scenes.Maker(Two with { PerClass = 2 }).Make(broken, null, Token));
        var reports = new Reports();
        scenes.Maker(Two).Make(broken, reports, Token);
        Assert.Equal(Files(whole), Files(broken));
        // What the first run has done comes in one report, which no rate is made of.
        var predicted = reports.All.Where(r => r.Step == "predicted").ToList();
        Assert.Equal(Enumerable.Range(kept.Length, predicted[0].Total - kept.Length + 1), predicted.Select(r => r.Done));
        Assert.Equal(Enumerable.Range(0, 7), reports.All.Where(r => r.Step == "explained").Select(r => r.Done));

        static IEnumerable<string> Files(string root) => Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(f => $"{Path.GetRelativePath(root, f)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f)))}");
    }

    [Fact]
    public void Make_AnyNumberOfWorkers_GivesTheSameBytes()
    {
        string one = Path.Combine(folder, "1"), four = Path.Combine(folder, "4");
        scenes.Maker(Two with { Workers = 1 }).Make(one, null, Token);
        scenes.Maker(Two with { Workers = 4 }).Make(four, null, Token);
        Assert.Equal(File.ReadAllBytes(Path.Combine(one, Study.FileName)), File.ReadAllBytes(Path.Combine(four, Study.FileName)));
    }

    [Fact]
    public void Make_AFolderOfAnotherStudy_IsRefused()
    {
        scenes.Maker(Two with { Classes = ["mug"] }).Make(folder, null, Token);
        byte[] before = File.ReadAllBytes(Path.Combine(folder, Study.FileName));
        var error = Assert.Throws<InvalidDataException>(() => scenes.Maker(Two with { Classes = ["mug"], Seed = 6 })
            .Make(folder, null, Token));
        Assert.Contains("the seed 5", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => scenes.Maker(Two with { Classes = ["mug"] }, "gradcam,gradcam++")
            .Make(folder, null, Token));
        scenes.Maker(Two with { Classes = ["mug"] }).Make(folder, null, Token);
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(folder, Study.FileName)));
    }

    [Fact]
    public void Make_AnotherSeed_TakesOtherPictures()
    {
        var options = Two with { Classes = ["clock"] };
        var first = scenes.Maker(options).Make(Path.Combine(folder, "1"), null, Token);
        var second = scenes.Maker(options with { Seed = 6 }).Make(Path.Combine(folder, "2"), null, Token);
        Assert.NotEqual(first.Pictures.Select(p => p.Source), second.Pictures.Select(p => p.Source));
    }

    [Fact]
    public void Make_ClassesThatAreNotThere_IsRefusedBeforeAnythingIsWritten()
    {
        Assert.Contains("'zebra'", Refused(Two with { Classes = ["zebra"] }), StringComparison.Ordinal);
        Assert.Contains("--per-class", Refused(Two with { Classes = ["mug"], PerClass = 999 }), StringComparison.Ordinal);
        Assert.Contains("--per-class", Refused(Two with { PerClass = 999 }), StringComparison.Ordinal);
        Assert.Contains("--classes", Refused(Two with { ClassCount = 4 }), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));

        string Refused(StudyOptions options) =>
            Assert.Throws<InvalidDataException>(() => scenes.Maker(options).Make(folder, null, Token)).Message;
    }

    [Fact]
    public void Make_FolderThatAnotherProcessWrites_IsRefusedAndLeftAlone()
    {
        using (FolderClaim.Take(folder))
        {
            Assert.Throws<IOException>(() => scenes.Maker(Two).Make(folder, null, Token));
            Assert.Equal([FolderClaim.LockFile], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName));
        }
    }

    [Fact]
    public void Make_PictureThatCannotBeRead_IsReplacedByAnother()
    {
        string pictures = Path.Combine(folder, "data", "mug");
        SceneDataSet.Write(Path.Combine(folder, "scenes"), new SceneOptions { Count = 5, Seed = 3, SingleShare = 1, Size = 96 },
            cancellationToken: Token);
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        Directory.Move(Path.Combine(folder, "scenes", "JPEGImages"), pictures);
        string[] names = [.. Directory.EnumerateFiles(pictures).Select(f => $"mug/{Path.GetFileName(f)}").Order(StringComparer.Ordinal)];
        foreach (string damaged in (string[])[names[0], names[3]])
            File.WriteAllText(Path.Combine(folder, "data", damaged), "no picture");
        var data = DataSet.Open(Path.Combine(folder, "data"));
        var mapping = ClassMapping.BuiltIn(data, scenes.Explainer.Labels, scenes.Explainer.Model.ClassCount);
        var warnings = new List<string>();
        var methods = CamMethods.Parse("gradcam++,gradcam");
        var options = Two with { Classes = ["mug"] };
        var maker = new StudyMaker(StudyScenes.ModelPath, scenes.Explainer, data, mapping, methods, options) { Warning = warnings.Add };
        var study = maker.Make(Path.Combine(folder, "study"), null, Token);
        Assert.Equal([names[1], names[2], names[4]], study.Pictures.Select(p => p.Source));
        // The draw may end before it comes to the second.
        Assert.InRange(maker.Errors, 1, 2);
        Assert.Equal(maker.Errors, warnings.Count);
    }

    private sealed class Reports : IProgress<StudyProgress>
    {
        public List<StudyProgress> All { get; } = [];

        public void Report(StudyProgress value) => All.Add(value);
    }

    private sealed class After(int pictures, CancellationTokenSource cancellation) : IProgress<StudyProgress>
    {
        public void Report(StudyProgress value)
        {
            if (value.Done == pictures)
                cancellation.Cancel();
        }
    }
}
