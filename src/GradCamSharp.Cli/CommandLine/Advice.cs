using System.Globalization;
using GradCamSharp.Errors;
using GradCamSharp.Evaluation.Errors;
using GradCamSharp.Studies;

namespace GradCamSharp.Cli.CommandLine;

/// <summary>What a user of the command line can do about an error whose own advice speaks of the library's parameters.</summary>
internal static class Advice
{
    /// <summary>The problem, and the options that help.</summary>
    /// <param name="e">The error.</param>
    public static string For(ExplanationException e) => e.Kind switch
    {
        ExplanationError.UnknownLayer => $"{e.Problem.TrimEnd('.')}; gradcam layers lists them all.",
        ExplanationError.NoLayer =>
            $"{e.Problem} Give a convolutional network or a vision transformer, or name a layer with --layer.",
        ExplanationError.UnknownLayout =>
            $"{e.Problem} Say it with --layer-format, or choose another layer with --layer; " +
            "gradcam layers MODEL lists them all.",
        ExplanationError.NoClassScores =>
            $"{e.Problem} gradcam describe says what the model does, and gradcam explain explains it; " +
            "this command takes classifiers alone.",
        ExplanationError.UnknownHead => $"{e.Problem} {e.Advice.Replace("(task)", "(--task)", StringComparison.Ordinal)}",
        ExplanationError.MissingInput => $"{e.Problem} Give it with --input NAME=VALUE, texts with --text; --picture-input names the " +
            "picture's input.",
        ExplanationError.AmbiguousOutput => $"{e.Problem} Name one of them with --outputs.",
        ExplanationError.NoGradientRule => $"{e.Message} --layer chooses a layer.",
        ExplanationError.UnavailableDevice =>
            $"{e.Problem} Use --device cpu, or install the ONNX Runtime package of that device; --device list shows what can be used.",
        ExplanationError.Float16TooCoarse =>
            $"{e.Problem} Export without --fp16, or choose methods that need no gradient of the input, such as gradcam++.",
        _ => e.Message,
    };

    /// <inheritdoc cref="For(ExplanationException)"/>
    public static string For(EvaluationException e) => e.Kind switch
    {
        EvaluationError.UnknownImageSet => $"{e.Problem} Choose one with --image-set.",
        EvaluationError.OtherRun => $"{e.Problem} Choose another --output, or delete the folder.",
        EvaluationError.NotARun => $"{e.Problem} Give the --output folder of gradcam evaluate faithfulness or localization.",
        _ => e.Message,
    };

    /// <inheritdoc cref="For(ExplanationException)"/>
    public static string For(StudyException e) => e.Kind switch
    {
        StudyError.TooFewClasses => $"{e.Problem} {StudySize.Advice(e.Possible, "Give", "--class-count", "--per-class")}",
        StudyError.TooFewPictures when e.Possible is [{ PerClass: { } pictures }] => string.Create(
            CultureInfo.InvariantCulture,
            $"{e.Problem} Give --per-class {pictures} or less, or name other classes with --classes."),
        StudyError.TooFewPictures => $"{e.Problem} Name other classes with --classes.",
        StudyError.UnknownClass => $"{e.Problem} Give --labels with the model's labels, or --mapping.",
        StudyError.NoStudy => $"{e.Problem} Make a study with gradcam study create.",
        StudyError.UnfinishedStudy => $"{e.Problem} Run gradcam study create once more with the same options.",
        StudyError.NoAnswers => $"{e.Problem} gradcam study serve shows it to participants.",
        _ => e.Message,
    };
}
