using System.Security.Cryptography;
using System.Text.RegularExpressions;
using GradCamSharp.Evaluation;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Scenes;
using GradCamSharp.Targets;

namespace GradCamSharp.Studies.Tests;

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
        Assert.Contains("seed is 5, not 6", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => scenes.Maker(Two with { Classes = ["mug"] }, "gradcam,gradcam++")
            .Make(folder, null, Token));
        scenes.Maker(Two with { Classes = ["mug"] }).Make(folder, null, Token);
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(folder, Study.FileName)));
    }

    // Mugs that are clocks to the model: other maps, and so another study.
    [Fact]
    public void Make_AnotherMapping_IsRefusedByName()
    {
        string mapping = Path.Combine(folder, "mapping.txt"), study = Path.Combine(folder, "study");
        File.WriteAllText(mapping, "[mug]\nclock\n");
        var options = Two with { Classes = ["mug"], PerClass = 1 };
        scenes.Maker(options).Make(study, null, Token);
        var error = Assert.Throws<InvalidDataException>(() => scenes.Maker(options, mappingFile: mapping).Make(study, null, Token));
        Assert.Contains("data.mapping is \"by label\", not \"", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("seed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Make_OtherLabels_IsRefusedByName()
    {
        string labels = Path.Combine(folder, "labels.txt"), study = Path.Combine(folder, "study");
        File.WriteAllLines(labels, SceneClasses.Names.Select(name => name == "mug" ? "mug, cup" : name));
        var options = Two with { Classes = ["mug"], PerClass = 1 };
        scenes.Maker(options).Make(study, null, Token);
        using var explainer = PictureExplainer.Load(StudyScenes.ModelPath, null, null, labels);
        var data = DataSet.Open(scenes.Folder, new DataSetOptions { ImageSet = "trainval" });
        var maker = new StudyMaker(explainer, data, ClassMapping.BuiltIn(data, explainer.Labels, explainer.Model.ClassCount),
            CamMethods.Parse("gradcam++,gradcam"), options);
        var error = Assert.Throws<InvalidDataException>(() => maker.Make(study, null, Token));
        Assert.Contains("model.labels is \"", error.Message, StringComparison.Ordinal);
    }

    // A box that was corrected since: which pictures show the class may have changed with it.
    [Fact]
    public void Make_OtherAnnotations_IsRefusedByName()
    {
        string copy = Path.Combine(folder, "data"), study = Path.Combine(folder, "study");
        foreach (string file in Directory.EnumerateFiles(scenes.Folder, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(scenes.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        var options = Two with { Classes = ["mug"], PerClass = 1 };
        Maker().Make(study, null, Token);
        string annotation = Directory.EnumerateFiles(Path.Combine(copy, "Annotations")).Order(StringComparer.Ordinal).First();
        File.WriteAllText(annotation, Regex.Replace(File.ReadAllText(annotation), "<xmin>[0-9]+</xmin>", "<xmin>2</xmin>"));
        var error = Assert.Throws<InvalidDataException>(() => Maker().Make(study, null, Token));
        Assert.Contains("data.sha256 is \"", error.Message, StringComparison.Ordinal);

        StudyMaker Maker()
        {
            var data = DataSet.Open(copy, new DataSetOptions { ImageSet = "trainval" });
            var mapping = ClassMapping.BuiltIn(data, scenes.Explainer.Labels, scenes.Explainer.Model.ClassCount);
            return new StudyMaker(scenes.Explainer, data, mapping, CamMethods.Parse("gradcam++,gradcam"), options);
        }
    }

    // What is drawn already is not drawn again: the mark in its file stays.
    [Fact]
    public void Make_InterruptedWhileItDraws_DrawsTheOthersAlone()
    {
        var options = Two with { Classes = ["mug"], Workers = 1 };
        string whole = Path.Combine(folder, "whole"), broken = Path.Combine(folder, "broken");
        var expected = scenes.Maker(options).Make(whole, null, Token);
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => scenes.Maker(options).Make(broken, new After(1, cancellation), cancellation.Token));
        string[] drawn = [.. Directory.EnumerateFiles(Path.Combine(broken, Study.PicturesFolder))];
        Assert.InRange(drawn.Length, 3, 6);
        foreach (string file in drawn)
            File.WriteAllText(file, "drawn already");
        var made = scenes.Maker(options).Make(broken, null, Token);
        Assert.Equal(expected.Fingerprint, made.Fingerprint);
        Assert.All(drawn, file => Assert.Equal("drawn already", File.ReadAllText(file)));
        Assert.Equal([Study.PicturesFolder, Study.FileName], Directory.EnumerateFileSystemEntries(broken).Select(Path.GetFileName)
            .Order(StringComparer.Ordinal));
    }

    // A link to itself cannot be read by anybody: an error of the file system, which may be over the next time.
    [Theory]
    [InlineData("")]
    [InlineData("mug")]
    public void Make_PictureThatCannotBeReadThisTime_IsTriedAgainAndTheStudyComesOutTheSame(string named)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        string images = Path.Combine(folder, "images"), whole = Path.Combine(folder, "whole"), study = Path.Combine(folder, "study");
        Copy("mug", images);
        var options = Two with { ClassCount = 1, PerClass = 3, Classes = named.Length > 0 ? [named] : [] };
        Maker(images, options).Make(whole, null, Token);
        string picture = Path.Combine(images, Study.Load(whole).Pictures[1].Source);
        File.Move(picture, picture + ".kept");
        File.CreateSymbolicLink(picture, picture);
        var e = Assert.Throws<PostponedException>(() => Maker(images, options).Make(study, null, Token));
        Assert.Equal(Path.GetFileName(picture), Path.GetFileName(Assert.Single(e.Pictures).Picture));
        Assert.False(File.Exists(Path.Combine(study, Study.FileName)));
        File.Move(picture + ".kept", picture, overwrite: true);
        Maker(images, options).Make(study, null, Token);
        Assert.Equal(File.ReadAllBytes(Path.Combine(whole, Study.FileName)), File.ReadAllBytes(Path.Combine(study, Study.FileName)));
    }

    // The network makes no number of a black picture.
    [Fact]
    public void Make_MapThatIsNotFinite_LeavesThatPictureOut()
    {
        string images = Path.Combine(folder, "images", "1"), model = Path.Combine(folder, "tiny.onnx");
        Directory.CreateDirectory(images);
        for (int i = 0; i < 5; i++)
        {
            byte[] pixels = [.. Enumerable.Repeat((byte)(i < 2 ? 200 + i : 0), 8 * 8 * 3)];
            File.WriteAllBytes(Path.Combine(images, $"{i}.png"), PictureEncoder.ToPng(new Picture(8, 8, pixels)));
        }

        new TinyModel { Biases = [0, 0], Weights = [-1, 1], IsBrokenOnBlack = true }.Write(model);
        using var explainer = PictureExplainer.Load(model, null, "unit");
        var data = DataSet.Open(Path.Combine(folder, "images"));
        var warnings = new List<string>();
        var maker = new StudyMaker(explainer, data, ClassMapping.BuiltIn(data, explainer.Labels, 2), CamMethods.Parse("gradcam++,gradcam"),
            Two with { Classes = ["1"], PerClass = 2 })
        {
            Warning = warnings.Add,
        };
        var study = maker.Make(Path.Combine(folder, "study"), null, Token);
        Assert.Equal(["1/0.png", "1/1.png"], study.Pictures.Select(p => p.Source));
        Assert.InRange(maker.Errors, 1, 3);
        Assert.All(warnings, warning => Assert.Contains("not finite", warning, StringComparison.Ordinal));
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
        var unknown = Assert.Throws<InvalidDataException>(() => Make(Two with { Classes = ["zebra"] }));
        Assert.Contains("'zebra'", unknown.Message, StringComparison.Ordinal);
        Assert.NotNull(Assert.Single(Refused(Two with { Classes = ["mug"], PerClass = 999 })).PerClass);
        Assert.Contains(Refused(Two with { PerClass = 999 }), size => size.PerClass is not null);
        Assert.Contains(Refused(Two with { ClassCount = 4 }), size => size.ClassCount == 3);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));

        void Make(StudyOptions options) => scenes.Maker(options).Make(folder, null, Token);

        IEnumerable<StudySize> Refused(StudyOptions options) => Assert.Throws<StudyException>(() => Make(options)).Possible;
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
        var maker = new StudyMaker(scenes.Explainer, data, mapping, methods, options) { Warning = warnings.Add };
        var study = maker.Make(Path.Combine(folder, "study"), null, Token);
        Assert.Equal([names[1], names[2], names[4]], study.Pictures.Select(p => p.Source));
        // The draw may end before it comes to the second.
        Assert.InRange(maker.Errors, 1, 2);
        Assert.Equal(maker.Errors, warnings.Count);
    }

    private StudyMaker Maker(string images, StudyOptions options)
    {
        var data = DataSet.Open(images);
        var mapping = ClassMapping.BuiltIn(data, scenes.Explainer.Labels, scenes.Explainer.Model.ClassCount);
        return new StudyMaker(scenes.Explainer, data, mapping, CamMethods.Parse("gradcam++,gradcam"), options);
    }

    // The pictures that show a class, in a folder of its name.
    private void Copy(string name, string images)
    {
        var data = DataSet.Open(scenes.Folder, new DataSetOptions { ImageSet = "trainval" });
        Directory.CreateDirectory(Path.Combine(images, name));
        foreach (var picture in data.Pictures.Where(p => data.ClassesOf(p).Contains(name)))
            File.Copy(picture.Path, Path.Combine(images, name, picture.Id));
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
