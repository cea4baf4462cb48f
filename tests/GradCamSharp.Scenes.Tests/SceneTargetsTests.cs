using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments.Localization;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Scenes.Tests;

/// <summary>The detector that ships with the tool, on scenes of a seed that neither its training nor its held-out set has seen.</summary>
public class SceneTargetsTests
{
    [Fact]
    public void Measure_Detector_ElementWiseMapsTellObjectsApartAndAveragedWeightsDoNot()
    {
        using var explainer = PictureTargets.Load(ModelPath("scenes-detector"));
        var steps = new List<int>();
        var report = new SceneTargets(explainer, CamMethods.Parse("hirescam,gradcam++")).Measure(
            seed: 777, count: 20, new Steps(steps), TestContext.Current.CancellationToken);
        Assert.Equal(("detect", 20), (report.Task, report.Pictures));
        Assert.Equal(20, steps[^1]);
        Assert.True(report.Found >= 0.8 * report.Objects, $"{report.Found} of {report.Objects} found");
        var own = report.Scores["hirescam"];
        Assert.True(own.Own >= 0.7, $"own box {own.Own:P1}");
        Assert.True(own.Pointing >= 0.9, $"pointing {own.Pointing:P1}");
        Assert.True(own.Others < 0.1, $"the others' {own.Others:P1}");
        Assert.True(report.Scores["gradcam++"].Own < 0.5);
    }

    [Fact]
    public void Measure_Classifier_IsRefused()
    {
        using var explainer = PictureTargets.Load(ModelPath("scenes-resnet"));
        var refused = Assert.Throws<ModelException>(() => new SceneTargets(explainer, CamMethods.Parse("hirescam")).Measure(
            1, 1, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("Give a detector or a segmenter", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_NothingIsAnnotated_MeasuresNothing()
    {
        using var explainer = PictureTargets.Load(ModelPath("scenes-detector"));
        var measured = new TargetLocalization(explainer, CamMethods.Parse("hirescam"), _ => []);
        measured.Add(new Picture(8, 8, new byte[192]), [], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((1, 0, 0), (measured.Report.Pictures, measured.Report.Objects, measured.Report.Found));
        Assert.Equal(new TargetScores(null, null, null, 0), measured.Report.Scores["hirescam"]);
    }

    [Fact]
    public void Add_ClassThatTheModelLacks_IsNotFound()
    {
        using var explainer = PictureTargets.Load(ModelPath("scenes-detector"));
        var measured = new TargetLocalization(explainer, CamMethods.Parse("hirescam"), _ => []);
        measured.Add(
            new Picture(8, 8, new byte[192]), [new AnnotatedObject("sofa", new PixelBox(0, 0, 8, 8), false)],
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((1, 0), (measured.Report.Objects, measured.Report.Found));
    }

    [Fact]
    public void Measure_PixelSpaceMethod_IsRefused()
    {
        using var explainer = PictureTargets.Load(ModelPath("scenes-detector"));
        Assert.Throws<ArgumentException>(() => new TargetLocalization(explainer, CamMethods.Parse("saliency"), _ => []));
    }

    private static string ModelPath(string name) =>
        Path.Combine(SharedData.RepositoryRoot(), "src", "GradCamSharp.Cli", "Models", name + ".onnx");

    private sealed class Steps(List<int> told) : IProgress<int>
    {
        public void Report(int value) => told.Add(value);
    }
}
