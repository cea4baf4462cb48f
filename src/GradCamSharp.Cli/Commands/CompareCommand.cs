using System.CommandLine;
using System.Diagnostics;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Evaluating;
using GradCamSharp.Cli.Explaining;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Evaluation;
using GradCamSharp.Evaluation.Comparing;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments.Comparing;
using GradCamSharp.Evaluation.Experiments.Trust.Measures;
using GradCamSharp.Evaluation.Runs;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam compare</c>: which map to believe for a model.</summary>
internal sealed class CompareCommand
{
    private readonly Argument<string> model = new("MODEL")
    {
        Description = $"An .onnx file, a folder that holds a model.onnx, or the name of a model ({Invoked.As} models lists them).",
    };

    private readonly Argument<string> pictures = new("PICTURES")
    {
        Description = "A folder of pictures, or any data set that evaluate reads. Boxes are used where there are any.",
    };

    private readonly Option<string?> methods = CommandOption.Of<string?>(
        "--methods", "LIST",
        "The candidates: a comma list of methods, or all for every method of one run. Default: every class activation map of one run " +
        "that applies to the model.");

    private readonly Option<string?> layers = CommandOption.Of<string?>(
        "--layers", "LIST",
        "A comma list of layers, each a candidate with every method; or auto: the default layer and the last one of every other " +
        "resolution, 4 at most. Default: the default layer.");

    private readonly Option<int> count = CommandOption.Of<int>(
        "--count", "N", 200, "The number of pictures, spread over all; --seed takes others.");
    private readonly Option<string?> budget = CommandOption.Of<string?>(
        "--budget", "TIME", "A time such as 90s, 10m or 2h: as many pictures as fit it, by what the first four took.");

    private readonly Option<long> seed = CommandOption.Of<long>("--seed", "S", 1, "The seed of the pictures and of all random draws.");
    private readonly Option<string> primary = CommandOption.Of<string>("--primary", "METRIC", "road", "The metric that decides.");
    private readonly Option<string> metrics = CommandOption.Of<string>(
        "--metrics", "LIST", "",
        $"Further columns: a comma list of {string.Join(", ", AllMeasures.All.Select(m => m.Name))}. mu-fidelity, random-logit, mprt, " +
        "max-sensitivity and consistency are always there, mass and maxboxacc where there are boxes.");

    private readonly Option<string?> groupBy = CommandOption.Of<string?>(
        "--group-by", "WHAT", "folder: the pictures of one folder belong together (one patient, one video) and are drawn together.");

    private readonly Option<string?> shard = CommandOption.Of<string?>(
        "--shard", "I/N", $"Measure a part, I/N with I from 1, for {Invoked.As} evaluate merge; auto as in evaluate.");

    private readonly Option<string?> imageSet = CommandOption.Of<string?>(
        "--image-set", "NAME", "Which list of pictures: VOC's ImageSets/Main/NAME.txt, COCO's instances_NAME.json. Default: val.");

    private readonly Option<string?> mapping = CommandOption.Of<string?>(
        "--mapping", "F", "Which of the model's classes the data set's are, for its boxes. Default: as evaluate.");

    private readonly Option<string?> output = CommandOption.Output(
        "DIR",
        "The run's folder: records.csv, manifest.json, summary.json. The same command goes on where an earlier one stopped. " +
        "Default: evaluation/compare-..., one for each different run.");

    private readonly Option<bool> report = new("--report") { Description = "Write report.html: the answer, its reasons, and pictures." };
    private readonly Option<bool> write = new("--write")
    {
        Description = "Write the recommended method and layer into the model's file, as its default for explain, export and serve.",
    };

    private readonly Option<bool> json = JsonOutput.Option();
    private readonly ModelOptions options;

    private CompareCommand(Command command)
    {
        command.Arguments.Add(model);
        command.Arguments.Add(pictures);
        methods.Aliases.Add("--method");
        groupBy.AcceptOnlyFromAmong(CompareExperiment.ByFolder);
        foreach (var option in (Option[])[
            methods, layers, count, budget, seed, primary, metrics, groupBy, shard, imageSet, mapping, output, report, write, json])
            command.Options.Add(option);
        options = new ModelOptions(command, modelOption: false);
        command.SetRun(Run);
    }

    public static Command Create()
    {
        var command = new Command(
            "compare",
            "Says which heat map to believe for a model: compares methods on its own pictures, checks that they look at the network and " +
            "at the class, and recommends one, or says honestly that no difference can be shown.");
        _ = new CompareCommand(command);
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var asked = Asked(parsed);
        string path = ModelOptions.Resolve(parsed.GetValue(model), cancellationToken);
        if (parsed.GetValue(write) && !Path.Exists(parsed.GetValue(model)!))
            throw new UsageException($"--write changes the model's file. Copy '{path}' and name the copy.");
        var explaining = options.Explainer(parsed);
        int threads = explaining.Threads;
        asked = asked with { Device = explaining.Device, Workers = RunThreads.Workers(threads) };
        var data = DataSet.Open(parsed.GetValue(pictures)!, asked.Data);
        CompareSummary summary;
        using (var loaded = LoadedModel.ForPictures(
            path, explaining with { Threads = RunThreads.Pool(threads) }, options.Preprocess(parsed), options.Labels(parsed)))
        {
            var classes = parsed.GetValue(mapping) is { } file
                ? ClassMapping.Load(file, loaded.Labels, loaded.Explainer.ClassCount)
                : ClassMapping.BuiltIn(data, loaded.Labels, loaded.Explainer.ClassCount);
            var run = UsageException.Check(() => new CompareRun(loaded.Pictures, data, classes, asked));
            string folder = parsed.GetValue(output) ?? Path.Combine("evaluation", $"{CompareExperiment.ExperimentName}-{run.ShortName}");
            loaded.SayLayer();
            loaded.SayPreprocessing();
            var setup = UsageException.Check(() => run.Prepare(folder, cancellationToken));
            Say(setup, asked, folder);
            var table = Measure(run, setup, folder, cancellationToken);
            if (parsed.GetValue(report))
            {
                string page = CompareReport.Write(table, loaded.Pictures, data, cancellationToken: cancellationToken);
                Console.Error.WriteLine($"report: {page}");
            }

            summary = (CompareSummary)table.Summary();
        }

        int code = SummaryOutput.Write(summary, parsed.GetValue(json), clock.Elapsed);
        if (parsed.GetValue(write))
            WriteDefault(path, summary);
        return code;
    }

    private CompareOptions Asked(ParseResult parsed) => UsageException.Check(() =>
    {
        if (parsed.GetValue(budget) is not null && parsed.GetResult(count) is { Implicit: false })
            throw new UsageException("Give --count or --budget, not both.");
        if (parsed.GetValue(methods) is { } named)
            MethodNames.Check(named, CompareOptions.All);
        return new CompareOptions
        {
            Methods = EvaluationJob.List(parsed.GetValue(methods) ?? ""),
            Layers = EvaluationJob.List(parsed.GetValue(layers) ?? ""),
            Count = CommandOption.Within(parsed, count, 1),
            Budget = parsed.GetValue(budget) is { } time ? TrustCost.Time(time) : null,
            Seed = unchecked((ulong)parsed.GetValue(seed)),
            Primary = AllMeasures.Find(parsed.GetValue(primary)!),
            Further = [.. EvaluationJob.List(parsed.GetValue(metrics)!).Select(AllMeasures.Find)],
            GroupsByFolder = parsed.GetValue(groupBy) is not null,
            Shard = parsed.GetValue(shard) is { } part ? Shard.Parse(part, Environment.GetEnvironmentVariable) : null,
            Data = new DataSetOptions { ImageSet = parsed.GetValue(imageSet) },
            Command = GivenCommand.Text(parsed),
        };
    });

    private static void Say(CompareSetup setup, CompareOptions asked, string folder)
    {
        foreach (var other in setup.Candidates.Others)
            Console.Error.WriteLine($"no candidate: {other.Name}: {other.Reason}");
        foreach (var (name, same) in setup.Candidates.Same)
            Console.Error.WriteLine($"the same maps, measured once: {name} = {string.Join(" = ", same)}");
        int count = setup.Pictures.Pictures.Count;
        string part = asked.Shard is { } one ? $", part {one}" : "";
        Console.Error.WriteLine(
            $"{Counted.Of(setup.Candidates.Names.Count, "candidate")} on {Counted.Of(count, "picture")}{part}: about " +
            $"{TrustCost.Words(setup.Plan.Run(count, asked.Workers))} if all pass -> {folder}");
    }

    private static RecordTable Measure(CompareRun run, CompareSetup setup, string folder, CancellationToken cancellationToken)
    {
        var line = new CompareLine();
        try
        {
            return run.Run(setup, folder, line, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            line.Clear();
            Console.Error.WriteLine($"What is finished is kept in {folder}; the same command goes on from there.");
            throw;
        }
        finally
        {
            line.Clear();
        }
    }

    private static void WriteDefault(string path, CompareSummary summary)
    {
        if (summary.Recommended is not { } taken)
        {
            Console.Error.WriteLine("Nothing is written into the model, as nothing is recommended.");
            return;
        }

        new Exporting.DefaultExplanation(taken.Method, taken.Layer!).WriteTo(path);
        Console.Error.WriteLine($"written into {path}: {taken.Method} at {taken.Layer} is its default now");
    }

    /// <summary>How far a comparison is, and what is wrong with pictures.</summary>
    private sealed class CompareLine : IProgress<CompareProgress>
    {
        private CompareStage? stage;
        private ProgressLine? line;

        public void Report(CompareProgress value)
        {
            if (stage != value.Stage)
            {
                line?.Clear();
                stage = value.Stage;
                line = new ProgressLine(
                    value.Run.Total, value.Stage == CompareStage.Gates ? "pictures, first checks" : "pictures", value.Run.Done);
                if (value.Run.Done > 0)
                {
                    Console.Error.WriteLine(
                        FormattableString.Invariant($"{value.Run.Done} of {value.Run.Total} pictures are there already"));
                }

                return;
            }

            if (value.Run.Error is { } error)
            {
                line!.Clear();
                Console.Error.WriteLine(error);
            }

            line!.Step();
        }

        public void Clear() => line?.Clear();
    }
}
