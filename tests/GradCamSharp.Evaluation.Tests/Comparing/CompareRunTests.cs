using GradCamSharp.Evaluation.Comparing;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments.Comparing;
using GradCamSharp.Evaluation.Experiments.Trust.Measures;
using GradCamSharp.Evaluation.Runs;
using GradCamSharp.Evaluation.Tests.Runs;

namespace GradCamSharp.Evaluation.Tests.Comparing;

/// <summary>A comparison that several tests look at, measured once.</summary>
public sealed class ComparedScenes : IDisposable
{
    private readonly Lazy<RecordTable> measured;

    public ComparedScenes() => measured = new Lazy<RecordTable>(() => Measure(CompareRunTests.Options));

    public SceneRun Scenes { get; } = new();

    public RecordTable Table => measured.Value;

    public RecordTable Measure(
        CompareOptions options, string? folder = null, IProgress<CompareProgress>? progress = null, CancellationToken? stop = null)
    {
        var cancellationToken = stop ?? TestContext.Current.CancellationToken;
        folder ??= Scenes.NewFolder();
        var run = Run(options);
        return run.Run(run.Prepare(folder, cancellationToken), folder, progress, cancellationToken);
    }

    public CompareRun Run(CompareOptions options)
    {
        var data = DataSet.Open(Scenes.Scenes, options.Data);
        return new CompareRun(
            Scenes.Explainer, data, ClassMapping.BuiltIn(data, Scenes.Explainer.Labels, Scenes.Explainer.Model.ClassCount), options);
    }

    public void Dispose() => Scenes.Dispose();
}

public sealed class CompareRunTests(ComparedScenes scenes) : IClassFixture<ComparedScenes>
{
    internal static readonly CompareOptions Options = new()
    {
        Methods = ["gradcam", "hirescam", "gradcam++", "eigencam"],
        Primary = new MuFidelityMeasure { Sets = 8 },
        Count = 4,
        Data = new DataSetOptions { ImageSet = "trainval" },
        Workers = 2,
    };

    private CompareSummary Summary => (CompareSummary)scenes.Table.Summary();

    [Fact]
    public void Run_CandidatesOfTheSameMaps_AreMeasuredOnce()
    {
        Assert.Equal(["gradcam", "gradcam++", "eigencam", "centre", "random"], Summary.Candidates.Select(c => c.Name));
        Assert.Equal(["hirescam"], Summary.Candidates[0].Same);
    }

    [Fact]
    public void Run_MapThatKnowsNoClass_FailsAndIsNotMeasuredOn()
    {
        var eigencam = Summary.Candidates[2];
        Assert.Equal((Specificity.No, false), (eigencam.Gates!.Specific, eigencam.Passes));
        Assert.Null(eigencam["mu_fidelity"]);
        Assert.NotNull(eigencam["random_logit"]);
        Assert.Contains("eigencam", Assert.IsType<CompareExperiment>(scenes.Table.Manifest.Experiment).Failing);
    }

    [Fact]
    public void Run_DataWithBoxes_MeasuresWhetherMapsLieOnTheObjects() => Assert.NotNull(Summary.Candidates[0]["mass"]!.Mean);

    [Fact]
    public void Run_Records_HaveARowAPictureAndCandidate()
    {
        var rows = scenes.Table.Rows().OfType<CompareRow>().ToList();
        Assert.All(rows.GroupBy(r => r.Index), picture => Assert.Equal(5, picture.Count()));
        Assert.Equal(Summary.Pictures, rows.Select(r => r.Index).Distinct().Count());
    }

    [Fact]
    public void Run_InShards_MergesToTheSameRecords()
    {
        string[] parts = [.. Enumerable.Range(1, 2).Select(i => scenes.Measure(Options with { Shard = new Shard(i, 2) }).Folder)];
        var merged = RunMerge.Open(parts, "", TestContext.Current.CancellationToken)
            .Write(scenes.Scenes.NewFolder(), TestContext.Current.CancellationToken);
        Assert.Equal(Records(scenes.Table.Folder), Records(merged.Folder));
        // Costs are each machine's own.
        Assert.Equal(Figures(Summary), Figures((CompareSummary)merged.Summary()));
    }

    [Fact]
    public void Run_RecordsTakenAway_GoesOnAndEndsWithTheSameBytes()
    {
        string whole = scenes.Table.Folder, other = scenes.Scenes.NewFolder();
        Directory.CreateDirectory(other);
        File.Copy(Path.Combine(whole, RunFiles.Manifest), Path.Combine(other, RunFiles.Manifest));
        File.WriteAllText(Path.Combine(other, RunFiles.Records), Records(whole)[..^300]);
        scenes.Measure(Options, other);
        SceneRun.AssertSameFiles(whole, other);
    }

    [Fact]
    public void Run_Cancelled_KeepsWhatIsFinishedAndGoesOn()
    {
        string folder = scenes.Scenes.NewFolder();
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => scenes.Measure(
            Options, folder, new At(CompareStage.Measures, 1, stop.Cancel), stop.Token));
        Assert.False(File.Exists(Path.Combine(folder, RunFiles.Summary)));
        Assert.Equal(Records(scenes.Table.Folder), Records(scenes.Measure(Options, folder).Folder));
    }

    [Fact]
    public void Prepare_Budget_TakesWhatFitsAndKeepsItWhenItGoesOn()
    {
        var options = Options with { Methods = ["gradcam"], Budget = TimeSpan.FromMilliseconds(1) };
        string folder = scenes.Scenes.NewFolder();
        scenes.Measure(options, folder);
        var setup = scenes.Run(options with { Budget = TimeSpan.FromHours(1) }).Prepare(folder, TestContext.Current.CancellationToken);
        Assert.Single(setup.Pictures.Pictures);
    }

    [Fact]
    public void Prepare_LayersAuto_HasTheDefaultLayerAndOneOfEveryOtherResolution()
    {
        var names = scenes.Run(Options with { Methods = ["gradcam"], Layers = [CompareOptions.Auto] })
            .Prepare(scenes.Scenes.NewFolder(), TestContext.Current.CancellationToken).Candidates.Names;
        Assert.InRange(names.Count, 2, 4);
        Assert.Equal("gradcam", names[0]);
        Assert.All(names.Skip(1), n => Assert.StartsWith("gradcam@", n, StringComparison.Ordinal));
    }

    [Fact]
    public void Prepare_MethodThatDoesNotApply_IsRefusedWithTheReason() => Assert.Throws<ArgumentException>(() =>
        scenes.Run(Options with { Methods = ["attention-rollout"] })
            .Prepare(scenes.Scenes.NewFolder(), TestContext.Current.CancellationToken));

    [Fact]
    public void Constructor_BudgetAndShard_IsRefused() => Assert.Throws<ArgumentException>(() =>
        scenes.Run(Options with { Budget = TimeSpan.FromMinutes(1), Shard = new Shard(1, 2) }));

    [Fact]
    public void Write_Report_HasTheAnswerTheTableAndWhatItDoesNotSay()
    {
        var data = DataSet.Open(scenes.Scenes.Scenes, Options.Data);
        string page = File.ReadAllText(CompareReport.Write(
            scenes.Table, scenes.Scenes.Explainer, data, cancellationToken: TestContext.Current.CancellationToken));
        foreach (string heading in (string[])["The answer", "The table", "ROAD, step by step", "What random weights do to the maps",
            "What every column asks, and what it cannot say", "The run"])
            Assert.Contains($"<h2>{heading}</h2>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, 40, 1UL, 0, 5)]
    [InlineData(200, 40, 2UL, 3, 8)]
    [InlineData(10, 4, 1UL, 0, 2)]
    [InlineData(3, 4, 1UL, 0, 1)]
    public void Places_Pictures_AreSpreadOverAll(int among, int count, ulong seed, int first, int second)
    {
        var places = ChosenPictures.Places(among, count, seed);
        Assert.Equal((first, second, Math.Min(among, count)), (places[0], places[1], places.Distinct().Count()));
        Assert.InRange(places[^1], 0, among - 1);
    }

    private static string Records(string folder) => File.ReadAllText(Path.Combine(folder, RunFiles.Records));

    private static string[] Figures(CompareSummary summary) =>
        [.. summary.Candidates.SelectMany(c => c.Figures.Select(f => $"{c.Name} {f.Figure} {f.Mean} {f.Low} {f.High}"))];

    private sealed class At(CompareStage stage, int pictures, Action then) : IProgress<CompareProgress>
    {
        public void Report(CompareProgress value)
        {
            if (value.Stage == stage && value.Run.Done >= pictures)
                then();
        }
    }
}
