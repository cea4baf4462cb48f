using GradCamSharp.Evaluation.Baselines;
using GradCamSharp.Evaluation.Experiments;
using GradCamSharp.Evaluation.Experiments.Trust;
using GradCamSharp.Evaluation.Experiments.Trust.Measures;
using GradCamSharp.Evaluation.Experiments.Trust.Measuring;
using GradCamSharp.Evaluation.Imputing;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Imaging;
using GradCamSharp.Scenes;
using GradCamSharp.Targets;

namespace GradCamSharp.Evaluation.Tests.Experiments.Trust;

/// <summary>
/// Maps into which a quarter and a half of noise are mixed are worse by ROAD, in that order. A tenth is not told from none on scenes, where
/// few cells hold the object. It takes minutes: GRADCAM_ALL_REFERENCES=1.
/// </summary>
public sealed class DegradedMapsTests
{
    private const int Pictures = 100;
    private const int Size = 160;

    private static readonly float[] Shares = [0, 0.1f, 0.25f, 0.5f];

    [Fact]
    public void Measure_MapsMixedWithMuchNoise_AreWorse()
    {
        if (Environment.GetEnvironmentVariable("GRADCAM_ALL_REFERENCES") != "1")
            Assert.Skip("It takes minutes: GRADCAM_ALL_REFERENCES=1.");
        double[][] road = [.. Shares.Select(_ => new double[Pictures])];
        string folder = Directory.CreateTempSubdirectory("gradcam-degraded-").FullName;
        SceneDataSet.Write(folder, new SceneOptions { Count = Pictures, Seed = 77, Size = Size },
            cancellationToken: TestContext.Current.CancellationToken);
        string model = Path.Combine(SharedData.RepositoryRoot(), "src", "GradCamSharp.Cli", "Models", "scenes-resnet.onnx");
        using var explainer = PictureExplainer.Load(model, new ExplainerOptions { Threads = 1 });
        var space = InputSpace.Of(explainer.Preprocessing, 3);
        // As many methods as maps; the maps are this test's own.
        var methods = new MeasuredMethods(["gradcam", "gradcam++", "hirescam", "layercam"]);
        var measurer = new MapMeasurer(explainer.Model, space, methods, 1, TestContext.Current.CancellationToken);
        var passes = new Passes(explainer.Model, methods, TestContext.Current.CancellationToken);
        var spatial = explainer.Model.Layer.Spatial;
        var imputation = new Imputation(passes.Size);
        foreach (var (place, file) in Directory.EnumerateFiles(Path.Combine(folder, "JPEGImages")).Order().Index())
        {
            string id = Path.GetFileName(file);
            var prepared = explainer.Preprocessing.Prepare(file);
            float[] planes = new float[passes.Length];
            prepared.WriteTo(planes);
            var maps = measurer.Explain(planes, [ClassRequest.Top1], prepared.Geometry);
            var noise = RandomBaseline.Map(1, id, (int)spatial[0], (int)spatial[1], prepared.Geometry);
            var subject = new TrialSubject(id, 1, planes, space, (int)maps.Classes[0][0], maps.Scores[0],
                [.. Shares.Select(share => Mixed(maps.Maps[0]![0][0], noise, share, prepared.Geometry))], null);
            var measured = MapMeasurer.Measure(
                new Trial(subject, planes, explainer.Model, passes, methods, imputation), [new RoadMeasure()]);
            for (int share = 0; share < Shares.Length; share++)
                road[share][place] = ((RoadScore)measured.Scores[0][share]).Road;
        }

        Directory.Delete(folder, recursive: true);
        var means = new PairedMeans(road, new Bootstrap(Pictures));
        string figures = string.Join(", ", Enumerable.Range(0, Shares.Length).Select(s => $"{Shares[s]:P0}: {means.Mean(s):0.000}"));
        Assert.True(means.Mean(2) < Math.Min(means.Mean(0), means.Mean(1)), figures);
        Assert.True(means.Mean(3) < means.Mean(2), figures);
    }

    // Both from 0 to 1, at the network's input.
    private static HeatMap Mixed(HeatMap map, HeatMap noise, float share, Geometry geometry)
    {
        float[] mixed = [.. map.AtInput.ToArray().Zip(noise.AtInput.ToArray(), (m, n) => ((1 - share) * m) + (share * n))];
        return HeatMap.FromRaw(mixed, Size, Size, geometry);
    }
}
