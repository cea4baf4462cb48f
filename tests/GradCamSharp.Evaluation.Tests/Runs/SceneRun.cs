using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments.Faithfulness;
using GradCamSharp.Evaluation.Experiments.Localization;
using GradCamSharp.Evaluation.Runs;
using GradCamSharp.Scenes;

namespace GradCamSharp.Evaluation.Tests.Runs;

/// <summary>A network that ships with the tool and a few scenes, one of which is damaged, to run evaluations on.</summary>
public sealed class SceneRun : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("gradcam-runs-").FullName;
    private int folders;

    public SceneRun()
    {
        SceneDataSet.Write(Scenes, new SceneOptions { Count = 12, Seed = 5, Size = 160 },
            cancellationToken: TestContext.Current.CancellationToken);
        File.WriteAllText(Path.Combine(Scenes, "JPEGImages", "0005_000007.jpg"), "no picture");
        string model = Path.Combine(SharedData.RepositoryRoot(), "src", "GradCamSharp.Cli", "Models", "scenes-resnet.onnx");
        Explainer = PictureExplainer.Load(model, new ExplainerOptions { Threads = 1 });
    }

    /// <summary>VOC's layout: 12 pictures, 10 of them in trainval, of which one is damaged.</summary>
    public string Scenes => Path.Combine(root, "scenes");

    public PictureExplainer Explainer { get; }

    public static EvaluationOptions Faithfulness { get; } = new()
    {
        Experiment = new FaithfulnessExperiment(),
        Methods = ["gradcam++", "gradcam", "saliency"],
        Data = new DataSetOptions { ImageSet = "trainval" },
        Workers = 2,
    };

    public static EvaluationOptions Localization { get; } =
        Faithfulness with { Experiment = new LocalizationExperiment(), Methods = ["gradcam++", "centre"] };

    /// <summary>Two runs' records and tables are the same bytes.</summary>
    public static void AssertSameFiles(string expected, string actual)
    {
        foreach (string name in (string[])[RunFiles.Records, RunFiles.Summary])
            Assert.Equal(File.ReadAllText(Path.Combine(expected, name)), File.ReadAllText(Path.Combine(actual, name)));
    }

    /// <summary>A folder that is not there yet.</summary>
    public string NewFolder() => Path.Combine(root, $"run{folders++}");

    public EvaluationRun Run(EvaluationOptions options, string? folder = null)
    {
        var data = DataSet.Open(folder ?? Scenes, options.Data);
        return new EvaluationRun(Explainer, data, ClassMapping.BuiltIn(data, Explainer.Labels, Explainer.Model.ClassCount), options);
    }

    public RecordTable Measure(EvaluationOptions options, string? folder = null) =>
        Run(options).Run(folder ?? NewFolder(), cancellationToken: TestContext.Current.CancellationToken);

    public void Dispose()
    {
        Explainer.Dispose();
        Directory.Delete(root, recursive: true);
    }
}
