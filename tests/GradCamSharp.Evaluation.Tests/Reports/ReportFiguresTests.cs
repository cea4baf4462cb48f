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
}
