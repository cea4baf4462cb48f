using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Imaging;
using GradCamSharp.Targets;
using Microsoft.ML.OnnxRuntime;
using OnnxGrad;

namespace GradCamSharp.Evaluation.Runs;

/// <summary>How far a run is.</summary>
/// <param name="Done">The number of pictures that are recorded.</param>
/// <param name="Total">The number of pictures of the run, or of its shard.</param>
/// <param name="Error">Why the picture just recorded could not be measured; null where it could.</param>
public sealed record RunProgress(int Done, int Total, string? Error = null);

/// <summary>
/// Measures the maps of a model on a data set, picture by picture, into a folder of records that survives whatever ends the process: the
/// same run started again goes on where it stopped, and ends with the same bytes.
/// </summary>
/// <remarks>
/// One picture is one forward pass with all maps, then one batch of all its explanation maps. Several pictures are in work at a time; their
/// rows are recorded in the data set's order.
/// </remarks>
public sealed class EvaluationRun
{
    private readonly RunContext context;
    private readonly IReadOnlyList<RunPicture> pictures;

    /// <summary>Prepares a run; nothing is written yet.</summary>
    /// <param name="explainer">The model. The caller disposes it, after the run.</param>
    /// <param name="data">The pictures.</param>
    /// <param name="mapping">Which of the model's classes the data set's are.</param>
    /// <param name="options">What to measure.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or there is no such method.</exception>
    /// <exception cref="InvalidDataException">The data set lacks what is to be measured.</exception>
    /// <exception cref="ModelException">The model cannot be read, or a method does not apply to it.</exception>
    public EvaluationRun(PictureExplainer explainer, DataSet data, ClassMapping mapping, EvaluationOptions options)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(mapping);
        ArgumentNullException.ThrowIfNull(options);
        Check(options, data);
        if (options.Classes == ExplainedClasses.Truth && options.Kind == RunManifest.Faithfulness)
            options = options with { Batch = 1 };
        var methods = new MeasuredMethods(options.Methods);
        var chosen = Choose(data, options);
        pictures = options.Shard is { } shard ? [.. chosen.Where(p => shard.Contains(p.Index))] : chosen;
        Manifest = ManifestOf(explainer, data, mapping, options, methods, chosen);
        context = new RunContext(explainer, data, mapping, methods, options, Manifest);
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
            TryModel();
        using var claim = RunFolder.Claim(folder);
        RunFolder.RefuseOther(folder, Manifest);
        if (!RunFolder.IsBegun(folder))
            Manifest.Write(folder);

        string summary = Path.Combine(folder, RecordTable.SummaryFile);
        int batch = context.Options.Batch;
        string records = Path.Combine(folder, RecordTable.RecordsFile);
        int[] indices = [.. pictures.Select(p => p.Index)];
        using (var log = RecordLog.Open(records, RecordSchema.Of(Manifest), indices, batch, isComplete: File.Exists(summary)))
        {
            int first = log.Pictures;
            progress?.Report(new RunProgress(first, Pictures));
            if (first < Pictures)
            {
                File.Delete(summary);
                if (isBegun)
                    TryModel();
                var work = pictures.Skip(first).Chunk(batch).ToArray();
                int workers = context.Options.Workers > 0 ? context.Options.Workers : RunThreads.Workers(0);
                OrderedPipeline.Run(work.Length, workers, () => Worker(work, cancellationToken), Record, cancellationToken);
            }

            void Record(MeasuredPicture[] measured)
            {
                foreach (var picture in measured)
                {
                    log.Append(picture.Rows);
                    progress?.Report(new RunProgress(log.Pictures, Pictures, picture.Rows[0].Error));
                }
            }
        }

        var table = RecordTable.Open(folder);
        RunSummary.Of(table).Write(folder);
        return table;
    }

    /// <summary>What a worker of the run measures with.</summary>
    /// <param name="cancellationToken">Stops it in the midst of a picture.</param>
    internal PictureMeasure CreateMeasure(CancellationToken cancellationToken) => Manifest.Kind == RunManifest.Localization
        ? new LocalizationMeasure(context, cancellationToken)
        : new FaithfulnessMeasure(context, cancellationToken);

    private static void Check(EvaluationOptions options, DataSet data)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Batch, 1, "Batch");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Batch, 1024, "Batch");
        if (options.Limit is { } limit)
            ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1, "Limit");
        if (options.Deltas.Count == 0 || options.Deltas.Any(d => !(d >= 0 && d < 1)))
            throw new ArgumentException("Deltas are numbers from 0 to less than 1.");
        if (options.Metrics.FirstOrDefault(m => m is not (RecordSchema.Insertion or RecordSchema.Deletion)) is { } unknown)
        {
            throw new ArgumentException($"There is no metric '{unknown}'. Beside drop, increase and win, which are always measured, " +
                $"there are {RecordSchema.Insertion} and {RecordSchema.Deletion}.");
        }

        if (options.Kind == RunManifest.Localization && !data.HasObjects)
        {
            throw new InvalidDataException($"'{data.Root}' has no boxes of objects, against which localisation is measured. " +
                "Give a data set in VOC's or COCO's layout.");
        }

        if (options.Kind == RunManifest.Faithfulness && options.Classes == ExplainedClasses.Truth && !data.HasObjects
            && data.Pictures.All(p => p.Classes.Count == 0))
        {
            string? stray = data.Pictures.Any(p => p.Id.Contains('/')) ? data.Pictures.FirstOrDefault(p => !p.Id.Contains('/'))?.Id : null;
            throw new InvalidDataException($"'{data.Root}' does not say its pictures' classes" + (stray is null
                ? ". Give a folder of one folder a class, or explain the predicted class."
                : $": '{stray}' lies beside the folders. Put it into its class's folder, or explain the predicted class."));
        }
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

    private static RunManifest ManifestOf(
        PictureExplainer explainer, DataSet data, ClassMapping mapping, EvaluationOptions options, MeasuredMethods methods,
        IReadOnlyList<RunPicture> chosen)
    {
        bool isLocalization = options.Kind == RunManifest.Localization;
        var model = explainer.Model;
        return new RunManifest
        {
            Kind = isLocalization ? RunManifest.Localization : RunManifest.Faithfulness,
            Model = new ManifestModel(model.ModelName, Digest.OfModel(model.ModelName), model.Layer.Name, model.Layer.Format.Name(),
                model.Score.Activation == ScoreActivation.Sigmoid ? "sigmoid" : "softmax", model.ClassCount,
                Digest.OfLines(Enumerable.Range(0, (int)model.ClassCount).Select(i => explainer.Labels[i])), options.Device),
            Methods = methods.Names,
            Metrics = isLocalization ? [] : [.. options.Metrics.Distinct().Order(StringComparer.Ordinal)],
            Deltas = isLocalization ? [.. EvaluationOptions.CurveDeltas.Union(options.Deltas).Order()] : [],
            TableDeltas = isLocalization ? [.. options.Deltas.Distinct()] : [],
            Preprocessing = Json(explainer.Preprocessing),
            MaskSpace = isLocalization ? null : options.MaskSpace == MaskSpace.Pixel ? "pixel" : "normalized",
            Classes = isLocalization ? "top5" : options.Classes == ExplainedClasses.Truth ? "truth" : "predicted",
            Data = DataOf(data, mapping, options, chosen),
            Limit = options.Limit,
            Seed = options.Seed,
            Batch = options.Batch,
            Shard = options.Shard?.ToString(),
            Versions = new ManifestVersions(VersionOf(typeof(EvaluationRun)), VersionOf(typeof(InferenceSession))),
            Command = options.Command,
        };
    }

    private static ManifestData DataOf(DataSet data, ClassMapping mapping, EvaluationOptions options, IReadOnlyList<RunPicture> chosen)
    {
        bool isLocalization = options.Kind == RunManifest.Localization;
        bool readsClasses = isLocalization || options.Classes == ExplainedClasses.Truth;
        // Of a mapping that is a file what it says counts, not where it lies.
        string? names = !readsClasses ? null : File.Exists(mapping.Source) ? Digest.OfFile(mapping.Source) : mapping.Source;
        var ids = chosen.Select(p => p.Picture).AsParallel().AsOrdered().Select(p => !readsClasses ? p.Id
            : p.Classes.Count > 0 ? $"{p.Id}\t{string.Join(',', p.Classes)}"
            : data.HasObjects ? $"{p.Id}\t{Annotation(data, p)}" : p.Id);
        bool? difficult = readsClasses && data.HasObjects ? options.Data.IncludeDifficult : null;
        return new ManifestData(data.Kind, data.Root, chosen.Count, Digest.OfLines(ids), names, difficult, options.Data.ImageSet);
    }

    // Rows of boxes that have been corrected since would stand beside rows of the old ones.
    private static string Annotation(DataSet data, DataSetPicture picture)
    {
        try
        {
            return string.Join(';', data.Objects(picture).Select(o => string.Create(
                CultureInfo.InvariantCulture, $"{o.Class} {o.Box.X} {o.Box.Y} {o.Box.Width} {o.Box.Height} {(o.Difficult ? 1 : 0)}")));
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            // The picture becomes a row with this error.
            return "damaged";
        }
    }

    /// <summary>How pictures are prepared, as the manifest says it.</summary>
    internal static JsonObject Json(Preprocessing preprocessing) => new()
    {
        ["shortest_edge"] = preprocessing.ShortestEdge,
        ["exact_size"] = Json(preprocessing.ExactSize),
        ["filter"] = preprocessing.Filter.ToString().ToLowerInvariant(),
        ["crop_size"] = Json(preprocessing.CropSize),
        ["scale"] = preprocessing.Scale,
        ["mean"] = new JsonArray([.. preprocessing.Mean.Select(m => (JsonNode)m)]),
        ["deviation"] = new JsonArray([.. preprocessing.StandardDeviation.Select(d => (JsonNode)d)]),
        ["bgr"] = preprocessing.IsBgr,
    };

    private static JsonArray? Json(PixelSize? size) => size is { } some ? [some.Width, some.Height] : null;

    private static string VersionOf(Type type)
    {
        string version = type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? type.Assembly.GetName().Version?.ToString() ?? "unknown";
        return version.Split('+')[0];
    }

    // A method that does not apply to the model would fail every picture: it ends the run before the first.
    private void TryModel()
    {
        int count = context.Options.Batch;
        bool isLocalization = Manifest.Kind == RunManifest.Localization;
        int classes = isLocalization ? (int)Math.Min(LocalizationMeasure.Top, context.Model.ClassCount) : 1;
        float[] nothing = new float[count * context.InputLength];
        context.Passes.Explain(nothing, context.InputShape(count), ClassRequest.Top(classes));
        // Localisation predicts nothing by itself: a session for that would be one more copy of the weights.
        if (!isLocalization)
            context.Passes.Predict(new float[context.InputLength], context.InputShape(1));
    }

    private Func<int, MeasuredPicture[]> Worker(RunPicture[][] work, CancellationToken cancellationToken)
    {
        var measure = CreateMeasure(cancellationToken);
        return item => measure.Measure(work[item]);
    }
}
