using System.Globalization;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments;
using GradCamSharp.Evaluation.Identities;
using GradCamSharp.Evaluation.Records;
using OnnxGrad;

namespace GradCamSharp.Evaluation.Runs;

/// <summary>How far a run is.</summary>
/// <param name="Done">The number of pictures that are recorded.</param>
/// <param name="Total">The number of pictures of the run, or of its shard.</param>
/// <param name="Error">Why the picture just tried could not be measured; null where it could.</param>
public sealed record RunProgress(int Done, int Total, string? Error = null);

/// <summary>
/// Measures the maps of a model on a data set, picture by picture, into a folder of records that survives whatever ends the process: the
/// same run started again goes on where it stopped, and ends with the same bytes.
/// </summary>
/// <remarks>
/// One picture is one forward pass with all maps, then one batch of all its explanation maps. Several pictures are in work at a time; their
/// rows are recorded in the data set's order. A picture that fails for good is a row with its error; one that fails for a reason that may
/// be over the next time has no row, and is tried again when the run goes on.
/// </remarks>
public sealed class EvaluationRun
{
    // Nothing can be read any more: a share went away, or the memory is gone for good.
    private const int MostPostponedInARow = 100;

    private readonly RunContext context;
    private readonly int workers;
    private readonly IReadOnlyList<RunPicture> pictures;

    /// <summary>Prepares a run; nothing is written yet.</summary>
    /// <param name="explainer">The model. The caller disposes it, after the run.</param>
    /// <param name="data">The pictures.</param>
    /// <param name="mapping">Which of the model's classes the data set's are.</param>
    /// <param name="options">What to measure.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or there is no such method.</exception>
    /// <exception cref="InvalidDataException">The data set lacks what is to be measured.</exception>
    /// <exception cref="IOException">A file that decides what the run is cannot be read.</exception>
    /// <exception cref="ModelException">The model cannot be read, or a method does not apply to it.</exception>
    public EvaluationRun(PictureExplainer explainer, DataSet data, ClassMapping mapping, EvaluationOptions options)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(mapping);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Batch, 1, "Batch");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Batch, 1024, "Batch");
        if (options.Limit is { } limit)
            ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1, "Limit");
        options.Experiment.Check(data);
        int batch = options.Experiment.IsBatched ? options.Batch : 1;
        var methods = new MeasuredMethods([.. options.Methods, .. options.Experiment.Beside], options.Experiment.TakesLayers);
        var chosen = Choose(data, options);
        pictures = options.Shard is { } shard ? [.. chosen.Where(p => shard.Contains(p.Index))] : chosen;
        workers = options.Workers > 0 ? options.Workers : RunThreads.Workers(0);
        context = new RunContext(explainer, data, mapping, methods, batch, options.Experiment.MethodsBeside) { All = chosen };
        Manifest = new RunManifest
        {
            Experiment = options.Experiment,
            Model = ModelIdentity.Of(explainer, options.Device),
            Methods = methods.Names,
            Preprocessing = PreprocessingIdentity.Of(explainer.Preprocessing),
            Data = DataIdentity.Of(
                data, chosen.Select(p => p.Picture), options.Data, options.Experiment.ReadsAnnotations ? mapping : null),
            Limit = options.Limit,
            Seed = options.Seed,
            Batch = batch,
            Shard = options.Shard?.ToString(),
            Versions = ProgramVersions.Current,
            Command = options.Command,
        };
    }

    /// <summary>What the run is.</summary>
    public RunManifest Manifest { get; }

    /// <summary>The number of pictures that this run measures.</summary>
    public int Pictures => pictures.Count;

    /// <summary>Measures what a folder lacks of this run.</summary>
    /// <param name="folder">The run's folder; it is made where it is missing.</param>
    /// <param name="progress">Told how far the run is, in order.</param>
    /// <param name="cancellationToken">Stops the run; what is finished is kept.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="InvalidDataException">The folder holds another run; the message names what differs.</exception>
    /// <exception cref="ModelException">A method does not apply to the model.</exception>
    /// <exception cref="PostponedException">Some pictures could not be measured this time; all others are recorded.</exception>
    /// <exception cref="IOException">The folder cannot be written, or another process writes it.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; pictures in work are left out.</exception>
    public RecordTable Run(string folder, IProgress<RunProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        // A folder of another run, and a method that does not apply, are refused before anything is written; once the folder is claimed it
        // is looked at again.
        RunFolder.RefuseOther(folder, Manifest);
        bool isBegun = RunFolder.IsBegun(folder);
        if (!isBegun)
            Manifest.Experiment.Try(context);
        using var claim = RunFolder.Claim(folder);
        RunFolder.RefuseOther(folder, Manifest);
        if (!RunFolder.IsBegun(folder))
            ManifestFile.Write(folder, Manifest);

        string summary = Path.Combine(folder, RunFiles.Summary), records = Path.Combine(folder, RunFiles.Records);
        int[] indices = [.. pictures.Select(p => p.Index)];
        var postponed = new List<PostponedPicture>();
        using (var log = RecordLog.Open(records, Manifest.Experiment.Schema, indices, context.Batch, isComplete: File.Exists(summary)))
        {
            progress?.Report(new RunProgress(log.Pictures, Pictures));
            if (log.Pictures < Pictures)
            {
                File.Delete(summary);
                if (isBegun)
                    Manifest.Experiment.Try(context);
                postponed = Measure(log, progress, cancellationToken);
            }

            if (log.Pictures == Pictures)
                log.PutInOrder();
        }

        if (postponed.Count > 0)
            throw new PostponedException(postponed);
        var table = RecordTable.Open(folder);
        RunFolder.Write(folder, table.Summary());
        return table;
    }

    /// <summary>What a worker of the run measures with.</summary>
    /// <param name="cancellationToken">Stops it in the midst of a picture.</param>
    internal PictureMeasure CreateMeasure(CancellationToken cancellationToken) =>
        Manifest.Experiment.CreateMeasure(context, cancellationToken);

    private List<PostponedPicture> Measure(RecordLog log, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        // Pictures that share a pass are the same whichever of them an earlier process has left out.
        RunPicture[][] work = [.. pictures.Chunk(context.Batch).Where(batch => !batch.All(p => log.Contains(p.Index)))];
        var postponed = new List<PostponedPicture>();
        int inARow = 0;
        OrderedPipeline.Run(work.Length, workers, () => Worker(work, cancellationToken), Record, cancellationToken);
        return postponed;

        void Record(MeasuredBatch measured)
        {
            foreach (var rows in measured.Rows)
            {
                inARow = 0;
                if (!log.Contains(rows[0].Index))
                    log.Append(rows);
                progress?.Report(new RunProgress(log.Pictures, Pictures, rows[0] is FailedRow failed ? Of(failed) : null));
            }

            foreach (var picture in measured.Postponed)
            {
                postponed.Add(picture);
                progress?.Report(new RunProgress(log.Pictures, Pictures, $"{picture.Reason} It is tried again by the same command."));
                if (++inARow == MostPostponedInARow)
                    throw new PostponedException(postponed);
            }
        }
    }

    // Most reasons begin with the picture's name.
    private static string Of(FailedRow row) =>
        row.Error.StartsWith(row.Picture, StringComparison.Ordinal) ? row.Error : $"{row.Picture}: {row.Error}";

    private Func<int, MeasuredBatch> Worker(RunPicture[][] work, CancellationToken cancellationToken)
    {
        var measure = CreateMeasure(cancellationToken);
        return item => measure.Measure(work[item]);
    }

    // All pictures, or a seeded draw of them; in the data set's order either way.
    private static IReadOnlyList<RunPicture> Choose(DataSet data, EvaluationOptions options)
    {
        IEnumerable<DataSetPicture> chosen = data.Pictures;
        if (options.Limit is { } limit && limit < data.Pictures.Count)
        {
            // The pictures whose ids hash lowest: nothing depends on the order or on a generator's version.
            chosen = data.Pictures
                .OrderBy(p => Digest.OfText(string.Create(CultureInfo.InvariantCulture, $"{options.Seed} {p.Id}")), StringComparer.Ordinal)
                .Take(limit).OrderBy(p => p.Id, StringComparer.Ordinal);
        }

        return [.. chosen.Select((picture, i) => new RunPicture(i, picture))];
    }
}
