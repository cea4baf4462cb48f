using GradCamSharp.Evaluation.Experiments.Trust;
using GradCamSharp.Evaluation.Experiments.Trust.Measures;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Evaluation.Reports;
using GradCamSharp.Evaluation.Runs;
using GradCamSharp.Evaluation.Tests.Runs;

namespace GradCamSharp.Evaluation.Tests.Experiments.Trust;

/// <summary>A run that several tests look at, measured once.</summary>
public sealed class TrustRun : IDisposable
{
    private readonly Lazy<RecordTable> measured;

    public TrustRun() => measured = new Lazy<RecordTable>(() => Scenes.Measure(TrustRunTests.Options));

    public SceneRun Scenes { get; } = new();

    public RecordTable Table => measured.Value;

    public void Dispose() => Scenes.Dispose();
}

public sealed class TrustRunTests(TrustRun run) : IClassFixture<TrustRun>
{
    private readonly SceneRun scenes = run.Scenes;

    internal static readonly EvaluationOptions Options = SceneRun.Faithfulness with
    {
        Experiment = new TrustExperiment
        {
            Measures =
            [
                new RoadMeasure(), new MuFidelityMeasure { Sets = 8 }, new RandomLogitMeasure(), new BetweenPicturesMeasure(),
                new MassMeasure(), new SparsenessMeasure(),
            ],
        },
        Methods = ["gradcam", "saliency"],
        Limit = 3,
    };

    [Fact]
    public void Run_WholeAndInShards_GivesTheSameBytes()
    {
        string whole = run.Table.Folder;
        string[] parts = [.. Enumerable.Range(1, 2).Select(i => scenes.Measure(Options with { Shard = new Shard(i, 2) }).Folder)];
        string merged = RunMerge.Open(parts, "", TestContext.Current.CancellationToken)
            .Write(scenes.NewFolder(), TestContext.Current.CancellationToken).Folder;
        SceneRun.AssertSameFiles(whole, merged);
    }

    [Fact]
    public void Run_WithRecordsTakenAway_GoesOnAndEndsWithTheSameBytes()
    {
        string whole = run.Table.Folder, other = scenes.NewFolder();
        Directory.CreateDirectory(other);
        File.Copy(Path.Combine(whole, RunFiles.Manifest), Path.Combine(other, RunFiles.Manifest));
        File.WriteAllText(Path.Combine(other, RunFiles.Records), File.ReadAllText(Path.Combine(whole, RunFiles.Records))[..^300]);
        scenes.Measure(Options, other);
        SceneRun.AssertSameFiles(whole, other);
    }

    [Fact]
    public void Run_AnyMethods_HasTheBaselinesBesideThem()
    {
        var table = run.Table;
        Assert.Equal(["gradcam", "saliency", "centre", "random"], table.Manifest.Methods);
        var summary = (TrustSummary)table.Summary();
        // A baseline is the same map whichever class is asked for.
        Assert.Equal(1, summary.Methods[2]["random_logit"]!.Mean!.Value, 1e-9);
        Assert.Equal(1, summary.Methods[3]["random_logit"]!.Mean!.Value, 1e-9);
        Assert.True(summary.Methods[0]["random_logit"]!.Mean < 0.9);
        Assert.InRange(summary.Methods[0]["between_pictures"]!.Mean!.Value, -1, 0.9);
        Assert.All(summary.Methods.SelectMany(m => m.Figures).Where(f => f.Mean is not null),
            f => Assert.True(f.Low <= f.Mean && f.Mean <= f.High, f.Figure));
    }

    [Fact]
    public void Rows_ReadBack_AreWhatWasMeasured()
    {
        var table = run.Table;
        var rows = table.Rows().OfType<TrustRow>().ToList();
        string[][] written = [.. rows.Select(row => table.Manifest.Experiment.Schema.Columns.Select(c => Text(c, row)).ToArray())];
        string[][] lines = [.. File.ReadLines(Path.Combine(table.Folder, RunFiles.Records)).Skip(1)
            .Where(line => !line.Contains("0005_000007", StringComparison.Ordinal)).Select(line => line.Split(','))];
        Assert.Equal(lines.Length, written.Length);
        Assert.All(lines.Zip(written), pair => Assert.Equal(pair.First[^20..], pair.Second[^20..]));
    }

    [Fact]
    public void Write_Report_HasATableOfEveryMeasure()
    {
        var table = run.Table;
        string page = File.ReadAllText(ReportWriter.Write(table, new ReportOptions { Figures = 0 },
            cancellationToken: TestContext.Current.CancellationToken));
        Assert.All(((TrustExperiment)table.Manifest.Experiment).Measures, m => Assert.Contains($"<h2>{m.Title}</h2>", page));
        Assert.Contains("Always the centre", page);
    }

    [Fact]
    public void Run_MethodAtALayer_IsMeasuredThere()
    {
        string layer = scenes.Explainer.Model.FindLayers()[^2].Name;
        var options = Options with
        {
            Experiment = new TrustExperiment { Measures = [new SparsenessMeasure()] },
            Methods = ["gradcam", "gradcam@" + layer],
            Limit = 2,
        };
        var summary = (TrustSummary)scenes.Measure(options).Summary();
        Assert.NotEqual(summary.Methods[0]["gini"]!.Mean, summary.Methods[1]["gini"]!.Mean);
    }

    [Theory]
    [InlineData("infidelity", "no unit")]
    [InlineData("completeness", "sum to the score")]
    [InlineData("monotonicity", "false for every map")]
    public void Find_RefusedMeasure_SaysWhy(string name, string reason) =>
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => AllMeasures.Find(name)).Message, StringComparison.Ordinal);

    [Fact]
    public void Find_FigureOfAMeasure_FindsTheMeasure()
    {
        Assert.IsType<MassMeasure>(AllMeasures.Find("rank"));
        Assert.IsType<SparsenessMeasure>(AllMeasures.Find("entropy"));
        Assert.IsType<BoxMeasure>(AllMeasures.Find("MaxBoxAcc"));
    }

    [Fact]
    public void Time_Network_CostsMoreForMoreMeasures()
    {
        var plan = TrustPlan.Time(scenes.Explainer, ["gradcam", "centre", "random"], TestContext.Current.CancellationToken);
        Assert.Equal(3 * 14, plan.Passes(new RoadMeasure()));
        Assert.Equal(3 * 14, plan.Imputations(new RoadMeasure()));
        Assert.Equal(128, plan.Passes(new MuFidelityMeasure()));
        Assert.True(plan.APicture([new RoadMeasure(), new MuFidelityMeasure()]) > plan.APicture([new MuFidelityMeasure()]));
        Assert.Equal(plan.APicture([new RoadMeasure(), new AdccMeasure(), new ArccMeasure()]),
            plan.APicture([new RoadMeasure(), new AdccMeasure()]));
        Assert.Equal(1, plan.Pictures([new RoadMeasure()], TimeSpan.FromTicks(1), 2));
    }

    private static string Text(RecordColumn column, PictureRow row) => column.Format(row);
}
