using System.CommandLine;
using System.Diagnostics;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Explaining;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Evaluation.Runs;
using GradCamSharp.Films;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using OnnxModel = OnnxGrad.OnnxModel;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam explain</c>: heat maps of pictures or tensors.</summary>
internal static class ExplainCommand
{
    // Each picture in work holds its pixels: of a photo of 12 megapixels 36 MB.
    private const int MostAtATime = 4;

    public static Command Create()
    {
        var inputs = new Argument<string[]>("INPUT")
        {
            Description = "Pictures, folders of pictures, films (animated GIF or WebP, what ffmpeg reads; for a model of clips a " +
                "folder is one), " +
                "or .npy files of preprocessed float32 [N, C, spatial...].",
            Arity = ArgumentArity.OneOrMore,
        };
        var methods = MethodNames.Option();
        var settings = MethodNames.SetOption();
        var rules = MethodNames.RulesOption();
        var classes = CommandOption.Of<string[]>(
            "--class", "C", ["top1"], "An index, a label, top1, top5 ..., or a comma list of these; may be repeated.");
        var output = CommandOption.Output("DIR", "The folder that files are written to.");
        output.DefaultValueFactory = _ => "./explanations";
        var save = CommandOption.Of<string>(
            "--save", "LIST", "overlay",
            "A comma list of overlay (the map on the picture), heatmap (the map alone), raw (.npy, not normalised), masked (the picture, " +
            "dark where the map is weak), strip (the picture and its overlays side by side), report (index.html). Of " +
            "tensors: raw, report. Of films these are animated WebP, and gif is the overlay as GIF.");
        var colors = CommandOption.Of<string>(
            "--colormap", "NAME", ColorMap.Turbo.Name, $"{string.Join(", ", ColorMap.All.Select(m => m.Name))}.");
        var opacity = CommandOption.Of<double>("--opacity", "X", 0.75, "The opacity of the strongest evidence in an overlay, 0 to 1.");
        var json = JsonOutput.Option();
        var command = new Command("explain", "Draws what in a picture speaks for a class.")
        {
            inputs, methods, settings, rules, classes, output, save, colors, opacity, json,
        };
        var model = new ModelOptions(command);
        var targets = new TargetArguments(command);
        var films = new FilmArguments(command);
        command.SetRun((parsed, cancellationToken) =>
        {
            var asked = targets.Targets(parsed);
            bool areClassesGiven = parsed.GetResult(classes) is { Implicit: false };
            if (asked.Count > 0 && areClassesGiven)
                throw new UsageException("--class C is short for --target class:C. Give one of the two options.");
            if (parsed.GetValue(inputs)!.Contains(""))
                throw new UsageException("An INPUT is empty. Name pictures, folders of pictures or .npy files.");
            string path = model.ModelPath(parsed, cancellationToken);
            var network = OnnxModel.Load(path);
            bool takesClips = FilmTargets.TakesClips(network);
            bool IsFilm(string file) => !InputFiles.IsTensor(file) && (takesClips || Film.IsFilm(file));
            if (targets.AreGiven(parsed) || model.Roles(parsed) is not null || parsed.GetValue(inputs)!.Any(IsFilm)
                || !PlainClassifier.Is(network, model.Explainer(parsed).Output))
            {
                bool areMethodsGiven = parsed.GetResult(methods) is { Implicit: false } || parsed.GetValue(rules) is not null;
                var chosen = areMethodsGiven ? Methods(parsed) : [];
                var texts = GivenTexts.Of(parsed, targets, path, cancellationToken);
                var wanted = areClassesGiven ? [.. parsed.GetValue(classes)!.SelectMany(ClassTargets)] : asked.Count > 0 ? asked
                    : texts.Targets;
                string folder = parsed.GetValue(output)!;
                var files = InputFiles.Expand(parsed.GetValue(inputs)!, folder, Console.Error.WriteLine, takesClips);
                return RunTargets(
                    parsed, (model, targets, films, texts), path, files,
                    new TargetJob(chosen, wanted, targets.Inputs(parsed).SetItems(texts.Inputs), folder, SaveOf(parsed), texts),
                        IsFilm, parsed.GetValue(json),
                    cancellationToken);
            }

            string[] names = asked.Count > 0 ? [.. targets.Classes(parsed)] : parsed.GetValue(classes)!;
            var job = new ExplainJob(
                parsed.GetValue(rules) is not null ? Methods(parsed) : MethodNames.Parse(
                    ModelDefault.Methods(parsed, methods, network), parsed.GetValue(settings)!),
                parsed.GetValue(output)!, SaveOf(parsed));
            return Run(parsed, model, path, network, parsed.GetValue(inputs)!, names, job, parsed.GetValue(json), cancellationToken);
        });
        return command;

        IReadOnlyList<ExplanationMethod> Methods(ParseResult parsed) => MethodNames.Parse(
            parsed.GetValue(methods)!, parsed.GetValue(settings)!, parsed.GetValue(rules),
            parsed.GetResult(methods) is { Implicit: false });

        SaveOptions SaveOf(ParseResult parsed) => new(
            Kinds(parsed.GetValue(save)!), UsageException.Check(() => ColorMap.Parse(parsed.GetValue(colors)!)),
            Share(parsed.GetValue(opacity)));
    }

    private static int Run(
        ParseResult parsed, ModelOptions model, string path, OnnxModel network, string[] inputs, string[] classNames, ExplainJob job,
        bool json,
        CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var files = InputFiles.Expand(inputs, job.Folder, Console.Error.WriteLine);
        bool tensorsOnly = files.All(InputFiles.IsTensor);
        var runs = new RunLine();
        var options = ModelDefault.Layer(model.Explainer(parsed), network) with { Progress = runs };
        int cores = options.Threads > 0 ? options.Threads : Environment.ProcessorCount;
        int workers = job.MayOverlap && files.Count > 1 && options.Device == "cpu" ? Math.Min(cores, MostAtATime) : 1;
        // The workers compute too, beside the runtime's pool.
        if (workers > 1)
            options = options with { Threads = cores - workers + 1 };
        using var loaded = tensorsOnly
            ? LoadedModel.ForTensors(path, options, model.Preprocess(parsed), model.Labels(parsed))
            : LoadedModel.ForPictures(path, options, model.Preprocess(parsed), model.Labels(parsed));
        var classes = ClassOption.Parse(classNames, loaded.Labels, loaded.Explainer.ClassCount);
        if (!json)
        {
            loaded.SayLayer();
            if (!tensorsOnly)
                loaded.SayPreprocessing();
        }

        double loadMilliseconds = clock.Elapsed.TotalMilliseconds;
        var report = new ExplainReport(path, loaded.Explainer.Layer);
        using var page = job.OpenReport(path, loaded.Explainer.Layer);
        bool isAdvised = !model.IsDefault(parsed);
        job.Expect(files);
        ExplainEach(parsed, files, workers, report, page, runs, file =>
        {
            var (results, addToPage) = job.Explain(loaded, file, classes, page, cancellationToken);
            return progress =>
            {
                addToPage();
                report.Add(results);
                if (isAdvised || InputFiles.IsTensor(file) || SamplePictures.Contains(file))
                    return;
                isAdvised = true;
                progress.Clear();
                AdviseOtherModel(loaded.Explainer.ClassCount);
            };
        }, cancellationToken);
        return Write(report, json, loadMilliseconds, clock);
    }

    private static int RunTargets(
        ParseResult parsed, (ModelOptions Model, TargetArguments Targets, FilmArguments Films, GivenTexts Texts) arguments, string path,
        IReadOnlyList<string> files, TargetJob job, Func<string, bool> isFilm, bool json, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var (model, targets, films, texts) = arguments;
        var runs = new RunLine();
        var options = texts.Label(targets.Options(parsed, model.Explainer(parsed) with { Progress = runs }, model.Roles(parsed))) with
        {
            ClipLength = films.Length(parsed),
        };
        var read = films.Options(parsed);
        using var loaded = new LoadedTargets(
            path, options, model.Preprocess(parsed), model.Labels(parsed), targets.Inputs(parsed).SetItems(texts.Inputs),
                films.Stride(parsed),
            films.LongestSide(parsed));
        double loadMilliseconds = clock.Elapsed.TotalMilliseconds;
        var report = new ExplainReport(path, null);
        using var page = job.OpenReport(path);
        ExplainEach(parsed, files, workers: 1, report, page, runs, file =>
        {
            IReadOnlyList<InputResult> results = InputFiles.IsTensor(file) ? job.Tensor(loaded.Tensors, file, page, cancellationToken)
                : isFilm(file)
                    ? [job.Film(loaded.Films, loaded.SayFilmTask(json, cancellationToken), Film.Open(file, read), page, cancellationToken)]
                    : [job.Picture(loaded.Pictures, loaded.SayTask(json, cancellationToken), file, page, cancellationToken)];
            return _ => report.Add(results);
        }, cancellationToken);
        return Write(report, json, loadMilliseconds, clock);
    }

    // Several at a time hide decoding, drawing and encoding behind the network's runs. What is said and reported keeps the files' order,
    // and what waits for its turn is bounded. A file that fails is reported and the others go on.
    private static void ExplainEach(
        ParseResult parsed, IReadOnlyList<string> files, int workers, ExplainReport report, HtmlReport? page, RunLine runs,
        Func<string, Action<ProgressLine>> explain, CancellationToken cancellationToken)
    {
        var progress = new ProgressLine(files.Count, "explained");
        if (workers > 1)
        {
            OrderedPipeline.Run<Outcome>(files.Count, workers, () => i => Explained(files[i]), Finish, cancellationToken);
        }
        else
        {
            foreach (string file in files)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Finish(Explained(file));
            }
        }

        progress.Clear();
        page?.Complete();

        Outcome Explained(string file)
        {
            try
            {
                return new Outcome(file, explain(file), null);
            }
            catch (Exception e) when (CommandRun.IsExpected(e))
            {
                return new Outcome(file, null, e);
            }
        }

        void Finish(Outcome explained)
        {
            if (explained.Failure is { } e)
            {
                progress.Clear();
                CommandRun.Report(e, parsed.GetValue(CommandRun.Verbose));
                var failed = report.AddError(explained.File, CommandRun.Message(e));
                page?.Add(failed, null, []);
            }

            explained.Record?.Invoke(progress);
            runs.Clear();
            progress.Step();
        }
    }

    private static int Write(ExplainReport report, bool json, double loadMilliseconds, Stopwatch clock)
    {
        if (json)
            report.WriteJson(Console.Out, loadMilliseconds, clock.Elapsed.TotalMilliseconds - loadMilliseconds);
        else
            report.WriteTable(Console.Out);
        return report.Errors == 0 ? CommandRun.Done : CommandRun.Failed;
    }

    // The same words as --class takes for a classifier: indices in a comma list, a label, top1, top5 for the first five.
    private static IEnumerable<Target> ClassTargets(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        if (parts.All(p => p.Length > 0 && p.All(char.IsAsciiDigit)))
            return parts.Select(p => new ClassTarget(Choice.Parse(p)));
        return Choice.Parse(text) is { Rank: { } rank } ? Enumerable.Range(1, Math.Min(rank, 100)).Select(
            r => new ClassTarget(Choice.Top(r)))
            : [new ClassTarget(Choice.Parse(text))];
    }

    // Its answers about photos look as sure as those about its own pictures.
    private static void AdviseOtherModel(long classes) => Console.Error.WriteLine(
        FormattableString.Invariant($"No --model is given: {ModelOptions.ShippedModel}, which ships inside, knows {classes} drawn ") +
        "objects and no photos, and what it says of photos means nothing. " +
        $"For photos add --model NAME, for example --model resnet50; {Invoked.As} models lists the names.");

    private static float Share(double opacity) => opacity is >= 0 and <= 1 ? (float)opacity
        : throw new UsageException(FormattableString.Invariant($"--opacity takes a number from 0 to 1, not {opacity}."));

    private static HashSet<string> Kinds(string list)
    {
        const StringSplitOptions Trimmed = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        var kinds = list.Split(',', Trimmed).Select(k => k.ToLowerInvariant()).ToHashSet();
        string? unknown = kinds.FirstOrDefault(k => !SaveOptions.All.Contains(k));
        return unknown is null ? kinds : throw new UsageException(
            $"--save does not know '{unknown}'. It takes a comma list of {string.Join(", ", SaveOptions.All)}.");
    }

    // What came of a file, and what reports it when its turn comes.
    private sealed record Outcome(string File, Action<ProgressLine>? Record, Exception? Failure);
}
