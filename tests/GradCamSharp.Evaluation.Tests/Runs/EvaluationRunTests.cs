using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Errors;
using GradCamSharp.Evaluation.Experiments;
using GradCamSharp.Evaluation.Experiments.Faithfulness;
using GradCamSharp.Evaluation.Experiments.Localization;
using GradCamSharp.Evaluation.Parquet;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Evaluation.Runs;
using GradCamSharp.Evaluation.Tests.DataSets;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Scenes;
using OnnxGrad;

namespace GradCamSharp.Evaluation.Tests.Runs;

public sealed class EvaluationRunTests(SceneRun scenes) : IClassFixture<SceneRun>
{
    private static readonly FaithfulnessExperiment Truth = new() { Classes = ExplainedClasses.Truth };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Each number again, by the library's front door and its own rendering of the explanation map.</summary>
    [Fact]
    public void Run_Faithfulness_RecordsWhatTheLibrarySaysOfEachPicture()
    {
        var table = scenes.Measure(SceneRun.Faithfulness);
        var rows = table.Rows().OfType<FaithfulnessRow>().ToList();
        Assert.Equal(9 * 3, rows.Count);
        foreach (var picture in rows.GroupBy(r => r.Picture).Take(3))
        {
            var decoded = PictureDecoder.Decode(Path.Combine(scenes.Scenes, "JPEGImages", picture.Key));
            var result = scenes.Explainer.Explain(decoded, CamMethods.Parse("gradcam++,gradcam,saliency"), cancellationToken: Cancellation);
            foreach (var (row, explanation) in picture.Zip(result.Explanations))
            {
                Assert.Equal(explanation.Method.Name, row.Of.Method);
                Assert.Equal(result.Predictions[0].Index, row.Of.Class);
                Assert.Equal(result.Predictions[0].Probability, row.Probability, 1e-6);
                Assert.Equal(result.Predictions[0].Score, row.Of.Score, 1e-4);
                float[] input = new float[3 * 160 * 160];
                result.Prepared.WriteTo(input);
                result.Prepared.Mask(input, explanation.HeatMap.AtInput.Span, input);
                var scores = scenes.Explainer.Model.Predict(input, new Shape(1, 3, 160, 160), Cancellation)[0];
                var masked = scenes.Explainer.Predict(scores.AsSpan(), 12);
                Assert.Equal(masked.Single(p => p.Index == row.Of.Class).Probability, row.Masked, 1e-5);
            }
        }
    }

    // Two that begin at the same moment: the second must not leave its manifest beside the first's records.
    [Fact]
    public void Run_FolderThatAnotherProcessHasClaimed_WritesNothing()
    {
        string folder = scenes.NewFolder();
        using (FolderClaim.Take(folder))
        {
            Assert.Throws<IOException>(() => scenes.Measure(SceneRun.Faithfulness, folder));
            Assert.Equal([FolderClaim.LockFile], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName));
        }

        Assert.Equal(9, scenes.Measure(SceneRun.Faithfulness with { Methods = ["gradcam"] }, folder).Summary().Pictures);
    }

    [Fact]
    public void Run_DamagedPicture_IsARowWithItsErrorAndNotItsPath()
    {
        var table = scenes.Measure(SceneRun.Faithfulness);
        var row = Assert.Single(table.Rows().OfType<FailedRow>());
        Assert.Equal("0005_000007.jpg", row.Picture);
        Assert.Contains("not a picture", row.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(scenes.Scenes, row.Error, StringComparison.Ordinal);
        var summary = table.Summary();
        Assert.Equal((9, 1), (summary.Pictures, summary.Errors));
        Assert.Equal(summary.ToText() + "\n", File.ReadAllText(Path.Combine(table.Folder, RunFiles.Summary)));
    }

    [Fact]
    public void Run_FolderGivenInAnyWay_RecordsTheSameBytes()
    {
        string folder = Path.Combine(scenes.NewFolder(), "scenes");
        SceneDataSet.Write(folder, new SceneOptions { Count = 6, Seed = 8, Size = 96 }, cancellationToken: Cancellation);
        string[] names = File.ReadAllLines(Path.Combine(folder, "ImageSets", "Main", "trainval.txt"));
        File.WriteAllText(Path.Combine(folder, "Annotations", names[0] + ".xml"), "<annotation>");
        File.WriteAllText(Path.Combine(folder, "JPEGImages", names[1] + ".jpg"), "no picture");
        string[] ways =
        [
            folder, folder + Path.DirectorySeparatorChar, Path.GetRelativePath(Environment.CurrentDirectory, folder),
            Path.Combine(folder, "JPEGImages", ".."),
        ];
        string[] records = [.. ways.Select(way => File.ReadAllText(Path.Combine(
            scenes.Run(SceneRun.Localization, way).Run(scenes.NewFolder(), cancellationToken: Cancellation).Folder,
            RunFiles.Records)))];
        Assert.Contains($",\"Annotations/{names[0]}.xml, line 1: ", records[0], StringComparison.Ordinal);
        Assert.Contains($"{names[1]}.jpg: ", records[0], StringComparison.Ordinal);
        Assert.DoesNotContain(folder, records[0], StringComparison.Ordinal);
        Assert.All(records, r => Assert.Equal(records[0], r));
    }

    [Fact]
    public void Run_AgainAfterItsRecordsAreCut_EndsWithTheSameBytes()
    {
        string folder = scenes.Measure(SceneRun.Faithfulness).Folder;
        string records = Path.Combine(folder, RunFiles.Records), summary = Path.Combine(folder, RunFiles.Summary);
        byte[] whole = File.ReadAllBytes(records), table = File.ReadAllBytes(summary);
        foreach (double share in (double[])[0, 0.4, 0.99])
        {
            File.WriteAllBytes(records, whole[..(int)(whole.Length * share)]);
            File.Delete(summary);
            scenes.Measure(SceneRun.Faithfulness, folder);
            Assert.Equal(whole, File.ReadAllBytes(records));
            Assert.Equal(table, File.ReadAllBytes(summary));
        }
    }

    [Fact]
    public void Run_FolderWithFilesThatKilledProcessesHalfWrote_IsRidOfThem()
    {
        string folder = scenes.Measure(SceneRun.Faithfulness with { Limit = 1 }).Folder;
        foreach (string name in (string[])[RunFiles.Parquet, RunFiles.Summary])
            File.WriteAllText(Path.Combine(folder, $".{name}.{Guid.NewGuid():N}.part"), "torn");
        ParquetRecords.Write(scenes.Measure(SceneRun.Faithfulness with { Limit = 1 }, folder));
        Assert.Equal([RunFiles.Manifest, RunFiles.Records, RunFiles.Parquet, RunFiles.Summary],
            Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Run_Cancelled_KeepsWhatIsFinishedAndGoesOn()
    {
        string folder = scenes.NewFolder(), reference = scenes.Measure(SceneRun.Faithfulness).Folder;
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => scenes.Run(SceneRun.Faithfulness).Run(folder, new Each(p =>
        {
            if (p.Done == 2)
                source.Cancel();
        }), source.Token));
        Assert.InRange(RecordTable.Open(folder).Pictures().Count(), 2, 7);
        Assert.False(File.Exists(Path.Combine(folder, RunFiles.Summary)));
        scenes.Measure(SceneRun.Faithfulness, folder);
        SceneRun.AssertSameFiles(reference, folder);
    }

    // A picture may take hundreds of passes: who waits for its end is killed first, while the runtime is torn down under the passes.
    [Fact]
    public void Measure_Cancelled_IsNoResultAndNoErrorOfThePicture()
    {
        foreach (var options in (EvaluationOptions[])[SceneRun.Faithfulness, SceneRun.Localization])
        {
            using var source = new CancellationTokenSource();
            var measure = scenes.Run(options).CreateMeasure(source.Token);
            var data = DataSet.Open(scenes.Scenes, options.Data);
            RunPicture[] pictures = [new(0, data.Pictures[0])];
            Assert.IsAssignableFrom<MeasuredRow>(Assert.Single(measure.Measure(pictures).Rows)[0]);
            source.Cancel();
            Assert.Throws<OperationCanceledException>(() => measure.Measure(pictures));
        }
    }

    [Fact]
    public void Run_CompleteAlready_MeasuresNothing()
    {
        string folder = scenes.Measure(SceneRun.Faithfulness).Folder;
        var reports = new List<RunProgress>();
        scenes.Run(SceneRun.Faithfulness).Run(folder, new Each(reports.Add), Cancellation);
        Assert.Equal(new RunProgress(10, 10), Assert.Single(reports));
    }

    [Fact]
    public void Run_OtherOptionsIntoTheSameFolder_AreRefusedByName()
    {
        string folder = scenes.Measure(SceneRun.Faithfulness with { Limit = 1 }).Folder;
        var error = Assert.Throws<EvaluationException>(() =>
            scenes.Measure(SceneRun.Faithfulness with
            {
                Limit = 1,
                Experiment = new FaithfulnessExperiment { MaskSpace = MaskSpace.Normalized },
            }, folder));
        Assert.Contains("mask_space is \"pixel\", not \"normalized\"", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("methods", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_RecordsWithoutManifest_AreNotTouched()
    {
        string folder = scenes.NewFolder();
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, RunFiles.Records), "mine");
        Assert.Throws<EvaluationException>(() => scenes.Measure(SceneRun.Faithfulness, folder));
        Assert.Equal("mine", File.ReadAllText(Path.Combine(folder, RunFiles.Records)));
    }

    [Fact]
    public void Run_SeveralPicturesAPass_MeasuresTheSame()
    {
        var one = scenes.Measure(SceneRun.Faithfulness).Rows().ToList();
        var four = scenes.Measure(SceneRun.Faithfulness with { Batch = 4 }).Rows().ToList();
        Assert.Equal(one.Select(Described), four.Select(Described));
        foreach (var (a, b) in one.OfType<FaithfulnessRow>().Zip(four.OfType<FaithfulnessRow>()))
            Assert.Equal(a.Masked, b.Masked, 1e-5);

        static string Described(PictureRow row) => row switch
        {
            MeasuredRow { Of: var of } => $"{of.Picture} {of.Method} {of.Class}",
            FailedRow failed => $"{failed.Picture} {failed.Error}",
            _ => row.Picture,
        };
    }

    [Fact]
    public void Run_Truth_ExplainsEachClassThatThePictureShows()
    {
        var rows = scenes.Measure(SceneRun.Faithfulness with { Experiment = Truth, Limit = 3 }).Rows()
            .OfType<FaithfulnessRow>().ToList();
        var data = DataSet.Open(scenes.Scenes, SceneRun.Faithfulness.Data);
        foreach (var picture in rows.GroupBy(r => r.Picture))
        {
            var shown = data.ClassesOf(data.Pictures.Single(p => p.Id == picture.Key));
            Assert.Equal(shown.SelectMany(name => Enumerable.Repeat(name, 3)), picture.Select(r => r.Of.Object));
            Assert.All(picture, r => Assert.Equal(r.Of.Object, r.Of.Label));
        }
    }

    [Fact]
    public void Run_InsertionAndDeletion_AreAreasUnderProbabilities()
    {
        var rows = scenes.Measure(
            SceneRun.Faithfulness with
            {
                Methods = ["gradcam++"],
                Experiment = new FaithfulnessExperiment { Curves = [PixelCurve.Deletion, PixelCurve.Insertion] },
                Limit = 2,
            }).Rows().OfType<FaithfulnessRow>().ToList();
        Assert.NotEmpty(rows);
        Assert.All(rows, r => Assert.InRange(r.Insertion!.Value, 0.02, 1));
        Assert.All(rows, r => Assert.InRange(r.Deletion!.Value, 0.0001, r.Insertion!.Value));
    }

    [Fact]
    public void Run_Localization_FindsObjectsBetterThanTheCentre()
    {
        var table = scenes.Measure(SceneRun.Localization);
        var summary = (LocalizationSummary)table.Summary();
        Assert.Equal((9, 1), (summary.Pictures, summary.Errors));
        Assert.InRange(summary.Pairs, 9, 27);
        Assert.Equal(["gradcam++", "centre"], summary.Methods.Select(m => m.Method));
        Assert.True(summary.Methods[0].Pointing > summary.Methods[1].Pointing,
            $"{summary.Methods[0].Pointing} against {summary.Methods[1].Pointing}");
        Assert.All(table.Rows().OfType<LocalizationRow>(), r =>
        {
            Assert.InRange(r.Rank, 1, 5);
            Assert.Equal(r.Of.Object, r.Of.Label);
            Assert.True(r.Objects.Internal.Zip(r.Objects.Internal.Skip(1)).All(p => p.First >= p.Second));
            Assert.True(r.Objects.Internal[0] <= r.Objects.Box);
        });
    }

    // The annotation knows no size, so that only the picture itself, of 160 pixels, says that the box is not in it.
    [Fact]
    public void Run_LocalizationOfABoxOutsideThePicture_IsARowWithItsError()
    {
        string picture = Directory.EnumerateFiles(Path.Combine(scenes.Scenes, "JPEGImages")).Order(StringComparer.Ordinal).First();
        using var folder = new DataSetFolder().With("JPEGImages/a.jpg").With("Annotations/a.xml",
            "<annotation><object><name>mug</name><bndbox><xmin>161</xmin><ymin>1</ymin><xmax>170</xmax><ymax>9</ymax></bndbox>" +
            "</object></annotation>");
        File.Copy(picture, folder["JPEGImages/a.jpg"], overwrite: true);
        var run = scenes.Run(SceneRun.Localization with { Data = new DataSetOptions() }, folder.Root);
        var row = Assert.Single(run.Run(scenes.NewFolder(), cancellationToken: TestContext.Current.CancellationToken).Rows());
        Assert.Equal(
            "a.jpg: the mug's box begins at 160, 0, outside the picture of 160 x 160 pixels. Correct its annotation.",
            Assert.IsType<FailedRow>(row).Error);
    }

    // Rows of the old boxes would stand beside rows of the new ones. The predicted class needs no boxes.
    [Fact]
    public void Manifest_AnnotationThatHasChanged_IsAnotherRunWhereObjectsCount()
    {
        using var folder = new DataSetFolder().With("JPEGImages/a.jpg");
        EvaluationOptions[] kinds =
            [SceneRun.Localization, SceneRun.Faithfulness with { Experiment = Truth }, SceneRun.Faithfulness];
        string[][] digests = [.. new[] { "mug</name>", "cup</name>", "damaged" }.Select(text =>
        {
            folder.With("Annotations/a.xml", $"<annotation><object><name>{text}<bndbox><xmin>1</xmin><ymin>1</ymin><xmax>9</xmax>" +
                "<ymax>9</ymax></bndbox></object></annotation>");
            return kinds.Select(k => scenes.Run(k with { Data = new DataSetOptions() }, folder.Root).Manifest.Data.Sha256).ToArray();
        })];
        Assert.Equal([3, 3, 1], kinds.Select((_, kind) => digests.Select(d => d[kind]).Distinct().Count()));
    }

    [Fact]
    public void Limit_Seeds_DrawTheSameOrOtherPictures()
    {
        string[] Drawn(long seed) =>
            [.. scenes.Measure(SceneRun.Faithfulness with { Methods = ["gradcam"], Limit = 4, Seed = seed }).Rows().Select(r => r.Picture)];
        string[] one = Drawn(1);
        Assert.Equal(4, one.Length);
        Assert.Equal(one.Order(StringComparer.Ordinal), one);
        Assert.Equal(one, Drawn(1));
        Assert.NotEqual(one, Drawn(2));
    }

    [Fact]
    public void Constructor_NothingToMeasure_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => scenes.Run(SceneRun.Faithfulness with { Methods = ["centre"] }));
        Assert.Throws<ArgumentException>(() => scenes.Run(SceneRun.Faithfulness with { Methods = ["gradcamm"] }));
        var deltas = new LocalizationExperiment { Deltas = [0.5, 1] };
        Assert.Throws<ArgumentException>(() => scenes.Run(SceneRun.Localization with { Experiment = deltas }));
        Assert.Throws<ArgumentOutOfRangeException>(() => scenes.Run(SceneRun.Faithfulness with { Batch = 0 }));
    }

    [Fact]
    public void Constructor_PictureBesideTheFoldersOfClasses_IsNamed()
    {
        using var folder = new DataSetFolder().With("mug/a.jpg").With("cup/b.jpg").With("stray.jpg");
        var options = SceneRun.Faithfulness with { Experiment = Truth, Data = new DataSetOptions() };
        var e = Assert.Throws<InvalidDataException>(() => scenes.Run(options, folder.Root));
        Assert.Contains("'stray.jpg' lies beside the folders", e.Message, StringComparison.Ordinal);
    }

    private sealed class Each(Action<RunProgress> report) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => report(value);
    }
}
