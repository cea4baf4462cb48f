using System.CommandLine;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Explaining;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Evaluation;
using GradCamSharp.Evaluation.Baselines;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments;
using GradCamSharp.Evaluation.Experiments.Localization;
using GradCamSharp.Evaluation.Experiments.Trust;
using GradCamSharp.Evaluation.Experiments.Trust.Measures;
using GradCamSharp.Evaluation.Parquet;
using GradCamSharp.Evaluation.Reports;
using GradCamSharp.Evaluation.Runs;

namespace GradCamSharp.Cli.Evaluating;

/// <summary>The options that faithfulness and localization share, and the run that they ask for.</summary>
internal sealed class EvaluationJob
{
    private readonly Argument<string> data = new("DATA")
    {
        Description = "A folder of pictures; a folder of one folder a class; ImageNet's validation folder; " +
            "a VOCdevkit year folder (JPEGImages, Annotations, ImageSets/Main); COCO's folder or its instances JSON.",
    };

    private readonly Option<string> methods;
    private readonly Option<string?> output = CommandOption.Output(
        "DIR",
        "The run's folder: records.csv, manifest.json, summary.json. The same command goes on where an earlier one stopped. " +
        "Default: evaluation/KIND-..., one for each different run.");
    private readonly Option<bool> json = JsonOutput.Option();
    private readonly Option<int> batch = CommandOption.Of<int>(
        "--batch", "N", 1, "Pictures in one forward pass. More than 1 pays on accelerators.");
    private readonly Option<int?> limit = CommandOption.Of<int?>("--limit", "N", "Measure only N pictures, drawn by --seed. Default: all.");
    private readonly Option<long> seed = CommandOption.Of<long>(
        "--seed", "S", 0, "The seed of --limit's draw; given, also that of measures' random draws, else 1.");
    private readonly Option<string?> shard = CommandOption.Of<string?>(
        "--shard", "I/N",
        $"Measure a part, I/N with I from 1, for {Invoked.As} evaluate merge. auto: from Slurm's SLURM_ARRAY_TASK_ID among " +
        "SLURM_ARRAY_TASK_COUNT, or Kubernetes' JOB_COMPLETION_INDEX of JOB_COMPLETIONS; auto/N: of N (Slurm's ids from 1).");
    private readonly Option<string?> imageSet = CommandOption.Of<string?>(
        "--image-set", "NAME", "Which list of pictures: VOC's ImageSets/Main/NAME.txt, COCO's instances_NAME.json. Default: val.");
    private readonly Option<string?> groundTruth = CommandOption.Of<string?>(
        "--ground-truth", "F", "The file that says the classes of ImageNet's validation pictures. Default: what lies beside them.");
    private readonly Option<string?> mapping = CommandOption.Of<string?>(
        "--mapping", "F",
        "Which of the model's classes the data set's are: a class in brackets, then a line a label. Default: by label; for VOC and " +
        "COCO on ImageNet's classes one that ships inside.");
    private readonly Option<bool> report = new("--report")
    {
        Description = $"Write report.html at the end, as {Invoked.As} evaluate report does.",
    };
    private readonly RecordsFormat format;
    private readonly ReportChoice choice;
    private readonly TrustCost cost;
    private readonly ModelOptions model;

    /// <param name="command">The command that gets the options.</param>
    /// <param name="defaultMethods">The methods where none are named.</param>
    public EvaluationJob(Command command, string defaultMethods)
    {
        methods = CommandOption.Of<string>(
            "--methods", "LIST", defaultMethods,
            $"A comma list of {string.Join(", ", Methods.CamMethods.All.Select(m => m.Name))}; and {CentreBaseline.Name}, the " +
            "baseline that always looks at the picture's centre.");
        methods.Aliases.Add("--method");
        command.Arguments.Add(data);
        foreach (var option in (Option[])[methods, output, json, batch, limit, seed, shard, imageSet, groundTruth, mapping, report])
            command.Options.Add(option);
        format = new RecordsFormat(command);
        choice = new ReportChoice(command);
        cost = new TrustCost(command);
        model = new ModelOptions(command);
    }

    /// <summary>An experiment on trust with the command's seed.</summary>
    public TrustExperiment Trust(ParseResult parsed, IReadOnlyList<Measure> measures) => measures.Count == 0
        ? throw new UsageException("--metrics names no metric.")
        : new TrustExperiment
        {
            Measures = measures,
            Seed = parsed.GetResult(seed) is { Implicit: false } ? unchecked((ulong)parsed.GetValue(seed)) : 1,
        };

    /// <summary>Runs and prints the result.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="experiment">What is measured.</param>
    /// <param name="includeDifficult">Whether objects that are marked as difficult count.</param>
    /// <param name="ofClasses">Further options that mean nothing where boxes or masks are measured.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>The exit code.</returns>
    public int Run(
        ParseResult parsed, Experiment experiment, bool includeDifficult, IEnumerable<Option> ofClasses,
        CancellationToken cancellationToken)
    {
        bool isParquet = format.IsParquet(parsed);
        var shown = choice.Options(parsed);
        var explaining = model.Explainer(parsed);
        int threads = explaining.Threads;
        if (parsed.GetValue(limit) is < 1)
            throw new UsageException(FormattableString.Invariant($"--limit takes a number from 1, not {parsed.GetValue(limit)}."));
        int together = CommandOption.Within(parsed, batch, 1, 1024);
        var trust = experiment as TrustExperiment;
        if (trust is null)
            MethodNames.Check(parsed.GetValue(methods)!, CentreBaseline.Name);
        else
            MethodNames.Check(string.Join(',', List(parsed.GetValue(methods)!).Select(m => m.Split('@')[0])), CentreBaseline.Name);
        if (cost.Budget(parsed) is { } && (trust is null || parsed.GetValue(limit) is not null))
        {
            throw new UsageException(trust is null
                ? "--budget is for measures that say their cost; give --limit." : "Give --limit or --budget, not both.");
        }

        var options = UsageException.Check(() => new EvaluationOptions
        {
            Experiment = experiment,
            Methods = List(parsed.GetValue(methods)!),
            Batch = together,
            Limit = parsed.GetValue(limit),
            Seed = parsed.GetValue(seed),
            Shard = parsed.GetValue(shard) is { } part ? Shard.Parse(part, Environment.GetEnvironmentVariable) : null,
            Data = new DataSetOptions
            {
                ImageSet = parsed.GetValue(imageSet),
                GroundTruth = parsed.GetValue(groundTruth),
                IncludeDifficult = includeDifficult,
            },
            Device = explaining.Device,
            Workers = RunThreads.Workers(threads),
            Command = GivenCommand.Text(parsed),
        });
        string path = model.ModelPath(parsed, cancellationToken);
        var pictures = DataSet.Open(parsed.GetValue(data)!, options.Data);
        if (experiment is LocalizationExperiment && TargetEvaluation.IsFor(path, explaining.Output))
        {
            TargetEvaluation.Refuse(parsed, [output, batch, shard, groundTruth, report, .. ofClasses]);
            return TargetEvaluation.Run(path, pictures, Settings(parsed, explaining), cancellationToken);
        }

        explaining = explaining with { Threads = RunThreads.Pool(threads) };
        using var loaded = LoadedModel.ForPictures(path, explaining, model.Preprocess(parsed), model.Labels(parsed));
        var classes = parsed.GetValue(mapping) is { } file
            ? ClassMapping.Load(file, loaded.Labels, loaded.Explainer.ClassCount)
            : ClassMapping.BuiltIn(pictures, loaded.Labels, loaded.Explainer.ClassCount);
        if (parsed.GetValue(mapping) is not null && classes.Unresolved is { Count: > 0 } unknown)
        {
            string some = string.Join(", ", unknown.Take(5).Select(line => $"'{line}'")) + (unknown.Count > 5 ? " ..." : "");
            Console.Error.WriteLine(
                $"{classes.Source}: {Counted.Of(unknown.Count, "line")} not among the model's classes, and left out: {some}");
        }

        var plan = trust is null ? null : UsageException.Check(() => TrustPlan.Time(
            loaded.Pictures, [.. options.Methods, CentreBaseline.Name, RandomBaseline.Name], cancellationToken));
        string? bounded = cost.Budget(parsed) is { } time ? Bounded(time) : null;
        var run = UsageException.Check(() => new EvaluationRun(loaded.Pictures, pictures, classes, options));
        // What the report cannot show is said before hours of measuring, not after them.
        if (shown.Pair is { } pair)
            UsageException.Check(() => ReportWriter.Pair(run.Manifest, pair));
        string folder = bounded ?? parsed.GetValue(output) ?? Path.Combine(
            "evaluation", $"{experiment.Name}-{run.Manifest.Identity().ShortName}");
        loaded.SayLayer();
        loaded.SayPreprocessing();
        string ofAll = options.Shard is { } s ? FormattableString.Invariant($", part {s} of {run.Manifest.Data.Pictures}") : "";
        Console.Error.WriteLine($"{Counted.Of(run.Pictures, "picture")} ({pictures.Kind}{ListOf(pictures)}){ofAll} -> {folder}");

        if (plan is not null)
            TrustCost.Say(plan, trust!.Measures, run.Pictures, options.Workers);

        var table = RunningPass.Run(folder, line =>
        {
            var finished = run.Run(folder, line, cancellationToken);
            if (isParquet)
                ParquetRecords.Write(finished);
            return finished;
        });
        if (parsed.GetValue(report))
            ReportChoice.Write(table, shown, loaded.Pictures, pictures, cancellationToken);
        return SummaryOutput.Write(table.Summary(), parsed.GetValue(json));

        // As many pictures as fit the time; a run that has begun keeps its number, as another time of day would choose another.
        string Bounded(TimeSpan time)
        {
            var all = UsageException.Check(() => new EvaluationRun(loaded.Pictures, pictures, classes, options));
            string folder = parsed.GetValue(output) ?? Path.Combine("evaluation", FormattableString.Invariant(
                $"{experiment.Name}-{all.Manifest.Identity().ShortName}-{time.TotalSeconds:0}s"));
            bool isBegun = File.Exists(Path.Combine(folder, RunFiles.Manifest));
            int count = (isBegun ? ManifestFile.Read(folder).Limit : null) ?? plan!.Pictures(trust!.Measures, time, options.Workers);
            options = options with { Limit = Math.Min(count, pictures.Pictures.Count) };
            return folder;
        }
    }

    private TargetEvaluation.Settings Settings(ParseResult parsed, ExplainerOptions explaining) => new()
    {
        Explainer = explaining,
        Preprocess = model.Preprocess(parsed),
        Labels = model.Labels(parsed),
        Mapping = parsed.GetValue(mapping),
        Methods = parsed.GetResult(methods) is { Implicit: false } ? parsed.GetValue(methods) : null,
        Limit = parsed.GetValue(limit),
        Seed = parsed.GetValue(seed),
        IsJson = parsed.GetValue(json),
    };

    // Only a part of the pictures is measured, and another command line measures others.
    private static string ListOf(DataSet data) => data.ImageSet is not { } list ? ""
        : FormattableString.Invariant(
            $"; the list {list}, which has {data.Pictures.Count} of {data.Available}: --image-set chooses another");

    /// <summary>The parts of a comma list.</summary>
    public static IReadOnlyList<string> List(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
