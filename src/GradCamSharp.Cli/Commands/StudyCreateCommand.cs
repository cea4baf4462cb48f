using System.CommandLine;
using System.Globalization;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Explaining;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Evaluation;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Runs;
using GradCamSharp.Methods;
using GradCamSharp.Studies;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam study create</c>: chooses pictures and explains them by two methods.</summary>
internal static class StudyCreateCommand
{
    private const string Auto = "auto";

    public static Command Create()
    {
        var folder = StudyCommand.Folder();
        var images = new Option<string>("--images")
        {
            Description = "The data set: one folder a class, ImageNet's validation folder, a VOCdevkit's year folder, or COCO's folder.",
            Required = true,
            HelpName = "DATA",
        };
        var set = CommandOption.Of<string?>(
            "--image-set", "NAME", "Which list of pictures: VOC's ImageSets/Main/NAME.txt, COCO's instances_NAME.json. Default: val.");
        set.Aliases.Add("--set");
        var groundTruth = CommandOption.Of<string?>(
            "--ground-truth", "F", "The file that says the classes of ImageNet's validation pictures. Default: what lies beside them.");
        var mapping = CommandOption.Of<string?>(
            "--mapping", "F",
            "A file that says which of the model's classes a class of the data set is. Default: shipped for VOC and COCO, else by label.");
        var methods = CommandOption.Of<string>("--methods", "A,B", "gradcam++,gradcam", "The two methods that are compared.");
        methods.Aliases.Add("--method");
        var classes = CommandOption.Of<string[]>(
            "--classes", "LIST", [Auto], "auto (the classes of the highest F1), or a comma list of classes; may be repeated.");
        var count = CommandOption.Of<int>("--class-count", "N", 5, "How many classes auto takes.");
        var perClass = CommandOption.Of<int>("--per-class", "N", 50, "How many pictures a class.");
        var seed = CommandOption.Of<long>(
            "--seed", "S", 1, "The same seed takes the same pictures, and gives every participant the same order and sides.");
        var command = new Command("create", "Chooses pictures and explains each by two methods. An interrupted run is taken up again.")
        {
            folder, images, set, groundTruth, mapping, methods, classes, count, perClass, seed,
        };
        var model = new ModelOptions(command);
        command.SetRun((parsed, cancellationToken) =>
        {
            if (parsed.GetValue(perClass) < 1 || parsed.GetValue(count) < 1)
                throw new UsageException("--per-class and --class-count take numbers from 1.");
            var pair = Methods(parsed.GetValue(methods)!);
            string path = model.ModelPath(parsed, cancellationToken);
            var data = DataSet.Open(parsed.GetValue(images)!, new DataSetOptions
            {
                ImageSet = parsed.GetValue(set),
                GroundTruth = parsed.GetValue(groundTruth),
            });
            var explaining = model.Explainer(parsed);
            int threads = explaining.Threads;
            explaining = explaining with { Threads = RunThreads.Pool(threads) };
            using var explainer = PictureExplainer.Load(path, explaining, model.Preprocess(parsed), model.Labels(parsed));
            var map = parsed.GetValue(mapping) is { } file
                ? ClassMapping.Load(file, explainer.Labels, explainer.Model.ClassCount)
                : ClassMapping.BuiltIn(data, explainer.Labels, explainer.Model.ClassCount);
            var options = new StudyOptions
            {
                Images = parsed.GetValue(images)!,
                ImageSet = parsed.GetValue(set),
                Classes = Classes(parsed.GetValue(classes)!),
                ClassCount = parsed.GetValue(count),
                PerClass = parsed.GetValue(perClass),
                Seed = parsed.GetValue(seed),
                Device = explaining.Device,
                Workers = RunThreads.Workers(threads),
            };
            var progress = new Steps();
            var maker = new StudyMaker(explainer, data, map, pair, options) { Warning = progress.Warn };
            Console.Error.WriteLine(
                $"{Path.GetFileName(path)}: layer {explainer.Model.Layer.Name}; " +
                $"{Counted.Of(data.Pictures.Count, "picture")}, classes {map.Source}");
            string target = parsed.GetValue(folder)!;
            Study study;
            try
            {
                study = maker.Make(target, progress, cancellationToken);
            }
            finally
            {
                progress.Clear();
            }

            Print(study, target);
            return maker.Errors == 0 ? CommandRun.Done : CommandRun.Failed;
        });
        return command;
    }

    private static IReadOnlyList<ExplanationMethod> Methods(string names)
    {
        var methods = MethodNames.Parse(names, "--methods");
        return methods.Count == 2 ? methods
            : throw new UsageException($"--methods takes two different methods, as gradcam++,gradcam; not '{names}'.");
    }

    private static string[] Classes(string[] lists)
    {
        const StringSplitOptions Trimmed = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        string[] names = [.. lists.SelectMany(l => l.Split(',', Trimmed)).Distinct()];
        return names is [Auto] ? [] : names;
    }

    private static void Print(Study study, string folder)
    {
        var table = new TextTable("CLASS", ">F1", ">PICTURES", ">PREDICTED AS IT", ">EMPTY MAPS");
        foreach (var c in study.Classes)
        {
            var pictures = study.Pictures.Where(p => p.Class == c.Name).ToArray();
            table.Add(c.Name, c.F1?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-", Text(pictures.Length),
                Text(pictures.Count(p => p.ClassIndex == p.PredictedIndex)), Text(pictures.Sum(p => p.Empty.Count)));
        }

        table.Write(Console.Out);
        string counted = Counted.Of(study.Pictures.Count, "picture");
        Console.Out.WriteLine($"{study.MethodA} and {study.MethodB} on {counted}: {Path.Combine(folder, Study.FileName)}");
        Console.Error.WriteLine($"What participants read stands there too. Next: {Invoked.As} study serve {folder}");

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    private sealed class Steps : IProgress<StudyProgress>
    {
        private string? step;
        private int before;
        private ProgressLine? line;

        public void Report(StudyProgress value)
        {
            if (step == value.Step)
            {
                line!.Report(value.Done - before);
                return;
            }

            // A step's first report: what an earlier process has done is not this one's rate.
            Clear();
            (step, before, line) = (value.Step, value.Done, new ProgressLine(value.Total, value.Step, value.Done));
            if (before > 0)
                Console.Error.WriteLine(FormattableString.Invariant($"{before} of {value.Total} pictures are {step} already"));
        }

        public void Warn(string what)
        {
            Clear();
            Console.Error.WriteLine(what);
        }

        public void Clear() => line?.Clear();
    }
}
