using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments.Faithfulness;
using GradCamSharp.Evaluation.Parquet;
using GradCamSharp.Evaluation.Runs;
using GradCamSharp.Imaging;
using OnnxGrad;

namespace GradCamSharp.Fuzz;

/// <summary>The records of a run, as CSV, read back, summed up and written as Parquet.</summary>
public sealed class RecordsHarness : FolderHarness
{
    private const string Records = "records.csv";
    private readonly byte[] records;

    /// <summary>Makes a run of two pictures, whose records are the seed.</summary>
    public RecordsHarness()
    {
        string pictures = Directory.CreateDirectory(Path.Combine(Folder, "pictures")).FullName;
        foreach (string name in (string[])["a", "b"])
            System.IO.File.WriteAllBytes(Path.Combine(pictures, name + ".png"), PictureEncoder.ToPng(PictureHarness.Small()));
        string model = File("model", "model.onnx");
        OnnxModel.Parse(SmallModels.All()[^2]).Save(model);
        System.IO.File.WriteAllText(File("model", "labels.txt"), "cat\ndog\nbird\n");
        using var explainer = PictureExplainer.Load(model, new ExplainerOptions { Threads = 1 });
        var data = DataSet.Open(pictures);
        var mapping = ClassMapping.BuiltIn(data, explainer.Labels, explainer.Model.ClassCount);
        var options = new EvaluationOptions { Experiment = new FaithfulnessExperiment(), Methods = ["gradcam++", "gradcam"], Workers = 1 };
        new EvaluationRun(explainer, data, mapping, options).Run(Run);
        records = System.IO.File.ReadAllBytes(Path.Combine(Run, Records));
    }

    public override string Name => "records";

    public override IReadOnlyList<string> Words { get; } = ["\"", "\"\"", ",", "\r\n", "\n", "gradcam++", "NaN", "a.png", "yes", "no"];

    private string Run => Path.Combine(Folder, "run");

    public override IReadOnlyList<byte[]> Seeds() => [records];

    protected override void Take(byte[] input)
    {
        System.IO.File.WriteAllBytes(Path.Combine(Run, Records), input);
        var table = RecordTable.Open(Run);
        _ = table.Summary().ToText();
        ParquetRecords.Write(table);
    }
}
