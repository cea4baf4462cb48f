using GradCamSharp.Audit.Findings;
using GradCamSharp.Audit.Results;
using GradCamSharp.Evaluation;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments;
using GradCamSharp.Evaluation.Experiments.Evidence;
using GradCamSharp.Evaluation.Runs;
using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Audit.Runs;

/// <summary>
/// An audit: one pass over the data, which keeps each picture's evidence in a folder, then the analysis of all of it. The pass survives
/// whatever ends the process, and may be made in shards; the analysis is made again from the records, with the same result.
/// </summary>
public sealed class AuditRun
{
    private readonly PictureExplainer explainer;
    private readonly DataSet data;
    private readonly ClassMapping mapping;
    private readonly AuditOptions options;
    private readonly ExplanationMethod method;
    private readonly EvaluationRun pass;

    /// <summary>Prepares an audit; nothing is written yet.</summary>
    /// <param name="explainer">The model. The caller disposes it, after the audit.</param>
    /// <param name="data">The pictures.</param>
    /// <param name="mapping">Which of the model's classes the data set's are.</param>
    /// <param name="options">What to look at.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or there is no such method.</exception>
    /// <exception cref="InvalidDataException">The data set does not say its pictures' classes, and these are to be explained.</exception>
    /// <exception cref="ModelException">The method does not apply to the model.</exception>
    public AuditRun(PictureExplainer explainer, DataSet data, ClassMapping mapping, AuditOptions options)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(mapping);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PerClass, 1, "PerClass");
        if (!(options.Alarm is > 0 and <= 1))
            throw new ArgumentException("How rarely a clean data set may raise an alarm is a number above 0, at most 1.");
        method = CamMethods.Find(options.Method);
        if (method.IsPixelSpace)
        {
            throw new ArgumentException(
                $"An audit needs maps at a layer, and those of '{method.Name}' are not. Choose one such as gradcam.");
        }

        this.explainer = explainer;
        this.mapping = mapping;
        this.options = options;
        this.data = DrawnDataSet.Of(data, options.PerClass, options.Seed);
        pass = new EvaluationRun(explainer, this.data, mapping, new EvaluationOptions
        {
            Experiment = new EvidenceExperiment { ExplainsLabel = options.Explained == AuditedClass.Label },
            Methods = [method.Name],
            Limit = options.Limit,
            Seed = options.Seed,
            Batch = options.Batch,
            Shard = options.Shard,
            Data = options.Data,
            Device = options.Device,
            Workers = options.Workers,
            Command = options.Command,
        });
    }

    /// <summary>What the pass is.</summary>
    public RunManifest Manifest => pass.Manifest;

    /// <summary>The number of pictures of the pass, or of its shard.</summary>
    public int Pictures => pass.Pictures;

    /// <summary>Passes over what a folder lacks of the data.</summary>
    /// <inheritdoc cref="EvaluationRun.Run"/>
    public RecordTable Explain(
        string folder, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default) =>
        pass.Run(folder, progress, cancellationToken);

    /// <summary>Looks at the evidence that a folder's pass has kept.</summary>
    /// <param name="table">The pass, whole.</param>
    /// <param name="against">Data whose pictures should not be near-duplicates of these, as a training set's; null for none.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InvalidDataException">The records are damaged, or of another pass.</exception>
    /// <exception cref="IOException">A picture cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public AuditResult Analyse(
        RecordTable table, DataSet? against = null, IProgress<AuditProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        var differences = table.Manifest.Differences(pass.Manifest, "shard");
        if (differences.Count > 0)
        {
            throw new InvalidDataException(
                $"'{table.Folder}' holds the pass of another audit: {string.Join("; ", differences)}. Choose another folder.");
        }

        var pictures = EvidencePictures.Read(table, data, mapping, explainer, out int errors);
        var analysis = new DataAnalysis(explainer, method, pictures, options, progress, cancellationToken);
        return analysis.Run(errors, table, data, against);
    }

    /// <summary>Writes what was found into a folder: findings.json and findings/N.txt; judged.json is read before.</summary>
    /// <param name="result">What was found.</param>
    /// <param name="folder">The audit's folder.</param>
    /// <returns>The result with what people have said of its findings.</returns>
    /// <exception cref="InvalidDataException">judged.json is damaged.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static AuditResult Write(AuditResult result, string folder)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        using var claim = FolderClaim.Take(folder);
        var judged = JudgedFindings.Read(folder).Apply(result);
        FindingsFile.Write(judged, folder);
        return judged;
    }
}
