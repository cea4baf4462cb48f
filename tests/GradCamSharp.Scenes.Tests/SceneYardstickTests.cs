using System.Text.Json;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;

namespace GradCamSharp.Scenes.Tests;

/// <summary>The networks that ship with the tool, on scenes of a seed that neither their training nor its held-out set has seen.</summary>
public class SceneYardstickTests
{
    [Theory]
    [InlineData("scenes-vgg")]
    [InlineData("scenes-resnet")]
    public void Metadata_HoldsLabelsAndPreprocessing(string name)
    {
        var path = ModelPath(name);
        Assert.InRange(new FileInfo(path).Length, 1, 4_000_000);
        using var explainer = Explainer.Load(path);
        Assert.Equal(SceneClasses.Names, JsonSerializer.Deserialize<string[]>(explainer.Metadata["gradcam.labels"]));
        Assert.Equal(new PixelSize(160, 160), PreprocessingFile.Parse(explainer.Metadata["gradcam.preprocessor"], name).ExactSize);
    }

    /// <summary>Guessing points at the object in one scene of five or so, and names its class in one of twelve.</summary>
    [Theory]
    [InlineData("scenes-vgg")]
    [InlineData("scenes-resnet")]
    public void Measure_ShippedNetwork_SeesAndPointsFarAboveChance(string name)
    {
        using var explainer = PictureExplainer.Load(ModelPath(name));
        var report = new SceneYardstick(explainer, CamMethods.Parse("gradcam++,gradcam"))
            .Measure(seed: 777, count: 40, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(40, report.Repeated);
        Assert.True(report.Objects >= 80);
        Assert.True(report.Top1 >= 0.9, $"top-1 {report.Top1:P1}");
        Assert.True(report.Shown >= 0.95, $"shown {report.Shown:P1}");
        Assert.True(report.Scores["gradcam++"].Pointing >= 0.9, $"pointing {report.Scores["gradcam++"].Pointing:P1}");
        Assert.True(report.Scores["gradcam++"].Found >= 0.75, $"found {report.Scores["gradcam++"].Found:P1}");
        Assert.InRange(report.Scores["gradcam"].Loc25!.Value, 0.1, 1);
    }

    private static string ModelPath(string name) =>
        Path.Combine(SharedData.RepositoryRoot(), "src", "GradCamSharp.Cli", "Models", name + ".onnx");

    // A network that sees a clock in everything, and scenes none of which shows two.
    [Fact]
    public void Measure_NoSceneShowsThePredictedClassTwice_HasNoLocInsteadOfNoNumber()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "always.onnx");
        int clock = SceneClasses.Names.ToList().IndexOf("clock");
        float[] biases = new float[SceneClasses.Names.Count];
        biases[clock] = 50;
        new TinyModel { Biases = biases, Weights = [.. biases.Select(_ => 1f)] }.Write(path);
        using var explainer = PictureExplainer.Load(path, preprocess: "unit");
        // As many as the yardstick tries for one.
        int seed = Enumerable.Range(1, 100).First(candidate => Enumerable.Range(0, 12).All(index =>
        {
            using var scene = new ScenePainter(new SceneOptions { Seed = candidate, SingleShare = 0 }).Paint(index);
            return scene.Objects.Count(o => o.Class == "clock") < 2;
        }));
        var report = new SceneYardstick(explainer, CamMethods.Parse("gradcam")).Measure(
            seed, count: 1, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((12, 0, 0), (report.Several, report.Repeated, report.Objects));
        var score = Assert.Single(report.Scores).Value;
        Assert.Equal((null, null, null), (score.Loc25, score.Loc50, score.Found));
        Assert.Contains("\"Loc25\":null", JsonSerializer.Serialize(report), StringComparison.Ordinal);
    }
}
