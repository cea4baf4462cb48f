using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments.Faithfulness;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Evaluation.Runs;
using GradCamSharp.Evaluation.Tests.DataSets;
using GradCamSharp.Evaluation.Tests.Experiments;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;

namespace GradCamSharp.Evaluation.Tests.Runs;

/// <summary>Pictures that fail for good, and pictures that may succeed the next time.</summary>
public sealed class FailedPictureTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("gradcam-failures-").FullName;
    private PictureExplainer? explainer;
    private int folders;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Pictures => Path.Combine(root, "pictures");

    private static EvaluationOptions Options => new()
    {
        Experiment = new FaithfulnessExperiment(),
        Methods = [CamMethods.Default.Name],
        Workers = 1,
    };

    public void Dispose()
    {
        explainer?.Dispose();
        Directory.Delete(root, recursive: true);
    }

    // Dark pictures are of class 0, for which nothing speaks: the explanation map is black, and of black the network makes no number.
    [Fact]
    public void Run_ModelThatMakesNoNumberOfAMap_IsARowWithItsReasonAndTheSummaryOfTheOthers()
    {
        Load(isBrokenOnBlack: true);
        Write("bright.png", 230);
        Write("dark.png", 20);
        var table = Measure(Options);
        var summary = (FaithfulnessSummary)table.Summary();
        Assert.Equal((1, 1, 1), (summary.Pictures, summary.Errors, summary.Pairs));
        Assert.True(File.Exists(Path.Combine(table.Folder, RunFiles.Summary)));
        var failed = Assert.Single(table.Rows().OfType<FailedRow>());
        Assert.Equal("dark.png", failed.Picture);
        Assert.Contains("scores on an explanation map are not finite", failed.Error, StringComparison.Ordinal);
    }

    // Deletion ends with a black picture.
    [Fact]
    public void Run_CurveThatEndsInNoNumber_IsARowWithItsReason()
    {
        Load(isBrokenOnBlack: true);
        Write("bright.png", 230);
        var table = Measure(Options with { Experiment = new FaithfulnessExperiment { Curves = [PixelCurve.Deletion] } });
        Assert.Contains("while pixels are removed in the order of gradcam++",
            Assert.IsType<FailedRow>(Assert.Single(table.Rows())).Error, StringComparison.Ordinal);
        Assert.Equal(1, table.Summary().Errors);
    }

    // A link to itself cannot be read by anybody, root included: an error of the file system, not of the picture.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_PictureThatCannotBeReadThisTime_IsNoRowAndTriedAgain(int batch)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        Load();
        foreach (string name in (string[])["a.png", "b.png", "c.png", "d.png", "e.png"])
            Write(name, name[0] * 2);
        var options = Options with { Batch = batch };
        string whole = Measure(options).Folder, folder = Path.Combine(root, "again");
        string[] unreadable = [Path.Combine(Pictures, "b.png"), Path.Combine(Pictures, "c.png")];
        foreach (string file in unreadable)
        {
            File.Move(file, file + ".kept");
            File.CreateSymbolicLink(file, file);
        }

        var e = Assert.Throws<PostponedException>(() => Measure(options, folder));
        Assert.Equal(["b.png", "c.png"], e.Pictures.Select(p => p.Picture));
        Assert.Contains("2 pictures could not be measured this time: b.png: ", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder, RunFiles.Summary)));
        var recorded = RecordTable.Open(folder).Rows().ToList();
        Assert.Equal(batch == 1 ? ["a.png", "d.png", "e.png"] : (string[])["e.png"], recorded.Select(r => r.Picture));
        Assert.All(recorded, row => Assert.IsType<FaithfulnessRow>(row));

        // Still not: nothing gets lost.
        Assert.Throws<PostponedException>(() => Measure(options, folder));
        foreach (string file in unreadable)
            File.Move(file + ".kept", file, overwrite: true);
        Measure(options, folder);
        SceneRun.AssertSameFiles(whole, folder);
    }

    [Fact]
    public void Run_PictureOfTheListThatIsNotThere_IsARow()
    {
        Load();
        Write("bright.png", 230);
        using var voc = new DataSetFolder().With("JPEGImages/a.png").With("Annotations/a.xml", "<annotation/>")
            .With("ImageSets/Main/val.txt", "a\nb\n");
        File.Copy(Path.Combine(Pictures, "bright.png"), voc["JPEGImages/a.png"], overwrite: true);
        var table = Measure(Options, null, voc.Root);
        Assert.Equal(["FaithfulnessRow", "FailedRow"], table.Rows().Select(r => r.GetType().Name));
    }

    [Fact]
    public void Of_WhatMayBeOverTheNextTime_IsTransient()
    {
        Assert.Equal(FailureKind.Transient, Failures.Of(new IOException("No space left on device")));
        Assert.Equal(FailureKind.Transient, Failures.Of(new UnauthorizedAccessException()));
        Assert.Equal(FailureKind.Transient, Failures.Of(new InsufficientMemoryException()));
        Assert.Equal(FailureKind.Transient, Failures.Of(Decoding(Path.Combine(root, "not mounted", "a.png"))));
        Assert.Equal(FailureKind.Permanent, Failures.Of(new InvalidDataException()));
        Assert.Null(Failures.Of(new OperationCanceledException()));
        Assert.Null(Failures.Of(new InvalidOperationException()));

        static PictureException Decoding(string path) => Assert.Throws<PictureException>(() => PictureDecoder.Decode(path));
    }

    // Earlier versions wrote what was not finite, and no summary could be made of it.
    [Fact]
    public void Summary_RecordsOfAnEarlierVersionThatAreNotFinite_AreErrors()
    {
        string folder = Path.Combine(root, "old");
        ManifestFile.Write(Directory.CreateDirectory(folder).FullName, Manifests.Faithfulness("gradcam++", "gradcam"));
        File.WriteAllText(Path.Combine(folder, RunFiles.Records),
            "index,picture,object,class,label,method,probability,masked,score,empty,error\n" +
            "0,a.jpg,,3,dog,gradcam++,0.8,0.6,5,0,\n0,a.jpg,,3,dog,gradcam,0.8,0.4,5,0,\n" +
            "1,b.jpg,,3,dog,gradcam++,0.5,NaN,5,0,\n1,b.jpg,,3,dog,gradcam,0.5,0.4,5,0,\n");
        var table = RecordTable.Open(folder);
        var summary = table.Summary();
        Assert.Equal((1, 1, 1), (summary.Pictures, summary.Errors, summary.Pairs));
        Assert.Contains("gradcam++", Assert.Single(table.Rows().OfType<FailedRow>()).Error, StringComparison.Ordinal);
    }

    private void Load(bool isBrokenOnBlack = false)
    {
        string model = Path.Combine(root, "tiny.onnx");
        new TinyModel { Biases = [1, 0], Weights = [-1, 1], IsBrokenOnBlack = isBrokenOnBlack }.Write(model);
        explainer = PictureExplainer.Load(model, new ExplainerOptions { Threads = 1 }, "unit");
    }

    // Grey, with a brighter corner.
    private void Write(string name, int grey)
    {
        byte[] pixels = new byte[8 * 8 * 3];
        Array.Fill(pixels, (byte)grey);
        Array.Fill(pixels, (byte)(grey + 20), 0, 9);
        Directory.CreateDirectory(Pictures);
        File.WriteAllBytes(Path.Combine(Pictures, name), PictureEncoder.ToPng(new Picture(8, 8, pixels)));
    }

    private RecordTable Measure(EvaluationOptions options, string? folder = null, string? data = null)
    {
        var set = DataSet.Open(data ?? Pictures, options.Data);
        var mapping = ClassMapping.BuiltIn(set, explainer!.Labels, explainer.Model.ClassCount);
        return new EvaluationRun(explainer, set, mapping, options)
            .Run(folder ?? Path.Combine(root, $"run{folders++}"), cancellationToken: Cancellation);
    }
}
