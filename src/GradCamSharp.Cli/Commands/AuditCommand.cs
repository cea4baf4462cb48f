using System.CommandLine;
using System.Diagnostics;
using GradCamSharp.Audit;
using GradCamSharp.Audit.Explorer;
using GradCamSharp.Audit.Findings;
using GradCamSharp.Audit.Results;
using GradCamSharp.Audit.Runs;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Evaluating;
using GradCamSharp.Cli.Explaining;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Evaluation;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Parquet;
using GradCamSharp.Evaluation.Runs;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam audit</c>: what a model takes for a class that is not the class, over a whole data set.</summary>
internal sealed class AuditCommand
{
    private readonly Argument<string> named = new("MODEL")
    {
        Description = $"An .onnx file, a folder that holds a model.onnx, or the name of a model ({Invoked.As} models lists them).",
    };

    private readonly Argument<string> data = new("DATASET")
    {
        Description = "A folder of one folder a class; ImageNet's validation folder; a VOCdevkit year folder; COCO's folder or its " +
            "instances JSON. Boxes are used where there are any.",
    };

    private readonly Option<string> method = CommandOption.Of<string>(
        "--method", "M", "gradcam", "What explains: a method whose maps lie at a layer.");
    private readonly Option<string> explain = CommandOption.Of<string>(
        "--explain", "WHAT", "predicted", "predicted or label: the class that is explained, and by which pictures are grouped.");
    private readonly Option<int> perClass = CommandOption.Of<int>(
        "--per-class", "N", 500, "At most so many pictures a class, drawn by --seed.");
    private readonly Option<double> level = CommandOption.Of<double>(
        "--level", "P", 0.05, "How rarely a clean data set may raise an alarm, above 0 to 1.");
    private readonly Option<string?> failOn = CommandOption.Of<string?>(
        "--fail-on", "WHAT", "mark: exit code 3 where a mark is found that the network uses and nobody has judged fine.");
    private readonly Option<string?> against = CommandOption.Of<string?>(
        "--against", "DATA", "A second data set, such as the training set: pictures that are nearly the same in both are told.");
    private readonly Option<bool> score = new("--score")
    {
        Description = $"Tell how well what {PlantedTruth.FileName} beside the data says was planted is found.",
    };

    private readonly Option<string?> output = CommandOption.Output(
        "DIR", "The folder of the records and of what is found. The same command goes on where an earlier one stopped. Default: audit.");
    private readonly Option<bool> json = JsonOutput.Option();
    private readonly Option<int> batch = CommandOption.Of<int>(
        "--batch", "N", 1, "Pictures in one forward pass. More than 1 pays on accelerators.");
    private readonly Option<int?> limit = CommandOption.Of<int?>("--limit", "N", "Look at N pictures only, drawn by --seed. Default: all.");
    private readonly Option<long> seed = CommandOption.Of<long>("--seed", "S", 1, "The seed of all draws.");
    private readonly Option<string?> shard = CommandOption.Of<string?>(
        "--shard", "I/N",
        $"Pass over a part of the pictures, I/N with I from 1, and find nothing yet: {Invoked.As} evaluate merge brings the parts " +
        "together, and the same command without --shard goes on from there. auto and auto/N ask the job scheduler.");
    private readonly Option<string?> imageSet = CommandOption.Of<string?>(
        "--image-set", "NAME", "Which list of pictures: VOC's ImageSets/Main/NAME.txt, COCO's instances_NAME.json. Default: val.");
    private readonly Option<string?> groundTruth = CommandOption.Of<string?>(
        "--ground-truth", "F", "The file that says the classes of ImageNet's validation pictures. Default: what lies beside them.");
    private readonly Option<string?> mapping = CommandOption.Of<string?>(
        "--mapping", "F", "Which of the model's classes the data set's are. Default: by label; for VOC and COCO one that ships inside.");
    private readonly RecordsFormat format;
    private readonly ModelOptions model;

    private AuditCommand(Command command)
    {
        command.Arguments.Add(named);
        command.Arguments.Add(data);
        foreach (var option in (Option[])[
            method, explain, perClass, level, failOn, against, score, output, json, batch, limit, seed, shard, imageSet, groundTruth,
            mapping])
        {
            command.Options.Add(option);
        }

        format = new RecordsFormat(command);
        model = new ModelOptions(command, modelOption: false);
    }

    public static Command Create()
    {
        var command = new Command(
            "audit",
            "Finds what a model takes for a class that is not the class: marks that many pictures share, errors that share their " +
            "evidence.");
        var audit = new AuditCommand(command);
        command.SetRun(audit.Run);
        command.Subcommands.Add(AuditServeCommand.Create());
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        bool isParquet = format.IsParquet(parsed);
        var explaining = model.Explainer(parsed);
        int threads = explaining.Threads;
        var options = Options(parsed, explaining.Device, threads);
        string path = ModelOptions.Resolve(parsed.GetValue(named), cancellationToken);
        var pictures = DataSet.Open(parsed.GetValue(data)!, options.Data);
        var truth = parsed.GetValue(score) ? PlantedTruth.Read(Path.Combine(pictures.Root, PlantedTruth.FileName)) : null;
        var other = parsed.GetValue(against) is { } second ? DataSet.Open(second) : null;
        using var loaded = LoadedModel.ForPictures(
            path, explaining with { Threads = RunThreads.Pool(threads) }, model.Preprocess(parsed), model.Labels(parsed));
        var classes = parsed.GetValue(mapping) is { } file
            ? ClassMapping.Load(file, loaded.Labels, loaded.Explainer.ClassCount)
            : ClassMapping.BuiltIn(pictures, loaded.Labels, loaded.Explainer.ClassCount);
        var audit = UsageException.Check(() => new AuditRun(loaded.Pictures, pictures, classes, options));
        string folder = parsed.GetValue(output) ?? "audit";
        loaded.SayLayer();
        loaded.SayPreprocessing();
        Console.Error.WriteLine($"{Counted.Of(audit.Pictures, "picture")} ({pictures.Kind}) -> {folder}");
        var table = RunningPass.Run(folder, line =>
        {
            var finished = audit.Explain(folder, line, cancellationToken);
            if (isParquet)
                ParquetRecords.Write(finished);
            return finished;
        });
        if (options.Shard is { } part)
        {
            Console.Error.WriteLine(
                $"Part {part} is in {folder}. When all parts are there, {Invoked.As} evaluate merge brings them together; this command " +
                "without --shard and with the merged folder as --output finds what they show.");
            return CommandRun.Done;
        }

        var steps = new AnalysisLine();
        AuditResult result;
        try
        {
            result = AuditRun.Write(audit.Analyse(table, other, steps, cancellationToken), folder);
            AuditExplorer.Write(result, folder, cancellationToken);
        }
        finally
        {
            steps.Clear();
        }

        if (parsed.GetValue(json))
            Console.Out.WriteLine(FindingsFile.ToText(result));
        else
            AuditOutput.Write(Console.Out, result, clock.Elapsed);
        if (truth is not null)
        {
            var writer = parsed.GetValue(json) ? Console.Error : Console.Out;
            writer.WriteLine($"Planted: {truth.Kind} in {truth.Class}; {truth.Score(result)}");
        }

        Console.Error.WriteLine($"Look: {Path.Combine(folder, AuditExplorer.Page)}");
        return Code(parsed, result);
    }

    private int Code(ParseResult parsed, AuditResult result)
    {
        if (result.Errors > 0)
        {
            Console.Error.WriteLine(
                $"{Counted.Of(result.Errors, "picture")} could not be explained; the column 'error' of records.csv says why.");
        }

        bool isMarked = result.Findings.Any(f => f.Kind == FindingKind.SameMark && f.Verdict != Verdict.Fine);
        return parsed.GetValue(failOn) is not null && isMarked ? CommandRun.Found : result.Errors > 0 ? CommandRun.Failed : CommandRun.Done;
    }

    private AuditOptions Options(ParseResult parsed, string device, int threads)
    {
        if (parsed.GetValue(limit) is < 1)
            throw new UsageException(FormattableString.Invariant($"--limit takes a number from 1, not {parsed.GetValue(limit)}."));
        if (parsed.GetValue(level) is not (> 0 and <= 1))
            throw new UsageException("--level takes a number above 0, at most 1.");
        if (parsed.GetValue(explain) is not ("predicted" or "label"))
            throw new UsageException($"--explain takes predicted or label, not '{parsed.GetValue(explain)}'.");
        if (parsed.GetValue(failOn) is not (null or "mark"))
            throw new UsageException($"--fail-on takes mark, not '{parsed.GetValue(failOn)}'.");
        MethodNames.Check(parsed.GetValue(method)!);
        return UsageException.Check(() => new AuditOptions
        {
            Method = parsed.GetValue(method)!,
            Explained = parsed.GetValue(explain) == "label" ? AuditedClass.Label : AuditedClass.Predicted,
            PerClass = CommandOption.Within(parsed, perClass, 1),
            Limit = parsed.GetValue(limit),
            Alarm = parsed.GetValue(level),
            Seed = parsed.GetValue(seed),
            Batch = CommandOption.Within(parsed, batch, 1, 1024),
            Shard = parsed.GetValue(shard) is { } part ? Shard.Parse(part, Environment.GetEnvironmentVariable) : null,
            Data = new DataSetOptions { ImageSet = parsed.GetValue(imageSet), GroundTruth = parsed.GetValue(groundTruth) },
            Device = device,
            Workers = RunThreads.Workers(threads),
            Command = GivenCommand.Text(parsed),
        });
    }

    /// <summary>Shows how far the analysis is; from any thread.</summary>
    private sealed class AnalysisLine : IProgress<AuditProgress>
    {
        private readonly Lock gate = new();
        private readonly StatusLine line = new();

        public void Report(AuditProgress value)
        {
            lock (gate)
                line.Show(_ => FormattableString.Invariant($"looking: {value.Done} of {value.Total} {value.What}"));
        }

        public void Clear() => line.Clear();
    }
}
