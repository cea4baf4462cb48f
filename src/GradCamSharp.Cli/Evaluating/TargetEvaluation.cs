using System.CommandLine;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Explaining;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Evaluation;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments.Localization;
using GradCamSharp.Evaluation.Sampling;
using OnnxGrad;

namespace GradCamSharp.Cli.Evaluating;

/// <summary>
/// What <c>evaluate localization</c> does with a detector or a segmenter: it measures the map of every object that is found.
/// </summary>
internal static class TargetEvaluation
{
    /// <summary>The methods where none are named.</summary>
    public const string Methods = "hirescam,layercam,gradcam++,gradcam";

    /// <summary>Whether a model is explained by targets, not by classes of the whole picture.</summary>
    /// <param name="path">The model's file.</param>
    /// <param name="output">The output that holds class scores, where the user names one.</param>
    public static bool IsFor(string path, string? output) => !PlainClassifier.Is(OnnxModel.Load(path), output);

    /// <summary>Measures a data set and prints the figures.</summary>
    /// <param name="path">The model's file.</param>
    /// <param name="data">The data set.</param>
    /// <param name="settings">What else was asked for.</param>
    /// <param name="cancellationToken">Stops between two pictures.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string path, DataSet data, Settings settings, CancellationToken cancellationToken)
    {
        if (!data.HasObjects)
        {
            throw new InvalidDataException($"'{data.Root}' has no boxes of objects, against which localisation is measured. " +
                "Give a data set in VOC's or COCO's layout.");
        }

        string name = Path.GetFileNameWithoutExtension(path);
        using var explainer = PictureTargets.Load(
            path, new TargetOptions { Explainer = settings.Explainer }, settings.Preprocess, settings.Labels);
        var labels = explainer.Model.Options.Labels;
        var mapping = settings.Mapping is { } file
            ? ClassMapping.Load(file, labels, labels.Count) : ClassMapping.BuiltIn(data, labels, labels.Count);
        var measured = UsageException.Check(
            () => new TargetLocalization(explainer, MethodNames.Parse(settings.Methods ?? Methods, "--methods"), mapping.IndicesOf));
        var pictures = Chosen(data, settings.Limit, settings.Seed);
        Console.Error.WriteLine($"{name}: preprocessing {explainer.PreprocessingSource}; {Counted.Of(pictures.Count, "picture")}");
        var line = new ProgressLine(pictures.Count, "pictures");
        try
        {
            foreach (var picture in pictures)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var objects = data.Objects(picture);
                if (objects.Count > 0)
                    measured.Add(Imaging.PictureDecoder.Decode(picture.Path), objects, cancellationToken: cancellationToken);
                line.Step();
            }
        }
        finally
        {
            line.Clear();
        }

        if (settings.IsJson)
            JsonOutput.Write(Console.Out, TargetScoreOutput.ToJson(measured.Report));
        else
            TargetScoreOutput.Print(Console.Out, name, measured.Report);
        return CommandRun.Done;
    }

    /// <summary>Options that belong to runs with a folder of records are refused, not passed over.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="ofRuns">Those options.</param>
    /// <exception cref="UsageException">One is given.</exception>
    public static void Refuse(ParseResult parsed, IEnumerable<Option> ofRuns)
    {
        if (ofRuns.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } given)
        {
            throw new UsageException($"{given.Name} is for classifiers: boxes and masks are measured in one go, and their figures " +
                "printed. " +
                "Leave it out.");
        }
    }

    // The first of a seeded permutation, in the data set's order.
    private static IReadOnlyList<DataSetPicture> Chosen(DataSet data, int? limit, long seed) =>
        limit is { } most && most < data.Pictures.Count
            ? [.. new SeededRandom(seed, 0).Permutation(data.Pictures.Count).Take(most).Order().Select(i => data.Pictures[i])]
            : data.Pictures;

    /// <summary>What was asked for.</summary>
    internal sealed record Settings
    {
        public required ExplainerOptions Explainer { get; init; }

        public string? Preprocess { get; init; }

        public string? Labels { get; init; }

        public string? Mapping { get; init; }

        public string? Methods { get; init; }

        public int? Limit { get; init; }

        public long Seed { get; init; }

        public bool IsJson { get; init; }
    }
}
