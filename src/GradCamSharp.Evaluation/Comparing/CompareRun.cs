using System.Text.Json.Nodes;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments;
using GradCamSharp.Evaluation.Experiments.Comparing;
using GradCamSharp.Evaluation.Experiments.Trust;
using GradCamSharp.Evaluation.Identities;
using GradCamSharp.Evaluation.Runs;
using OnnxGrad;

namespace GradCamSharp.Evaluation.Comparing;

/// <summary>What a comparison is doing.</summary>
public enum CompareStage
{
    /// <summary>Whether candidates are sane, specific and there.</summary>
    Gates,

    /// <summary>How faithful those are that pass.</summary>
    Measures,
}

/// <summary>How far a comparison is.</summary>
/// <param name="Stage">What it is doing.</param>
/// <param name="Run">How far that is.</param>
public sealed record CompareProgress(CompareStage Stage, RunProgress Run);

/// <summary>What a comparison is going to do, known before anything is measured.</summary>
/// <param name="Candidates">The candidates.</param>
/// <param name="Plan">What it takes on this machine; of a run that has begun on the machine that began it.</param>
/// <param name="Pictures">The pictures, over all shards.</param>
public sealed record CompareSetup(Candidates Candidates, ComparePlan Plan, DataSet Pictures);

/// <summary>
/// Compares the maps of methods and layers on a model's own pictures: finds the candidates, puts them through the gates, measures those
/// that pass, and says which to take. What is measured lies in a folder that survives whatever ends the process: the same run started again
/// goes on where it stopped.
/// </summary>
/// <remarks>
/// The gates are a run of their own in the folder <c>gates</c> of the comparison's; its rows are repeated in the comparison's records,
/// which say all by themselves. Every shard runs the gates on the same pictures, so that all know the same of the candidates.
/// </remarks>
public sealed class CompareRun
{
    /// <summary>The folder of the gates' run in the comparison's.</summary>
    public const string GatesFolder = "gates";

    private readonly PictureExplainer explainer;
    private readonly DataSet data;
    private readonly ClassMapping mapping;
    private readonly CompareOptions options;

    /// <summary>Prepares a comparison; nothing is measured yet.</summary>
    /// <param name="explainer">The model. The caller disposes it, after the run.</param>
    /// <param name="data">The pictures.</param>
    /// <param name="mapping">Which of the model's classes the data set's are.</param>
    /// <param name="options">What to compare.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public CompareRun(PictureExplainer explainer, DataSet data, ClassMapping mapping, CompareOptions options)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(mapping);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Count, 1, "Count");
        if (options is { Shard: not null, Budget: not null })
            throw new ArgumentException("Parts have to agree on the number of pictures, and a budget is timed by each. Give the number.");
        if (options.Primary.Figures[0] is { OfAll: not null } or { Better: Experiments.Trust.Measures.Better.Neither })
        {
            throw new ArgumentException(
                $"{options.Primary.Title} cannot decide: it is no figure a picture of which more or less is better. " +
                "Take road or mu-fidelity.");
        }

        (this.explainer, this.data, this.mapping, this.options) = (explainer, data, mapping, options);
    }

    /// <summary>A short name of eight digits: the same for the same model, pictures and options.</summary>
    public string ShortName => HashedIdentity.Of(new JsonObject
    {
        ["model"] = Digest.OfModel(explainer.Model.ModelName),
        ["layer"] = explainer.Model.Layer.Name,
        ["preprocessing"] = PreprocessingIdentity.Of(explainer.Preprocessing),
        ["pictures"] = Digest.OfLines(data.Pictures.Select(p => p.Id)),
        ["methods"] = string.Join(',', options.Methods),
        ["layers"] = string.Join(',', options.Layers),
        ["count"] = options.Budget is { } time ? FormattableString.Invariant($"{time.TotalSeconds}s")
            : FormattableString.Invariant($"{options.Count}"),
        ["seed"] = options.Seed,
        ["measures"] = string.Join(',', options.Deciding.Concat(options.Beside(data.HasObjects)).Select(TrustExperiment.Written)),
        ["groups"] = options.GroupsByFolder,
        ["shard"] = options.Shard?.ToString(),
    }).ShortName;

    /// <summary>Finds the candidates, times their passes, and chooses the pictures.</summary>
    /// <param name="folder">The run's folder: of one that has begun, times and the number of pictures are kept.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ArgumentException">There is no such method, or one does not apply to the model.</exception>
    /// <exception cref="ModelException">There is no such layer.</exception>
    /// <exception cref="InvalidDataException">The folder holds another experiment.</exception>
    public CompareSetup Prepare(string folder, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var begun = File.Exists(Path.Combine(folder, RunFiles.Manifest)) ? ManifestFile.Read(folder) : null;
        var candidates = Candidates.Find(explainer, data, options, cancellationToken);
        var some = PreparedInputs.Of(explainer, ChosenPictures.Spread(data, 4, options.Seed), 4);
        var plan = ComparePlan.Time(explainer, some, candidates.Names, Experiment([0]), cancellationToken);
        if (begun?.Experiment is CompareExperiment own)
            plan = plan with { Costs = own.Costs };
        int count = options.Budget is not { } budget ? options.Count : begun?.Data.Pictures ?? plan.Pictures(budget, Workers);
        return new CompareSetup(candidates, plan, ChosenPictures.Spread(data, count, options.Seed));
    }

    /// <summary>Measures what a folder lacks of the comparison.</summary>
    /// <param name="setup">What <see cref="Prepare"/> found.</param>
    /// <param name="folder">The run's folder; it is made where it is missing.</param>
    /// <param name="progress">Told how far the run is, in order.</param>
    /// <param name="cancellationToken">Stops the run; what is finished is kept.</param>
    /// <returns>The folder; its summary is a <see cref="CompareSummary"/>.</returns>
    /// <exception cref="InvalidDataException">The folder holds another run; the message names what differs.</exception>
    /// <exception cref="ModelException">A method does not apply to the model.</exception>
    /// <exception cref="PostponedException">Some pictures could not be measured this time; all others are recorded.</exception>
    /// <exception cref="IOException">The folder cannot be written, or another process writes it.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; pictures in work are left out.</exception>
    public RecordTable Run(
        CompareSetup setup, string folder, IProgress<CompareProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(setup);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        int count = setup.Pictures.Pictures.Count;
        var first = ChosenPictures.Places(count, CompareOptions.FirstPictures, options.Seed);
        var gates = new EvaluationRun(
            explainer, new ChosenPictures(setup.Pictures, [.. first.Select(i => setup.Pictures.Pictures[i])]), mapping, Options(
                new TrustExperiment { Measures = CompareExperiment.Gates, Seed = options.Seed }, setup, null));
        var rows = gates.Run(Path.Combine(folder, GatesFolder), Of(CompareStage.Gates), cancellationToken).Rows()
            .OfType<TrustRow>().ToList();
        var experiment = Experiment(first) with
        {
            Failing = Failing(gates.Manifest, rows, Experiment(first)),
            Same = setup.Candidates.Same,
            Costs = setup.Plan.Costs,
            SecondsAPicture = Math.Round(setup.Plan.OnEvery.TotalSeconds / Workers, 4),
            Gated = rows.ToDictionary(r => (r.Picture, r.Of.Method)),
        };
        return new EvaluationRun(explainer, setup.Pictures, mapping, Options(experiment, setup, options.Shard))
            .Run(folder, Of(CompareStage.Measures), cancellationToken);

        Forward? Of(CompareStage stage) => progress is null ? null : new Forward(stage, progress);
    }

    private int Workers => options.Workers > 0 ? options.Workers : RunThreads.Workers(0);

    private static IReadOnlyList<string> Failing(RunManifest manifest, List<TrustRow> rows, CompareExperiment comparison)
    {
        var table = new TrustTable(CompareExperiment.Gates, manifest.Methods);
        foreach (var row in rows)
            table.Add(manifest.PlaceOf(row.Of.Method), row);
        if (table.Pairs == 0)
            return [];
        return [.. table.Figures(comparison.Seed, comparison.Groups(table.Pictures)).Where(f => !comparison.Beside.Contains(f.Method)
            && !Gates.Of(f, table.Pairs, manifest.Model.Classes).Pass).Select(f => f.Method)];
    }

    private CompareExperiment Experiment(IReadOnlyList<int> first) => new()
    {
        Deciding = options.Deciding,
        Further = options.Beside(data.HasObjects),
        First = first,
        GroupBy = options.GroupsByFolder ? CompareExperiment.ByFolder : null,
        Seed = options.Seed,
    };

    private EvaluationOptions Options(Experiment experiment, CompareSetup setup, Shard? shard) => new()
    {
        Experiment = experiment,
        Methods = setup.Candidates.Names,
        Shard = shard,
        Data = options.Data,
        Device = options.Device,
        Workers = options.Workers,
        Command = options.Command,
    };

    private sealed class Forward(CompareStage stage, IProgress<CompareProgress> progress) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => progress.Report(new CompareProgress(stage, value));
    }
}
