using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments.Faithfulness;
using GradCamSharp.Evaluation.Reports;
using GradCamSharp.Evaluation.Runs;
using GradCamSharp.Evaluation.Tests.Runs;

namespace GradCamSharp.Evaluation.Tests.Reports;

public sealed class ReportFiguresTests(SceneRun scenes) : IClassFixture<SceneRun>
{
    // Two pictures are measured, one of them goes: the page draws the other, and says why not both.
    [Fact]
    public void Draw_PictureThatHasGone_IsNamedWithoutTheFoldersAboveIt()
    {
        string folder = scenes.NewFolder();
        Directory.CreateDirectory(folder);
        foreach (string name in (string[])["0005_000000.jpg", "0005_000001.jpg"])
            File.Copy(Path.Combine(scenes.Scenes, "JPEGImages", name), Path.Combine(folder, name));
        var options = new EvaluationOptions { Experiment = new FaithfulnessExperiment(), Methods = ["gradcam++", "gradcam"] };
        var table = scenes.Run(options, folder).Run(scenes.NewFolder(), cancellationToken: TestContext.Current.CancellationToken);
        var data = DataSet.Open(folder, options.Data);
        File.Delete(Path.Combine(folder, "0005_000001.jpg"));

        string page = File.ReadAllText(ReportWriter.Write(
            table, new ReportOptions { Figures = 2 }, scenes.Explainer, data, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Contains("Not drawn: 0005_000001.jpg: there is no such file", page, StringComparison.Ordinal);
        Assert.Equal(1, page.Split("<figure").Length - 1);
    }

    // While figures are drawn, those before are on the disk already, beside the place that they take in the end.
    [Fact]
    public void Write_Figures_WritesEachBeforeTheNextIsDrawn()
    {
        var (table, data) = Measured();
        var seen = new List<(int Drawn, int Written)>();
        var options = new ReportOptions { Figures = 3 };
        ReportWriter.Write(table, options, scenes.Explainer, data, new Each(n => seen.Add((n, Waiting(table)))), Token);
        Assert.Equal([(1, 1), (2, 2), (3, 3)], seen);
        Assert.Equal(3, Directory.GetFiles(Path.Combine(table.Folder, ReportWriter.FiguresFolder)).Length);
        Assert.Equal(0, Waiting(table));
    }

    [Fact]
    public void Write_StoppedBetweenTwoFigures_LeavesTheEarlierReport()
    {
        var (table, data) = Measured();
        string page = ReportWriter.Write(table, new ReportOptions { Figures = 1 }, scenes.Explainer, data, cancellationToken: Token);
        string before = File.ReadAllText(page);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Assert.Throws<OperationCanceledException>(() => ReportWriter.Write(
            table, new ReportOptions { Figures = 3 }, scenes.Explainer, data, new Each(_ => stop.Cancel()), stop.Token));
        Assert.Equal(before, File.ReadAllText(page));
        Assert.Single(Directory.GetFiles(Path.Combine(table.Folder, ReportWriter.FiguresFolder)));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(table.Folder), e => e.EndsWith(".part", StringComparison.Ordinal));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static int Waiting(RecordTable table) => Directory.EnumerateDirectories(table.Folder, ".figures.*.part")
        .Sum(folder => Directory.GetFiles(folder, "*.png").Length);

    private (RecordTable Table, DataSet Data) Measured()
    {
        var options = SceneRun.Faithfulness with { Methods = ["gradcam++", "gradcam"], Limit = 3 };
        return (scenes.Measure(options), DataSet.Open(scenes.Scenes, options.Data));
    }

    private sealed class Each(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
